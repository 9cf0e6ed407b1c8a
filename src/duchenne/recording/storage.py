"""The files of a recording: how its tables and metadata lie on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.faces import LANDMARKS
from duchenne.recording.columns import SCALARS, SCHEMA, further_names
from duchenne.recording.metadata import Metadata

TABLE: Final = "recording.parquet"
METADATA: Final = "recording.json"
PARTS: Final = "recording.parts"

Finish = Callable[[Callable[[], Iterable[pa.Table]]], Iterable[pa.Table]]
"""Turns all rows, given as often as asked for, into those to be kept."""

# Damaged files: what the system says, what Arrow makes of them, and names that are no text.
UNREADABLE: Final = (OSError, ValueError, pa.ArrowException)

_METADATA_KEY: Final = b"duchenne"
_LANDMARKS: Final = "landmarks"
_LANDMARK_LEAF: Final = f"{_LANDMARKS}.list.element"
_AT_A_TIME: Final = 600


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of a recording's folder or Parquet file, or of the parts of a killed run.

    Args:
        path: the folder or the Parquet file.
        columns: those wanted; None for all, further columns of other programs too.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    tables = [_read(one, columns or [*SCHEMA.names, *_further(one)]) for one in _paths(path)]
    return pa.concat_tables(tables)


def read_scalars(path: Path) -> pa.Table:
    """All rows but their landmarks, which are most of the bytes.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    return pa.concat_tables([_read(one, [*SCALARS, *_further(one)]) for one in _paths(path)])


def read_landmarks(path: Path) -> NDArray[np.float32]:
    """(rows, 1434) the landmarks of all rows, held once: those of an hour are half a gigabyte.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    paths = _paths(path)
    found = np.empty((sum(_rows(one) for one in paths), 3 * LANDMARKS), np.float32)
    place = 0
    for one in paths:
        for flat in _landmark_batches(one):
            found[place : place + len(flat)] = flat
            place += len(flat)
    return found


def read_metadata(path: Path) -> Metadata:
    """The metadata in a single Parquet file, else beside it (or in its folder)."""
    if path.is_file():
        inside = (_schema(path).metadata or {}).get(_METADATA_KEY)
        if inside is not None:
            return Metadata.from_json(inside.decode("utf-8"), str(path))
    folder = path if path.is_dir() else path.parent
    return Metadata.load(folder / METADATA)


def write_single(path: Path, tables: Iterable[pa.Table], metadata: Metadata) -> None:
    """Write rows and metadata as one Parquet file that needs no ``recording.json`` beside it."""
    inside = {_METADATA_KEY: metadata.to_json().encode("utf-8")}
    write_tables(path, (table.replace_schema_metadata(inside) for table in tables))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a whole table as a recording's Parquet file."""
    write_tables(path, [table])


def write_tables(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write tables of the same columns, at least one, as one Parquet file, a row group each."""
    rest = iter(tables)
    first = next(rest)
    _write_atomically(path, full_schema(first.schema), chain([first], rest))


def full_schema(schema: pa.Schema) -> pa.Schema:
    """A recording's columns and, after them, the further ones of this schema."""
    further = [schema.field(name) for name in further_names(schema.names)]
    return pa.schema([*SCHEMA, *further], metadata=schema.metadata)


def join_parts(folder: Path, finish: Finish | None = None) -> None:
    """Make ``recording.parquet`` of the parts, one row group each; memory stays flat.

    Args:
        folder: of the recording.
        finish: what is still done to the rows, now that all of them are there.
    """
    parts = _part_paths(folder)
    names = [*SCHEMA.names, *(_further(parts[0]) if parts else [])]

    def tables() -> Iterable[pa.Table]:
        return (_read(part, names) for part in parts) if parts else [SCHEMA.empty_table()]

    write_tables(folder / TABLE, tables() if finish is None else finish(tables))


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step: whoever reads it sees the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def _paths(path: Path) -> list[Path]:
    folder = path if path.is_dir() else path.parent
    file = path / TABLE if path.is_dir() else path
    paths = [file] if file.is_file() else _part_paths(folder)
    if not paths:
        raise DataError(f"No recording at {path}: neither {TABLE} nor {PARTS} is there.")
    return paths


def _further(path: Path) -> list[str]:
    return further_names(_schema(path).names)


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a recording: {error}.") from error


def _part_paths(folder: Path) -> list[Path]:
    return sorted((folder / PARTS).glob("*.parquet"))


def _read(path: Path, columns: list[str]) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            held = set(file.schema_arrow.names)
            missing = [name for name in columns if name not in held]
            if missing:
                raise DataError(f"{path} is not a recording: it lacks {', '.join(missing[:5])}.")
            return file.read(columns).select(columns)
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a recording: {error}.") from error


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a recording: {error}.") from error


def _landmark_batches(path: Path) -> Iterator[NDArray[np.float32]]:
    """(rows, 1434) of some rows at a time."""
    try:
        with pq.ParquetFile(path) as file:
            if _LANDMARKS not in file.schema_arrow.names:
                raise DataError(f"{path} is not a recording: it lacks {_LANDMARKS}.")
            for batch in file.iter_batches(_AT_A_TIME, columns=[_LANDMARKS]):
                flat = batch.column(0).flatten().to_numpy(zero_copy_only=False)
                yield flat.astype(np.float32, copy=False).reshape(batch.num_rows, -1)
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a recording: {error}.") from error


def _write_atomically(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    # A name of its own until the footer is written: no reader ever sees half a file.
    fresh = path.with_name(path.name + ".new")
    dictionary = [f.name for f in schema if not pa.types.is_floating(f.type)]
    plain = [f.name for f in schema if pa.types.is_floating(f.type)]
    encoding = dict.fromkeys([*plain, _LANDMARK_LEAF], "BYTE_STREAM_SPLIT")
    with pq.ParquetWriter(
        fresh,
        schema,
        compression="zstd",
        use_dictionary=[n for n in dictionary if n != "landmarks"],
        column_encoding=encoding,
    ) as writer:
        for table in tables:
            writer.write_table(table.select(schema.names).cast(schema))
    os.replace(fresh, path)
