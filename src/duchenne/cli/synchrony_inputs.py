"""What ``duchenne synchrony`` compares: recordings or a table, and ratings beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.recording.recording import Recording
    from duchenne.synchrony import Series
    from duchenne.synchrony.tables import Layout

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True)
class Inputs:
    """The options that say what is compared."""

    recordings: tuple[Path, ...]
    table: Path | None
    ratings: Path | None
    features: str
    faces: dict[str, int]
    offsets: dict[str, float]
    rate: float | None
    layout: Layout
    rating_column: str | None

    @classmethod
    def of(cls, options: dict[str, Any], ratings: Path | None) -> Inputs:
        """Read the options.

        Raises:
            DataError: neither recordings nor a table, both, or an option that cannot be read.
        """
        from duchenne.synchrony.tables import Layout

        if bool(options["recordings"]) == (options["table"] is not None):
            raise DataError("Give either recordings, one for each person, or --table FILE.")
        only = _pair(options["only"], "--only COLUMN=VALUE") if options["only"] else None
        layout = Layout(
            options["person_column"], options["time_column"], tuple(options["values"]),
            options["feature_column"], only,
        )  # fmt: skip
        return cls(
            options["recordings"], options["table"], ratings, options["features"],
            _numbers(options["faces"], "--face PERSON=ID", int),
            _numbers(options["offsets"], "--offset PERSON=SECONDS", float),
            options["rate"], layout, options["rating_column"],
        )  # fmt: skip

    @property
    def title(self) -> str:
        """A heading for the report."""
        if self.table is not None:
            name = self.table.name.removesuffix(".gz").rsplit(".", 1)[0]
            return f"{name}, {self.layout.only[1]}" if self.layout.only else name
        return f"{len(self.recordings)} recordings"


def read_people(inputs: Inputs) -> tuple[list[Series], tuple[str, ...]]:
    """Everybody's series, and the names of the features."""
    if inputs.table is not None:
        from duchenne.synchrony.tables import read_table, series_of

        return series_of(read_table(inputs.table, inputs.layout), inputs.layout)
    from duchenne.synchrony.faces import read_faces

    return read_faces(_recordings(inputs.recordings), inputs.features, inputs.faces)


def read_peaks(inputs: Inputs, apart: float) -> dict[str, NDArray[np.float64]]:
    """Each rater's peaks: the rows themselves, or the high points of continuous ratings."""
    from duchenne.synchrony.peaks import find_peaks
    from duchenne.synchrony.tables import Layout, events_of, read_table, series_of

    assert inputs.ratings is not None
    table = inputs.layout
    values = (inputs.rating_column,) if inputs.rating_column else ()
    layout = Layout(table.person, table.time, values)
    rows = read_table(inputs.ratings, layout)
    if table.only is not None and table.only[0] in rows.columns:
        rows = read_table(
            inputs.ratings, Layout(table.person, table.time, values, None, table.only)
        )
    if not values:
        return events_of(rows, layout)
    return find_peaks(series_of(rows, layout)[0], apart)


def _recordings(paths: Sequence[Path]) -> dict[str, Recording]:
    """By the person that a recording names, else by its folder or file."""
    from duchenne.recording.recording import Recording

    found: dict[str, Recording] = {}
    for path in paths:
        recording = Recording.load(path)
        person = recording.metadata.person or _named(path)
        if person in found:
            raise DataError(
                f"{path} is the second recording of {person}: give one for each person, in folders "
                "of different names."
            )
        found[person] = recording
    return found


def _named(path: Path) -> str:
    return path.resolve().parent.name if path.name == "recording.parquet" else path.stem


def _pair(text: str, form: str) -> tuple[str, str]:
    # People's names may hold "=" themselves; numbers and values seldom do.
    parts = text.rsplit("=", 1)
    if len(parts) < 2 or not all(parts):
        raise DataError(f"{form} cannot be read from {text!r}.")
    return parts[0], parts[1]


def _numbers(texts: Sequence[str], form: str, kind: Callable[[str], _Number]) -> dict[str, _Number]:
    found = {}
    for text in texts:
        name, value = _pair(text, form)
        if not re.fullmatch(r"-?\d+(\.\d+)?", value) or (kind is int and "." in value):
            raise DataError(f"{form} cannot be read from {text!r}.")
        found[name] = kind(value)
    return found
