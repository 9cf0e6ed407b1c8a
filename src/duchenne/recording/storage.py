"""The files of a recording: how its tables and metadata lie on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.errors import DataError, reason
from duchenne.files import in_one_step
from duchenne.recording.columns import SCALARS, SCHEMA, further_names
from duchenne.recording.metadata import Metadata

TABLE: Final = "recording.parquet"
METADATA: Final = "recording.json"
PARTS: Final = "recording.parts"

Finish = Callable[[Callable[[], Iterable[pa.Table]]], Iterable[pa.Table]]
"""Turns all rows, given as often as asked for, into those to be kept."""

# Damaged files: what the system says, what Arrow makes of them, and names that are no text.
UNREADABLE: Final = (OSError, ValueError, pa.ArrowException)

ROWS_OF_A_GROUP: Final = 1500
"""At least so many rows, but in the last, make a row group: what is read at once of landmarks."""

_METADATA_KEY: Final = b"duchenne"
_LANDMARK_LEAF: Final = "landmarks.list.element"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Says in a sentence what damaged files raise.

    Raises:
        DataError: the file is no recording that can be read.
    """
    try:
        yield
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a recording: {reason(error)}.") from error


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of a recording's folder or Parquet file, or of the parts of a killed run.

    Args:
        path: the folder or the Parquet file.
        columns: those wanted; None for all, further columns of other programs too.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    tables = [_read(one, columns or [*SCHEMA.names, *_further(one)]) for one in paths_of(path)]
    return pa.concat_tables(tables)


def read_scalars(path: Path) -> pa.Table:
    """All rows but their landmarks, which are most of the bytes.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    return pa.concat_tables([_read(one, [*SCALARS, *_further(one)]) for one in paths_of(path)])


def read_metadata(path: Path) -> Metadata:
    """The metadata in a single Parquet file, else beside it (or in its folder)."""
    if path.is_file():
        inside = (_schema(path).metadata or {}).get(_METADATA_KEY)
        if inside is not None:
            with readable(path):
                text = inside.decode("utf-8")
            return Metadata.from_json(text, str(path))
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
    """Write tables of the same columns, at least one, as one Parquet file."""
    rest = iter(tables)
    first = next(rest)
    _write_atomically(path, full_schema(first.schema), chain([first], rest))


def full_schema(schema: pa.Schema) -> pa.Schema:
    """A recording's columns and, after them, the further ones of this schema."""
    further = [schema.field(name) for name in further_names(schema.names)]
    return pa.schema([*SCHEMA, *further], metadata=schema.metadata)


def join_parts(folder: Path, finish: Finish | None = None) -> None:
    """Make ``recording.parquet`` of the parts; memory stays flat.

    Args:
        folder: of the recording.
        finish: what is still done to the rows, now that all of them are there.
    """
    parts = _part_paths(folder)
    names = [*SCHEMA.names, *(_further(parts[0]) if parts else [])]

    def tables() -> Iterable[pa.Table]:
        return (_read(part, names) for part in parts) if parts else [SCHEMA.empty_table()]

    write_tables(folder / TABLE, tables() if finish is None else finish(tables))


def paths_of(path: Path) -> list[Path]:
    """The Parquet files of a recording, or of the parts of a killed run, in their order.

    Raises:
        DataError: nothing is there.
    """
    folder = path if path.is_dir() else path.parent
    file = path / TABLE if path.is_dir() else path
    paths = [file] if file.is_file() else _part_paths(folder)
    if not paths:
        raise DataError(f"No recording at {path}: neither {TABLE} nor {PARTS} is there.")
    return paths


def _further(path: Path) -> list[str]:
    return further_names(_schema(path).names)


def _schema(path: Path) -> pa.Schema:
    with readable(path):
        return pq.read_schema(path)


def _part_paths(folder: Path) -> list[Path]:
    return sorted((folder / PARTS).glob("*.parquet"))


def _read(path: Path, columns: list[str]) -> pa.Table:
    with readable(path), pq.ParquetFile(path) as file:
        held = set(file.schema_arrow.names)
        missing = [name for name in columns if name not in held]
        if missing:
            raise DataError(f"{path} is not a recording: it lacks {', '.join(missing[:5])}.")
        return file.read(columns).select(columns)


def _write_atomically(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    dictionary = [f.name for f in schema if not pa.types.is_floating(f.type)]
    plain = [f.name for f in schema if pa.types.is_floating(f.type)]
    encoding = dict.fromkeys([*plain, _LANDMARK_LEAF], "BYTE_STREAM_SPLIT")
    options: dict[str, Any] = {
        "compression": "zstd",
        "use_dictionary": [n for n in dictionary if n != "landmarks"],
        "column_encoding": encoding,
    }
    with in_one_step(path) as fresh, pq.ParquetWriter(fresh, schema, **options) as writer:
        for group in _row_groups(tables):
            writer.write_table(group.select(schema.names).cast(schema))


def _row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in fewer tables: the footer of many small row groups fills the memory."""
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        if sum(one.num_rows for one in held) >= ROWS_OF_A_GROUP:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)
