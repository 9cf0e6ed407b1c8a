"""The verdicts of a recording together: a tuple that a notebook shows as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

import pandas as pd

from duchenne.genuineness.verdict import DESCRIBES, Judged, Verdict, judged_frame, shown
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Judgements(tuple[Judged, ...]):
    """Each expression with its verdict, in the order of the expressions."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """A row each: see ``duchenne.genuineness.verdict.judged_frame``."""
        return judged_frame(self)

    def plot(self) -> Figure:
        """Where each expression lies between posed and spontaneous recordings, over time."""
        from duchenne.genuineness.plotting import plot_judgements

        return plot_judgements(self)

    def __repr__(self) -> str:
        faces = len({expression.face_id for expression, _ in self})
        counts = Counter(found.verdict for _, found in self)
        said = " ".join(f"{name}={counts[name]}" for name in get_args(Verdict))
        return f"<Judgements count={len(self)} faces={faces} {said}>"

    def _repr_html_(self) -> str:
        lines = [
            (
                expression.face_id,
                f"{expression.onset_s:.2f} to {expression.offset_s:.2f}",
                expression.emotion,
                "–" if verdict.p_genuine is None else shown(verdict.p_genuine),
                verdict.said.split(" (p_genuine")[0],
            )
            for expression, verdict in self
        ]
        columns = ["face", "s", "displays", "p_genuine", "verdict"]
        return tables.noun(
            f"{len(self):,} verdicts", {}, tables.rows(columns, lines), note=DESCRIBES
        )
