"""What a report says about the source, the run and the limits of its numbers."""

from __future__ import annotations

from typing import Any, Final

from duchenne.recording.metadata import OURS, Metadata
from duchenne.report.words import count, size, span

_DISPLAYS: Final = (
    "These numbers describe what a face displays. People show expressions without the experience "
    "and have the experience without showing it; faces alone do not tell what somebody "
    "experiences (Barrett et al. 2019, Psychological Science in the Public Interest 20, 1 to 68)."
)
_NAMES: Final = (
    "An emotion's number is the probability that raters of web pictures (FER-2013) would give that "
    "name. These raters often disagree, so clear names are rarer than the bars suggest. How well "
    "the classifier does is written in its card: duchenne models."
)
_ACTION_UNITS: Final = (
    "Their intensities are read off face landmarks by a model fitted to synthetic faces; no "
    "trained coder has judged them. Unless a neutral picture was given, rest is guessed from the "
    "quieter half of the recording, so a display held throughout counts partly as rest. Compare "
    "moments of one face rather than faces with each other. Units marked experimental fail a "
    "check: docs/action_units.md."
)
_EVIDENCE: Final = (
    "Nothing here shows whether a person is honest. It is no ground for a decision about "
    "anybody's job, marks, health or liberty."
)
_LAW: Final = (
    "In the European Union it is prohibited to infer emotions of people at work or in education, "
    "except for medical or safety reasons (AI Act, Regulation (EU) 2024/1689, Article 5(1)(f)). "
    "Ask the people you record."
)

_UNITS_OF: Final[dict[object, str]] = {"openface": "OpenFace"}

LIMITS: Final[tuple[tuple[str, str], ...]] = (
    ("Displays, not experiences.", _DISPLAYS),
    ("A name for a picture.", _NAMES),
    ("An estimate of Action Units.", _ACTION_UNITS),
    ("Not evidence.", _EVIDENCE),
    ("The law.", _LAW),
)
"""What the numbers are not: a heading and a few sentences each, on every report."""


def limits(metadata: Metadata) -> tuple[tuple[str, str], ...]:
    """``LIMITS``, with a word about whose Action Units they are where they are not ours."""
    theirs = metadata.tool if metadata.tool != OURS else _UNITS_OF.get(metadata.options.get("au"))
    if theirs is None:
        return LIMITS
    said = f"They are those of {theirs}, whose own papers say how far to trust them."
    return tuple((title, said if text == _ACTION_UNITS else text) for title, text in LIMITS)


_OPTION_WORDS: Final = {
    "detector": "face finder",
    "neutral": "face at rest",
    "faces": "most faces followed",
    "every": "frames looked at",
    "start": "from",
    "end": "to",
    "fps": "frames a second, as given",
}


def source_facts(metadata: Metadata, frames: int) -> list[tuple[str, str]]:
    """Name and value of what is known about the source, for the header."""
    source = metadata.source
    facts = [("Source", source.kind)]
    if source.width and source.height:
        facts.append(("Size", size(source.width, source.height)))
    if source.kind != "picture":
        if source.duration:
            facts.append(("Length", span(source.duration)))
        if source.fps:
            facts.append(("Speed", f"{source.fps:.3g} frames/s"))
        facts.append(("Analysed", count(frames, "frame")))
    return facts


def notes(metadata: Metadata) -> list[str]:
    """What the reader should know before reading: warnings of the run."""
    found = list(metadata.warnings)
    if not metadata.complete:
        found.append("The analysis did not reach the end of the source; the rest is missing here.")
    return found


def option_facts(metadata: Metadata) -> list[tuple[str, str]]:
    """Name and value of the run's settings, those that were not given left out."""
    given = {k: v for k, v in metadata.options.items() if v is not None}
    return [(_OPTION_WORDS.get(name, name), _value(name, v)) for name, v in given.items()]


def _value(name: str, value: Any) -> str:
    if name == "every":
        return "every one" if value == 1 else f"one in {value}"
    if name in {"start", "end"}:
        return f"{value:g} s" if isinstance(value, int | float) else str(value)
    return str(value)
