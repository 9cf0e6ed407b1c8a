"""A finding of the audit, and how its numbers read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from duchenne.evaluation.audit.balance import Balance
from duchenne.evaluation.audit.gaps import Content
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.leaks import Leaks
from duchenne.evaluation.audit.model_check import ModelCheck
from duchenne.evaluation.audit.shortcuts import Shortcut
from duchenne.evaluation.statistics.intervals import Estimate

Level = Literal["bad", "note", "good"]

BAR: Final = 0.65
"""AUC from which a shortcut is more than a trace; 0.5 is chance."""
LEAK: Final = 0.01
"""Share of a test split with copies elsewhere from which its results measure memory."""
LOPSIDED: Final = 3.0
"""The largest label's items for each of the smallest's from which accuracy misleads."""
FLIPS: Final = 0.1
"""Share of pictures whose verdict an edit may change before the model is called unsteady."""


@dataclass(frozen=True)
class Verdict:
    """One finding.

    Attributes:
        level: bad (beats the bar), note (worth knowing), good.
        topic: which part of the audit it comes from.
        text: the finding in one sentence.
        evidence: the numbers behind it.
        advice: what to do; "" where nothing needs doing.
    """

    level: Level
    topic: str
    text: str
    evidence: str
    advice: str = ""

    def to_dict(self) -> dict[str, str]:
        """JSON-ready."""
        return dict(vars(self))


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that was computed."""

    data: AuditSet
    shortcuts: Sequence[Shortcut]
    content: Content | None
    leaks: Leaks
    balance: Balance
    models: Sequence[ModelCheck]
    bar: float


def span(estimate: Estimate | None, value: float) -> str:
    """An AUC with its interval: ``0.93 (0.90 to 0.95)``."""
    if estimate is None:
        return f"{value:.2f}"
    return f"{_two(estimate.value)} ({_two(estimate.low)} to {_two(estimate.high)})"


def _two(value: float) -> str:
    """Two decimals, and no minus before a zero."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def chance_words(one: Shortcut) -> str:
    """What chance does, and how surely this is more."""
    return f"95 % of shuffles stay below {one.chance:.2f} (p = {one.p:.3g}, all questions together)"


def together(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def many(number: int, noun: str) -> str:
    """``1 group``, ``57 groups``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
