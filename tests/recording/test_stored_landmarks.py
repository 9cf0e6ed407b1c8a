"""Landmarks are those of the rows asked for, and nothing else is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.recording import Recording, storage
from duchenne.recording.columns import SCHEMA
from duchenne.recording.writer import RecordingWriter
from tests.recording.made_up import metadata, rows
from tests.recording.test_storage import write


@contextmanager
def small_row_groups() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "ROWS_OF_A_GROUP", 2)
        yield


@settings(max_examples=25, deadline=None)
@given(st.data(), st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), max_size=4))
def test_some_landmarks_are_those_rows_of_all(data: st.DataObject, counts: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        with small_row_groups():
            write(Path(name), counts)
        recording = Recording.load(name)
        places = st.integers(0, len(recording) - 1) if len(recording) else st.nothing()
        chosen = np.array(data.draw(st.lists(places, max_size=8 if len(recording) else 0)), np.intp)
        some, everything = recording.landmarks_of(chosen), recording.landmarks
    assert some.shape == (len(chosen), 478, 3)
    assert np.array_equal(some, everything[chosen], equal_nan=True)


def test_some_landmarks_of_a_killed_run(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, metadata())
    writer.__enter__()
    writer.append(rows([1, 1]).take())
    writer.append(rows([2]).take())
    recording = Recording.load(tmp_path)
    last_and_first = recording.landmarks_of(np.array([3, 0]))
    assert np.array_equal(last_and_first, recording.landmarks[[3, 0]])


def test_landmarks_of_other_rows_are_not_read(tmp_path: Path) -> None:
    with small_row_groups():
        write(tmp_path, [[1, 1], [1, 1]])
    table = tmp_path / storage.TABLE
    column = SCHEMA.names.index("landmarks")
    damaged = pq.read_metadata(table).row_group(1)
    chunk = damaged.column(damaged.num_columns - (len(SCHEMA.names) - column))
    assert chunk.path_in_schema.startswith("landmarks")
    with table.open("r+b") as file:
        file.seek(chunk.data_page_offset)
        file.write(bytes(chunk.total_compressed_size))
    recording = Recording.load(tmp_path)
    assert recording.landmarks_of(np.array([0, 1])).shape == (2, 478, 3)
    with pytest.raises(DataError, match="cannot be read as a recording"):
        recording.landmarks_of(np.array([2]))


@pytest.mark.parametrize("places", [[-1], [2], [0, 5]])
def test_rows_that_are_not_there_have_no_landmarks(tmp_path: Path, places: list[int]) -> None:
    write(tmp_path, [[1, 1]])
    with pytest.raises(IndexError):
        Recording.load(tmp_path).landmarks_of(np.array(places))


def test_a_table_written_anew_is_read_anew(tmp_path: Path) -> None:
    write(tmp_path, [[1, 1]])
    assert len(Recording.load(tmp_path).landmarks_of(np.array([1]))) == 1
    write(tmp_path, [[1], [1], [1]])
    recording = Recording.load(tmp_path)
    assert np.array_equal(recording.landmarks_of(np.array([2])), recording.landmarks[[2]])
