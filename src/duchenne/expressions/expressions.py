"""The expressions of a recording together: a tuple that a notebook shows as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from duchenne.expressions.expression import Expression, to_frame
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from duchenne.recording.recording import Recording


class Expressions(tuple[Expression, ...]):
    """What ``find_expressions`` found, in the order of time, then of faces."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """A row each: see ``duchenne.expressions.to_frame``."""
        return to_frame(self)

    def plot(self, recording: Recording) -> Figure:
        """The Action Units of each face, with onset, apex and offset of its expressions.

        Args:
            recording: in which they were found.

        Raises:
            DataError: the recording does not hold one of the faces.
        """
        from duchenne.expressions.plotting import plot_expressions

        return plot_expressions(self, recording)

    def __repr__(self) -> str:
        faces = len({one.face_id for one in self})
        times = [time for one in self for time in (one.onset_s, one.offset_s)]
        seconds = max(times, default=0.0) - min(times, default=0.0)
        return f"<Expressions count={len(self)} faces={faces} seconds={seconds:.1f}>"

    def _repr_html_(self) -> str:
        lines = [
            (
                one.face_id,
                f"{one.onset_s:.2f}",
                f"{one.apex_s:.2f}",
                f"{one.offset_s:.2f}",
                one.emotion,
                f"{one.intensity:.1f}",
                "; ".join(one.warnings),
            )
            for one in self
        ]
        columns = [
            *("face", "onset s", "apex s", "offset s", "displays", "intensity (0 to 5)"),
            "warnings",
        ]
        return tables.noun(f"{len(self):,} expressions", {}, tables.rows(columns, lines))
