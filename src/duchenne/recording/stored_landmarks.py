"""Landmarks out of a recording's files: only the row groups that hold the wanted rows are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.faces import LANDMARKS
from duchenne.recording.storage import paths_of, readable

Rows = NDArray[np.intp]
"""(n,) places of rows in a recording."""

_COLUMN: Final = "landmarks"


def read_landmarks(path: Path, rows: Rows | None = None) -> NDArray[np.float32]:
    """Landmarks of some rows; what lies between them in a long recording is not read.

    Args:
        path: the recording's folder or its Parquet file.
        rows: places among all rows, from 0, in any order; None for all of them: those of an hour
            are half a gigabyte.

    Returns:
        (n, 1434) float32: x, y and z of each landmark, in pixels.

    Raises:
        DataError: nothing is there, or it is not a recording.
        IndexError: there is no such row.
    """
    files = [_File.at(one) for one in paths_of(path)]
    starts = np.cumsum([0, *(_edges(file)[-1] for file in files)])
    wanted = np.arange(starts[-1]) if rows is None else np.asarray(rows, np.intp)
    if len(wanted) and not 0 <= wanted.min() <= wanted.max() < starts[-1]:
        raise IndexError(f"Rows {wanted.min()} to {wanted.max()} of {starts[-1]} are asked for.")
    found = np.empty((len(wanted), 3 * LANDMARKS), np.float32)
    for file, start in zip(files, starts, strict=False):
        _fill(found, wanted - start, file)
    return found


@dataclass(frozen=True)
class _File:
    """A Parquet file as it was when looked at: another one in its place has another state."""

    path: Path
    changed_ns: int
    size: int

    @classmethod
    def at(cls, path: Path) -> _File:
        with readable(path):
            state = path.stat()
        return cls(path, state.st_mtime_ns, state.st_size)


def _fill(found: NDArray[np.float32], places: Rows, file: _File) -> None:
    """Put what a file holds of the wanted rows where it belongs; ``places`` count from its own."""
    edges = _edges(file)
    here = (places >= 0) & (places < edges[-1])
    groups = np.searchsorted(edges, places, side="right") - 1
    for group in np.unique(groups[here]).tolist():
        inside = here & (groups == group)
        found[inside] = _group(file, group)[places[inside] - edges[group]]


def _edges(file: _File) -> Rows:
    """Where each row group begins, and where the last one ends."""
    footer = _footer(file)
    counts = [footer.row_group(i).num_rows for i in range(footer.num_row_groups)]
    return np.cumsum([0, *counts])


# Both are kept for the next call: expressions are looked at in the order of time, so that the next
# one lies in the same row group or the one after it.
@lru_cache(maxsize=2)
def _footer(file: _File) -> pq.FileMetaData:
    with readable(file.path):
        return pq.read_metadata(file.path)


@lru_cache(maxsize=2)
def _group(file: _File, group: int) -> NDArray[np.float32]:
    """(rows, 1434) of one row group, not to be written to."""
    with readable(file.path), pq.ParquetFile(file.path, metadata=_footer(file)) as table:
        if _COLUMN not in table.schema_arrow.names:
            raise DataError(f"{file.path} is not a recording: it lacks {_COLUMN}.")
        lists = table.read_row_group(group, [_COLUMN])[_COLUMN].combine_chunks()
        flat = lists.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, np.float32).reshape(len(lists), -1)
