"""The report's section of verdicts: a card for each expression, with its course drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from duchenne.expressions.doubts import why_none
from duchenne.genuineness.signal_words import SIGNAL_WORDS
from duchenne.genuineness.verdict import CLIP, SAID, STILL, Genuineness, Judged, Reason, shown
from duchenne.genuineness.words import EMOTION_NOUNS, split
from duchenne.recording.recording import Recording
from duchenne.report.axis import position
from duchenne.report.genuineness_curves import Course, course, strengths
from duchenne.report.rows import frame_times
from duchenne.report.words import clock

MOST_CARDS: Final = 24
LIMITS: Final = (
    "A verdict compares a display with clips whose kind is known. It does not tell what somebody "
    "experiences, and it tells no truth from lies: people smile on purpose for good reasons, and "
    "posed displays are no deceit. How often it is right, and for whom, stands in the model's "
    "card: duchenne models."
)
_EVIDENCE: Final = {
    CLIP: "from the whole course of the expression",
    STILL: "from one frame, which is weaker evidence than a clip",
}
_MOST_CURVES: Final = 4


@dataclass(frozen=True)
class ReasonView:
    """One reason.

    Attributes:
        text: a sentence.
        speaks: for, against or beside.
        group: the part of the face; "" where none.
    """

    text: str
    speaks: str
    group: str


@dataclass(frozen=True, eq=False)
class Card:
    """What the template shows of one expression.

    Attributes:
        number: of the card, from 1.
        title: what is displayed.
        when: from onset to offset.
        about: face, strength, brief or not.
        verdict: genuine, posed, undecided.
        headline: the verdict in words.
        p: percent from the left on the scale from posed to spontaneous; None without one.
        p_text: the probability as a number.
        band: left edge and width of the undecided band, percent.
        why: why it is undecided.
        reasons: in words.
        course: its charts, None for one frame.
        made: model and evidence.
        notes: warnings of the expression.
        at: left edge and width on the strip of all expressions, percent; None for one frame.
    """

    number: int
    title: str
    when: str
    about: str
    verdict: str
    headline: str
    p: float | None
    p_text: str
    band: tuple[float, float]
    why: list[str]
    reasons: list[ReasonView]
    course: Course | None
    made: str
    notes: list[str]
    at: tuple[float, float] | None


def section(recording: Recording, judged: Sequence[Judged] | None) -> dict[str, Any]:
    """What the template needs: cards (at most 24, the strongest), and what to say without any.

    Args:
        recording: that the expressions are from.
        judged: its verdicts; None leaves the section out.
    """
    if judged is None:
        return {"verdicts": None}
    chosen = sorted(judged, key=lambda one: -one[0].intensity)[:MOST_CARDS]
    shown = [one for one in judged if one in chosen]
    strong = strengths(recording) if any(e.duration_s > 0 for e, _ in shown) else {}
    cards = [
        _card(number, one, recording, course(recording, one[0], _drawn(one[1]), strong))
        for number, one in enumerate(shown, start=1)
    ]
    return {
        "verdicts": cards,
        "more_verdicts": len(judged) - len(shown),
        "no_verdict": "" if judged else f"No expression was found: {why_none(recording)}.",
        "verdict_limits": LIMITS,
    }


def _card(number: int, judged: Judged, recording: Recording, drawn: Course | None) -> Card:
    expression, genuineness = judged
    said = SAID[genuineness.verdict]
    when = f"{clock(expression.onset_s)} to {clock(expression.offset_s)}"
    brief = ["brief"] if expression.brief else []
    about = [f"face {expression.face_id}", f"strength {expression.intensity:.1f} of 5", *brief]
    noun = EMOTION_NOUNS.get(expression.emotion or "", expression.emotion or "an expression")
    p = genuineness.p_genuine
    return Card(
        number=number,
        title=f"Display of {noun}",
        when="" if drawn is None else when,
        about=", ".join(about),
        verdict=genuineness.verdict,
        headline=said[0].upper() + said[1:],
        p=None if p is None else round(100 * p, 1),
        p_text="" if p is None else shown(p),
        band=(round(50 - 100 * genuineness.band, 1), round(200 * genuineness.band, 1)),
        why=[f"{why[0].upper()}{why[1:]}." for why in genuineness.why],
        reasons=[_reason(reason) for reason in genuineness.reasons],
        course=drawn,
        made=f"By the model {genuineness.model}, {_EVIDENCE[genuineness.evidence]}",
        # What a card without a course says anyway.
        notes=[w for w in expression.warnings if drawn or not w.startswith("one frame only")],
        at=None if drawn is None else _at(recording, expression.onset_s, expression.offset_s),
    )


def _reason(reason: Reason) -> ReasonView:
    return ReasonView(reason.text, reason.speaks, reason.group)


def _drawn(genuineness: Genuineness) -> list[str]:
    """The signals that the reasons name, each once."""
    names = [reason.name for reason in genuineness.reasons if reason.speaks != "beside"]
    signals = [split(name)[0] for name in names if name and not name.startswith("AU")]
    return [name for name in dict.fromkeys(signals) if name in SIGNAL_WORDS][:_MOST_CURVES]


def _at(recording: Recording, first: float, last: float) -> tuple[float, float]:
    times = frame_times(recording.table.select(["frame", "timestamp"]).to_pandas())[0].to_numpy()
    left, right = position(first, times), position(last, times)
    return left, round(max(right - left, 0.6), 2)
