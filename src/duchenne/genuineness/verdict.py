"""A verdict about one displayed expression, with its reasons and the right to abstain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pandas as pd

from duchenne.expressions import Expression
from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Verdict = Literal["genuine", "posed", "undecided"]
Speaks = Literal["for", "against", "beside"]

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

SAID: Final[dict[Verdict, str]] = {
    "genuine": "resembles spontaneous recordings",
    "posed": "resembles posed recordings",
    "undecided": "undecided",
}
"""What a verdict means in words."""

DESCRIBES: Final = (
    "A verdict describes a display. It does not tell what somebody experiences, nor truth from "
    "lies."
)
"""What every view of a verdict says."""

CLIP: Final = "clip"
STILL: Final = "still (weaker)"


@dataclass(frozen=True)
class Reason:
    """One reason, in words and in numbers.

    Attributes:
        text: a sentence.
        speaks: for the side that p_genuine leans to, against it, or beside: other evidence that
            the verdict does not rest on.
        name: what the number is of: an input of the model.
        value: the number; None where the sentence has none.
        unit: of the value, "" where it has none.
        percent_of_genuine: 0 to 100, how many spontaneous training clips lie below the value.
        percent_of_posed: the same of posed ones.
        group: the part of the face and its aspect that the model was asked about.
        contribution: log odds of "genuine" that this group adds; above 0 it speaks for genuine.
    """

    text: str
    speaks: Speaks = "for"
    name: str = ""
    value: float | None = None
    unit: str = ""
    percent_of_genuine: float | None = None
    percent_of_posed: float | None = None
    group: str = ""
    contribution: float | None = None


@dataclass(frozen=True)
class Genuineness:
    """How far a displayed expression resembles spontaneous recordings rather than posed ones.

    It describes a display. It does not tell what somebody experiences, nor truth from lies.

    Attributes:
        p_genuine: 0 (as posed ones) to 1 (as spontaneous ones), calibrated where both kinds are
            equally common; None where nothing could be computed.
        verdict: genuine, posed or undecided.
        confidence: 0.5 to 1, the larger of p_genuine and 1 - p_genuine; None without p_genuine.
        reasons: what speaks for the side that p_genuine leans to, what against it, other evidence.
        model: which model judged, and beside how many expressions of the same person.
        evidence: ``clip``, or ``still (weaker)`` for a verdict about one frame.
        why: why it is undecided, phrases; empty for the other verdicts.
        band: p_genuine this near to 0.5 is no better than a coin.
        familiarity: 0 to 1, how near the nearest training clip is; None without p_genuine.

    Raises:
        ValueError: numbers, verdict and ``why`` that contradict each other.
    """

    p_genuine: float | None
    verdict: Verdict
    confidence: float | None
    reasons: tuple[Reason, ...]
    model: str
    evidence: str = CLIP
    why: tuple[str, ...] = ()
    band: float = 0.0
    familiarity: float | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"A verdict is one of {', '.join(VERDICTS)}, got {self.verdict!r}.")
        if self.p_genuine is not None and not 0 <= self.p_genuine <= 1:
            raise ValueError(f"A probability lies in 0 to 1, got {self.p_genuine}.")
        if (self.verdict == "undecided") != bool(self.why):
            raise ValueError("Undecided verdicts, and only they, say why.")
        if self.p_genuine is None and self.verdict != "undecided":
            raise ValueError("Without a probability there is no verdict.")

    @property
    def said(self) -> str:
        """The verdict in a few words, with its probability."""
        if self.p_genuine is None or self.verdict == "undecided":
            return f"undecided: {'; '.join(self.why)}"
        return f"{SAID[self.verdict]} (p_genuine {shown(self.p_genuine)})"

    @property
    def texts(self) -> tuple[str, ...]:
        """Why it is undecided, then the reasons, a sentence each."""
        undecided = (f"Undecided: {'; '.join(self.why)}.",) if self.why else ()
        return (*undecided, *(_labelled(reason) for reason in self.reasons))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: ``reasons`` as sentences, ``numbers`` as what they rest on."""
        return {
            "p_genuine": _rounded(self.p_genuine),
            "verdict": self.verdict,
            "confidence": _rounded(self.confidence),
            "reasons": list(self.texts),
            "why": list(self.why),
            "model": self.model,
            "evidence": self.evidence,
            "band": round(self.band, 4),
            "familiarity": _rounded(self.familiarity),
            "numbers": [_numbers(reason) for reason in self.reasons],
        }

    def plot(self) -> Figure:
        """The probability beside the undecided band, and what each reason adds (log odds)."""
        from duchenne.genuineness.plotting import plot_verdict

        return plot_verdict(self)

    def _repr_html_(self) -> str:
        facts = {
            "p_genuine": None if self.p_genuine is None else shown(self.p_genuine),
            "undecided": f"{max(0.0, 0.5 - self.band):.2f} to {min(1.0, 0.5 + self.band):.2f}",
            "familiarity": self.familiarity,
            "model": self.model,
            "evidence": self.evidence,
        }
        return tables.noun(self.said, facts, tables.items(self.texts), note=DESCRIBES)


def shown(p: float) -> str:
    """A probability for people, who should never read certainty into rounding."""
    return ">0.99" if p > 0.99 else "<0.01" if p < 0.01 else f"{p:.2f}"


Judged = tuple[Expression, Genuineness]


def judged_dict(expression: Expression, genuineness: Genuineness) -> dict[str, Any]:
    """One expression with its verdict, JSON-ready; without the dynamics."""
    facts = expression.to_dict()
    facts.pop("dynamics")
    return facts | genuineness.to_dict()


def in_words(expression: Expression, genuineness: Genuineness) -> str:
    """One expression with its verdict, a line."""
    displays = f"displays {expression.emotion}; " if expression.emotion else ""
    span = f", {expression.onset_s:.2f} to {expression.offset_s:.2f} s"
    when = span if expression.duration_s > 0 else ""
    return f"face {expression.face_id}{when}: {displays}{genuineness.said}"


def judged_frame(judged: Iterable[Judged]) -> pd.DataFrame:
    """A row for each expression: whose, when, what, and the verdict; texts joined by " | "."""
    rows = []
    for expression, genuineness in judged:
        facts = judged_dict(expression, genuineness)
        lists = {name: " | ".join(facts[name]) for name in ("order", "warnings", "reasons", "why")}
        facts.pop("numbers")
        rows.append(facts | lists)
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS: Final = [
    *("face_id", "onset_s", "apex_s", "offset_s", "brief", "emotion", "intensity", "order"),
    *("p_genuine", "verdict", "confidence", "reasons", "why", "model", "evidence", "band"),
    *("familiarity", "warnings"),
]

_LABELS: Final[dict[Speaks, str]] = {"for": "", "against": "Against it: ", "beside": "Beside it: "}


def _labelled(reason: Reason) -> str:
    label = _LABELS[reason.speaks]
    text = reason.text
    # "AU15" stays as it is.
    if label and not text[:2].isupper():
        text = text[0].lower() + text[1:]
    return label + text


def _numbers(reason: Reason) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(reason).items()
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
