"""Numbers, times and lists as a person would write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NUMBERS: Final = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
)  # fmt: skip


def percent(share: float) -> str:
    """0 to 1 as whole percent; never 0 % for something or 100 % for not quite everything."""
    if 0 < share <= 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{round(share * 100)} %"


def short_percent(share: float) -> str:
    """The same for narrow columns: ``<1 %``, ``>99 %``."""
    return percent(share).replace("under ", "<").replace("over ", ">")


def clock(time: float, unit: str = "s") -> str:
    """A time as ``2.73 s``, ``1:05`` or ``1:02:03``; a frame as ``frame 12``."""
    if unit == "frame":
        return f"frame {round(time)}"
    if round(time, 2) < 60:
        return f"{time:.2f} s"
    minutes, seconds = divmod(round(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def span(seconds: float) -> str:
    """A duration as ``4.2 s``, ``1 min 5 s`` or ``2 h 3 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def size(width: float, height: float) -> str:
    """``640 x 480 px``, with the sign for times."""
    return f"{width:.0f} \N{MULTIPLICATION SIGN} {height:.0f} px"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 frame``, ``2,345 frames``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """The same at the beginning of a sentence: ``Two faces``."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([*([", ".join(items[:-1])] if len(items) > 1 else []), *items[-1:]])


def together(text: str) -> str:
    """The text with spaces before units that no line breaks at."""
    return re.sub(r"(?<=\d) (?=%|(?:s|px|min|of \d+)\b)", "\N{NO-BREAK SPACE}", text)
