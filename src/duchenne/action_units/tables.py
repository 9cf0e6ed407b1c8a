"""Reading and writing other programs' CSV tables: what OpenFace's and py-feat's have in common."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from duchenne.errors import DataError

# What reading a file raises that is another kind, cut off or damaged; it may be compressed.
UNREADABLE: Final = (
    *(OSError, ValueError, EOFError),
    *(zipfile.BadZipFile, zlib.error, pa.ArrowException),
)

# Writers round; a value this little outside its range is no mistake.
_SLACK = 1e-3


def read_names(path: Path) -> list[str]:
    """The column names of a CSV file, without the blanks around them.

    Raises:
        DataError: the file cannot be read as CSV.
    """
    return [str(name) for name in read_csv(path, rows=0).columns]


def read_csv(path: Path, rows: int | None = None) -> pd.DataFrame:
    """A CSV file as pandas reads it, names without the blanks around them.

    Raises:
        DataError: the file cannot be read as CSV, names a column twice, or (where all rows are
            asked for) has none.
    """
    try:
        # Names are read as a row: pandas would quietly number those that come twice.
        names = pd.read_csv(
            path, header=None, nrows=1, dtype=str, skipinitialspace=True, keep_default_na=False
        )
        with warnings.catch_warnings():
            # pandas would only warn of values beyond the header's last name, and drop them.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # index_col: a comma at the end of each line must not shift the columns.
            table = pd.read_csv(
                path,
                nrows=rows,
                skipinitialspace=True,
                low_memory=False,
                index_col=False,
                na_values=["nan(ind)", "-nan(ind)"],  # how programs on Windows write NaN
            )
    except pd.errors.ParserWarning as error:
        raise DataError(
            f"{path} cannot be read as a CSV table: its lines differ in length."
        ) from error
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a CSV table: {first_line(error)}.") from error
    table.columns = [str(name).strip() for name in names.iloc[0]]
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise DataError(f"{path} has two columns {twice}: leave one of them out.")
    if rows is None and table.empty:
        raise DataError(f"{path} has no rows below its header: it holds nothing to read.")
    return table


def first_line(error: Exception) -> str:
    """What went wrong, without the further lines and the full stop that some libraries add."""
    return next(iter(str(error).splitlines()), "unknown reason").rstrip(".")


def write_csv(rows: pd.DataFrame, path: Path, *, between_names: str = ",") -> None:
    """Write rows as CSV, numbers with just the digits that tell them apart, missing ones ``nan``.

    Args:
        rows: numbers, and words without missing ones.
        path: of the file; its folder is made where it is missing.
        between_names: what stands between two names of the header.

    Raises:
        DataError: the file cannot be written.
    """
    # Arrow's writer: for the hundreds of columns of a long video pandas takes minutes.
    columns = [pa.array(rows[name].to_numpy(), from_pandas=False) for name in rows.columns]
    table = pa.Table.from_arrays(columns, names=list(map(str, rows.columns)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write((between_names.join(table.column_names) + "\n").encode())
            pyarrow.csv.write_csv(table, file, pyarrow.csv.WriteOptions(include_header=False))
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}.") from error


def numbers(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows as float64.

    Raises:
        DataError: a column holds something else than numbers.
    """
    for name in rows.columns:
        if rows[name].dtype.kind not in "iufb":
            bad = pd.to_numeric(rows[name], errors="coerce").isna() & rows[name].notna()
            if bad.any():
                line = int(np.flatnonzero(bad)[0]) + 2
                value = rows[name][bad].iloc[0]
                raise DataError(f"{path}, line {line}: {name} should be a number, not {value!r}.")
    # Through one array: as hundreds of single columns pandas would be slow from here on.
    return pd.DataFrame(rows.to_numpy(float), index=rows.index, columns=rows.columns)


def check_range(
    path: Path, rows: pd.DataFrame, names: Sequence[str], low: float, high: float
) -> None:
    """Complain about values outside a range; missing ones pass.

    Raises:
        DataError: a value lies outside.
    """
    for name in names:
        values = rows[name]
        bad = (values < low - _SLACK) | (values > high + _SLACK)
        if bad.any():
            raise DataError(
                f"{path}: {name} should lie between {low:g} and {high:g}, "
                f"not at {values[bad].iloc[0]:g}."
            )
