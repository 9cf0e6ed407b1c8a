from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from duchenne.files import UNREADABLE_ARCHIVE, in_one_step


@given(before=st.none() | st.binary(), after=st.binary())
def test_a_file_appears_whole_or_stays_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, before: bytes | None, after: bytes
) -> None:
    path = tmp_path_factory.mktemp("files") / "table.csv"
    if before is not None:
        path.write_bytes(before)

    def write(breaks: bool) -> None:
        with in_one_step(path) as fresh:
            fresh.write_bytes(after)
            assert (path.read_bytes() if path.exists() else None) == before
            if breaks:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(breaks=True)
    assert (path.read_bytes() if path.exists() else None) == before
    write(breaks=False)
    assert path.read_bytes() == after
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_the_systems_error(tmp_path: Path) -> None:
    with (
        pytest.raises(FileNotFoundError, match=re.escape("table.csv")),
        in_one_step(tmp_path / "no folder" / "table.csv") as fresh,
    ):
        fresh.write_bytes(b"")


def _archive() -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, times=np.arange(5.0), names=np.array(["a", "b"]))
    return file.getvalue()


WHOLE = _archive()


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@example(8, 12 ^ 8)
def test_a_damaged_archive_raises_nothing_else(place: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] ^= change
    try:
        with np.load(io.BytesIO(bytes(damaged))) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except UNREADABLE_ARCHIVE:
        return
    assert all(isinstance(values, np.ndarray) for values in found.values())
