"""The files of a recording: how its tables and metadata lie on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.errors import DataError
from duchenne.recording.columns import SCHEMA
from duchenne.recording.metadata import Metadata

TABLE: Final = "recording.parquet"
METADATA: Final = "recording.json"
PARTS: Final = "recording.parts"

_LANDMARK_LEAF: Final = "landmarks.list.element"


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of a recording's folder or Parquet file, or of the parts of a killed run.

    Raises:
        DataError: nothing is there, or it is not a recording.
    """
    folder = path if path.is_dir() else path.parent
    file = path / TABLE if path.is_dir() else path
    paths = [file] if file.is_file() else _part_paths(folder)
    if not paths:
        raise DataError(f"No recording at {path}: neither {TABLE} nor {PARTS} is there.")
    return pa.concat_tables([_read(one, columns or SCHEMA.names) for one in paths])


def read_metadata(path: Path) -> Metadata:
    """The metadata beside a recording's Parquet file (or in its folder)."""
    folder = path if path.is_dir() else path.parent
    return Metadata.load(folder / METADATA)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a whole table as a recording's Parquet file."""
    _write_atomically(path, [table])


def join_parts(folder: Path) -> None:
    """Make ``recording.parquet`` of the parts, one row group each; memory stays flat."""
    parts = _part_paths(folder)
    _write_atomically(folder / TABLE, (_read(part, SCHEMA.names) for part in parts))


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step: whoever reads it sees the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def _part_paths(folder: Path) -> list[Path]:
    return sorted((folder / PARTS).glob("*.parquet"))


def _read(path: Path, columns: list[str]) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in columns if name not in file.schema_arrow.names]
            if missing:
                raise DataError(f"{path} is not a recording: it lacks {', '.join(missing[:5])}.")
            return file.read(columns).select(columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError(f"{path} cannot be read as a recording: {error}.") from error


def _write_atomically(path: Path, tables: Iterator[pa.Table] | list[pa.Table]) -> None:
    # A name of its own until the footer is written: no reader ever sees half a file.
    fresh = path.with_name(path.name + ".new")
    dictionary = [n for n in SCHEMA.names if not pa.types.is_floating(SCHEMA.field(n).type)]
    plain = [n for n in SCHEMA.names if pa.types.is_floating(SCHEMA.field(n).type)]
    encoding = dict.fromkeys([*plain, _LANDMARK_LEAF], "BYTE_STREAM_SPLIT")
    with pq.ParquetWriter(
        fresh,
        SCHEMA,
        compression="zstd",
        use_dictionary=[n for n in dictionary if n != "landmarks"],
        column_encoding=encoding,
    ) as writer:
        for table in tables:
            writer.write_table(table.cast(SCHEMA))
    os.replace(fresh, path)
