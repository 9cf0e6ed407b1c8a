"""What is written is read back, also when the writing was broken off."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.recording import Recording, storage
from duchenne.recording.columns import COLUMNS, NO_FACE, SCHEMA
from duchenne.recording.metadata import Metadata
from duchenne.recording.writer import RecordingWriter
from tests.recording.made_up import faces, metadata, rows


def write(folder: Path, counts: list[list[int]]) -> pa.Table:
    tables = [rows(segment).take() for segment in counts]
    with RecordingWriter(folder, metadata()) as writer:
        for table in tables:
            writer.append(table)
        writer.metadata = replace(writer.metadata, complete=True)
    return pa.concat_tables([SCHEMA.empty_table(), *tables])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), max_size=5), max_size=4))
def test_what_is_written_is_read_back(counts: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        written = write(Path(name), counts)
        read = storage.read_table(Path(name))
        assert read.schema == SCHEMA
        assert read.equals(written) or _same(read, written)


def _same(a: pa.Table, b: pa.Table) -> bool:
    # Arrow says NaN differs from NaN; the frame comparison knows better.
    left, right = a.drop(["landmarks"]).to_pandas(), b.drop(["landmarks"]).to_pandas()
    here, there = (t["landmarks"].combine_chunks().flatten().to_numpy() for t in (a, b))
    return left.equals(right) and np.array_equal(here, there, equal_nan=True)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, [[1, 2], [0, 1]])
    first, second = ((tmp_path / n / storage.TABLE).read_bytes() for n in ("a", "b"))
    assert first == second


def test_segments_are_joined_into_larger_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "ROWS_OF_A_GROUP", 3)
    write(tmp_path, [[1, 1], [1], [2], [1]])
    footer = pq.read_metadata(tmp_path / storage.TABLE)
    assert [footer.row_group(i).num_rows for i in range(footer.num_row_groups)] == [3, 3]


def test_an_exception_keeps_the_rows_and_marks_them(tmp_path: Path) -> None:
    def break_off() -> None:
        with RecordingWriter(tmp_path, metadata()) as writer:
            writer.append(rows([1, 1]).take())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    recording = Recording.load(tmp_path)
    assert len(recording) == 2
    assert not recording.metadata.complete


def test_a_killed_run_keeps_its_parts(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, metadata())
    writer.__enter__()
    writer.append(rows([1, 1]).take())
    writer.append(rows([0]).take())
    # Killed here: the table was never joined, but the parts are on the disk.
    assert not (tmp_path / storage.TABLE).exists()
    recording = Recording.load(tmp_path)
    assert len(recording) == 3
    assert recording.landmarks.shape == (3, 478, 3)


def test_a_new_run_replaces_an_old_one(tmp_path: Path) -> None:
    write(tmp_path, [[1] * 5])
    write(tmp_path, [[1]])
    assert len(Recording.load(tmp_path)) == 1
    assert not (tmp_path / storage.PARTS).exists()


def test_a_frame_without_a_face_keeps_an_empty_row() -> None:
    table = rows([0, 1]).take().drop(["landmarks"]).to_pandas()
    empty = table.iloc[0]
    assert (empty["success"], empty["face_id"]) == (0, NO_FACE)
    values = table.drop(columns=["frame", "timestamp", "face_id", "success"])
    assert values.iloc[0].isna().all()
    assert values.iloc[1].notna().all()


def test_landmarks_come_back_within_a_step(tmp_path: Path) -> None:
    write(tmp_path, [[2]])
    found = Recording.load(tmp_path).landmarks
    assert found == pytest.approx(faces(2, 0).landmarks, abs=1 / 64 + 1e-4)


def test_metadata_comes_back() -> None:
    whole = metadata(frames=3, complete=True, warnings=('a "quoted" ü warning',))
    assert Metadata.from_json(whole.to_json()) == whole


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 1}', "null"])
def test_broken_metadata_is_one_sentence(text: str) -> None:
    with pytest.raises(DataError):
        Metadata.from_json(text)


@pytest.mark.parametrize("content", [b"", b"not parquet"])
def test_a_broken_table_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / storage.TABLE).write_bytes(content)
    (tmp_path / storage.METADATA).write_text(metadata().to_json())
    with pytest.raises(DataError):
        Recording.load(tmp_path)


def test_another_table_is_not_a_recording(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / storage.TABLE)
    (tmp_path / storage.METADATA).write_text(metadata().to_json())
    with pytest.raises(DataError, match="lacks"):
        Recording.load(tmp_path)


def test_nothing_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No recording"):
        Recording.load(tmp_path / "nowhere")


def test_saving_a_loaded_recording_copies_it(tmp_path: Path) -> None:
    write(tmp_path / "a", [[1, 0, 2]])
    first = Recording.load(tmp_path / "a")
    first.save(tmp_path / "b")
    second = Recording.load(tmp_path / "b")
    assert second.to_frame().equals(first.to_frame())
    assert np.array_equal(second.landmarks, first.landmarks, equal_nan=True)
    assert second.metadata == first.metadata


def test_faces_come_longest_seen_first(tmp_path: Path) -> None:
    write(tmp_path, [[1, 2, 1, 0]])
    recording = Recording.load(tmp_path)
    assert recording.face_ids == [0, 1]
    assert len(recording.face(1)) == 1
    with pytest.raises(DataError, match="No face 7"):
        recording.face(7)


def test_the_notebook_view_escapes_names(tmp_path: Path) -> None:
    write(tmp_path, [[1]])
    recording = Recording.load(tmp_path)
    source = replace(recording.metadata.source, path="<script>alert(1)</script>")
    hostile = replace(recording, metadata=replace(recording.metadata, source=source))
    assert "<script>" not in hostile._repr_html_()


def test_every_column_is_explained() -> None:
    table = Recording.describe()
    assert list(table["column"]) == [c.name for c in COLUMNS] == SCHEMA.names
    assert (table["meaning"].str.len() > 5).all()
    json.dumps(table.to_dict("records"))


def test_metadata_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    storage.write_single(path, [rows([1]).take()], metadata())
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"duchenne": b"\xff\xfe"}), path)
    with pytest.raises(DataError, match="cannot be read as a recording"):
        storage.read_metadata(path)
