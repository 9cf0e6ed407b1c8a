"""What the lip corners alone say about a displayed smile: evidence beside the verdict."""

from __future__ import annotations

from duchenne.errors import DataError
from duchenne.expressions import Expression
from duchenne.genuineness.smile import SmileModel
from duchenne.genuineness.verdict import Reason

_BEGUN = "under way already"
_UNFINISHED = "still under way"


def smile_evidence(expression: Expression, model: SmileModel) -> tuple[Reason, ...]:
    """One line for a smile that was seen from its beginning; none for anything else.

    The model learned from another data set (UvA-NEMO), at other frame rates and from rest to rest;
    on other recordings it is a weak witness, so no verdict rests on it.
    """
    if expression.emotion != "happy" or _warned(expression, _BEGUN):
        return ()
    finished = False if _warned(expression, _UNFINISHED) else None
    try:
        p = model.p_genuine(expression.dynamics, finished=finished)
    except DataError:
        # Lips that were never seen, or that did not move.
        return ()
    text = (
        f"The movement of the lip corners alone is {100 * p:.0f} % likely to be a spontaneous "
        "smile's, by a model of another data set (weak evidence)."
    )
    return (Reason(text, "beside", "p_genuine of the smile model", p, group="smile"),)


def _warned(expression: Expression, beginning: str) -> bool:
    return any(warning.startswith(beginning) for warning in expression.warnings)
