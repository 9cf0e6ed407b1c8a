"""Tables of other origin: long CSV or Parquet files with a person, a time and values in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from duchenne.action_units.tables import UNREADABLE, first_line
from duchenne.errors import DataError
from duchenne.synchrony.alignment import Series


@dataclass(frozen=True)
class Layout:
    """Which column holds what.

    Attributes:
        person: who.
        time: s.
        values: columns of measurements; none: every other column of numbers.
        feature: column that names the feature of each row, for tables with one value a row.
        only: (column, value) that rows must have, for tables of several films or groups.
    """

    person: str = "person"
    time: str = "time"
    values: tuple[str, ...] = ()
    feature: str | None = None
    only: tuple[str, str] | None = None


def read_table(path: str | Path, layout: Layout | None = None) -> pd.DataFrame:
    """The rows of a CSV (also compressed) or Parquet file that a layout is about.

    Raises:
        DataError: the file cannot be read, a column is missing or holds no numbers, or no row is
            left.
    """
    where, chosen = Path(path), layout or Layout()
    try:
        rows = pd.read_parquet(where) if where.suffix == ".parquet" else pd.read_csv(where)
    except UNREADABLE as error:
        raise DataError(f"{where} cannot be read as a table: {first_line(error)}.") from error
    needed = [chosen.person, chosen.time, *chosen.values]
    needed += [chosen.feature] if chosen.feature else []
    needed += [chosen.only[0]] if chosen.only else []
    for name in needed:
        if name not in rows.columns:
            raise DataError(
                f"{where} has no column {name!r}; there are: {', '.join(map(str, rows.columns))}."
            )
    if chosen.only is not None:
        rows = rows[rows[chosen.only[0]].astype(str) == chosen.only[1]]
    if rows.empty:
        said = f" where {chosen.only[0]} is {chosen.only[1]}" if chosen.only else ""
        raise DataError(f"{where} has no rows{said}.")
    for name in (chosen.time, *chosen.values):
        if not pd.api.types.is_numeric_dtype(rows[name]):
            raise DataError(f"The column {name!r} of {where} must hold numbers.")
    return pd.DataFrame(rows.reset_index(drop=True))


def series_of(
    rows: pd.DataFrame, layout: Layout | None = None
) -> tuple[list[Series], tuple[str, ...]]:
    """Each person's measurements.

    Args:
        rows: from ``read_table``.
        layout: the same.

    Returns:
        People in the order of their names, and the features.

    Raises:
        DataError: no column of values, or a person has two rows for one time and feature.
    """
    chosen = layout or Layout()
    wide, names = _wide(rows, chosen)
    people = []
    for person, own in wide.groupby(chosen.person, sort=True):
        ordered = own.sort_values(chosen.time, kind="stable")
        times = ordered[chosen.time].to_numpy(np.float64)
        known = np.isfinite(times)
        times = times[known]
        if (np.diff(times) == 0).any():
            repeated = times[1:][np.diff(times) == 0][0]
            raise DataError(
                f"{person} has two rows at {repeated:g} s: name the column that tells them apart, "
                "or choose one film or group."
            )
        values = ordered[list(names)].to_numpy(np.float64)[known]
        people.append(Series(_name(person), times, values))
    return people, tuple(str(name) for name in names)


def events_of(rows: pd.DataFrame, layout: Layout | None = None) -> dict[str, np.ndarray[Any, Any]]:
    """Each person's (k,) times of events, s, rising: every row is one, whatever its value."""
    chosen = layout or Layout()
    found = {}
    for person, own in rows.groupby(chosen.person, sort=True):
        times = own[chosen.time].to_numpy(np.float64)
        found[_name(person)] = np.unique(times[np.isfinite(times)])
    return found


def _wide(rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, Sequence[Any]]:
    keys = [layout.person, layout.time]
    if layout.feature is None:
        names: Sequence[Any] = layout.values or _numbers(rows, layout)
        return rows, names
    values = layout.values or _numbers(rows, layout)
    if len(values) != 1:
        raise DataError(
            f"With a column of features there is one column of values, and here are {len(values)}: "
            "name the one."
        )
    twice = rows[rows.duplicated([*keys, layout.feature])]
    if len(twice):
        person, time, feature = twice[[*keys, layout.feature]].iloc[0]
        raise DataError(
            f"{_name(person)} has two values of {feature} at {time:g} s: leave one of them out, or "
            "choose one film or group."
        )
    wide = rows.pivot(index=keys, columns=layout.feature, values=values[0]).reset_index()
    return wide, [name for name in wide.columns if name not in keys]


def _numbers(rows: pd.DataFrame, layout: Layout) -> tuple[str, ...]:
    taken = {layout.person, layout.time, layout.feature, layout.only[0] if layout.only else None}
    found = tuple(
        name
        for name in rows.columns
        if name not in taken and pd.api.types.is_numeric_dtype(rows[name])
    )
    if not found:
        raise DataError("The table has no column of numbers beside person and time.")
    return found


def _name(person: object) -> str:
    # Numbers of people that pandas read as floats because one row had none.
    if isinstance(person, float) and person.is_integer():
        return str(int(person))
    return str(person)
