"""Plain words for what the model of clips looks at: 75 signals by 20 statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duchenne.expressions.signals import RATE
from duchenne.genuineness.clip_inputs import STATISTICS
from duchenne.genuineness.signal_words import SIGNAL_WORDS

ASPECTS: Final[tuple[str, ...]] = ("how strong", "how it moves")

EMOTION_NOUNS: Final[dict[str, str]] = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
}
"""The six emotions as nouns."""


@dataclass(frozen=True)
class Told:
    """A number in a sentence, and how to compare it.

    Attributes:
        text: without a full stop.
        above: what a larger number is, "faster".
        below: what a smaller one is.
        unit: of the number.
    """

    text: str
    above: str
    below: str
    unit: str


def told(name: str, value: float) -> Told:
    """An input of the model of clips in words.

    Args:
        name: ``<signal>_<statistic>``, for example ``bs_mouthSmileLeft_speed_q90``.
        value: in its unit.

    Raises:
        KeyError: no such input.
    """
    signal, statistic = split(name)
    about = SIGNAL_WORDS[signal]
    pattern, above, below, unit = _phrase(statistic, value)
    shown, of = _shown(abs(value) if "{size}" in pattern else value, about.unit, unit)
    places = {
        "noun": about.noun, "subject": about.subject, "up": about.up, "down": about.down,
        "value": shown, "size": shown,
    }  # fmt: skip
    text = pattern.format(**places)
    return Told(text[0].upper() + text[1:], above, below, of)


def split(name: str) -> tuple[str, str]:
    """Signal and statistic of an input's name.

    Raises:
        KeyError: no such input.
    """
    for statistic in STATISTICS:
        signal = name.removesuffix(f"_{statistic}")
        if signal != name and signal in SIGNAL_WORDS:
            return signal, statistic
    raise KeyError(name)


def group_of(name: str) -> str:
    """The group an input belongs to: its region and aspect, "mouth, how it moves"."""
    signal, statistic = split(name)
    moves = statistic.startswith(("speed", "acceleration", "place"))
    return f"{SIGNAL_WORDS[signal].region}, {ASPECTS[moves]}"


def compared(told_: Told, of_genuine: float, of_posed: float, emotion: str | None) -> str:
    """The sentence with its place among the training clips.

    Args:
        told_: the number in words.
        of_genuine: 0 to 100, how many spontaneous training clips lie below it.
        of_posed: the same of posed ones.
        emotion: of which emotion these clips are, a noun; None for all.
    """
    high = of_genuine + of_posed >= 100
    shares = [p if high else 100 - p for p in (of_genuine, of_posed)]
    clips = "clips" if emotion is None else f"clips of {emotion}"
    return (
        f"{told_.text}, {told_.above if high else told_.below} than in {_percent(shares[0])} of "
        f"spontaneous {clips} and {_percent(shares[1])} of posed ones."
    )


_HIGHER: Final = ("higher", "lower")
_MORE: Final = ("more", "less")
_FASTER: Final = ("faster", "slower")

# Pattern, comparatives, and what follows the signal's own unit.
_PHRASES: Final[dict[str, tuple[str, tuple[str, str], str]]] = {
    "mean": ("{noun} was {value} on average", _HIGHER, ""),
    "sd": ("{noun} varied by {value} (standard deviation)", _MORE, ""),
    "q05": ("{noun} was above {value} nearly all the time", _HIGHER, ""),
    "q25": ("{noun} was above {value} for three quarters of the time", _HIGHER, ""),
    "q50": ("{noun} was above {value} for half of the time", _HIGHER, ""),
    "q75": ("{noun} was above {value} for a quarter of the time", _HIGHER, ""),
    "q95": ("{noun} came to {value} at its strongest", _HIGHER, ""),
    "first": ("{noun} began at {value}", _HIGHER, ""),
    "last": ("{noun} ended at {value}", _HIGHER, ""),
    "place_of_max": ("{noun} was strongest after {value} of the time", ("later", "earlier"), "%"),
    "place_of_min": ("{noun} was weakest after {value} of the time", ("later", "earlier"), "%"),
    "speed_mean_abs": ("{noun} changed by {value} on average", _FASTER, "/s"),
    "speed_sd": ("the speed of {noun} varied by {value} (standard deviation)", _MORE, "/s"),
    "speed_mean_rise": ("{subject} {up} by {value} on average, pauses included", _FASTER, "/s"),
    "speed_turns": (
        "{noun} changed direction {value} times a second", ("more often", "less often"), "turns",
    ),
    "acceleration_sd": (
        "{noun} sped up and slowed down by {value} (standard deviation)", _MORE, "/s²",
    ),
    "acceleration_mean_abs": ("{noun} sped up or slowed down by {value} on average", _MORE, "/s²"),
}  # fmt: skip

# Those whose sign says which way; the first where the value is 0 or above.
_SIGNED: Final[dict[str, tuple[tuple[str, tuple[str, str], str], ...]]] = {
    "change": (
        ("{noun} ended {value} higher than it began", _MORE, ""),
        ("{noun} ended {size} lower than it began", _MORE[::-1], ""),
    ),
    "speed_q10": (
        ("{subject} {up} by at least {value} nearly all the time", _FASTER, "/s"),
        ("{subject} {down} by at least {size} for a tenth of the time", _FASTER[::-1], "/s"),
    ),
    "speed_q90": (
        ("{subject} {up} by at least {value} for a tenth of the time", _FASTER, "/s"),
        ("{subject} {down} by at least {size} nearly all the time", _FASTER[::-1], "/s"),
    ),
}


def _phrase(statistic: str, value: float) -> tuple[str, str, str, str]:
    signed = _SIGNED.get(statistic)
    pattern, (above, below), unit = signed[value < 0] if signed else _PHRASES[statistic]
    return pattern, above, below, unit


def _shown(value: float, own: str, unit: str) -> tuple[str, str]:
    """The number as it stands in the sentence, and its unit."""
    if unit == "%":
        return f"{100 * value:.0f} %", "share of the clip"
    if unit == "turns":
        return _number(value * RATE), "share of samples"
    # "0.4 of 1/s" reads badly: speeds of scores go without their scale.
    of = unit if own == "of 1" and unit else f"{own}{unit}"
    return _number(value) + ("" if of.startswith("°") else " ") + of, of


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 10 else 1 if abs(value) >= 1 else 2 if abs(value) >= 0.095 else 3
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _percent(share: float) -> str:
    if share > 99:
        return "over 99 %"
    return "under 1 %" if share < 1 else f"{share:.0f} %"
