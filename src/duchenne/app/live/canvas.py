"""Text, bars and cards on a pygame surface."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pygame

from duchenne.report.palette import rgb

PAPER: Final = "#15171a"
CARD: Final = "#1e2125"
INK: Final = "#eceae6"
SOFT: Final = "#a2a7ae"
RULE: Final = "#33373d"
BAD: Final = "#e8915b"
RECORDING: Final = "#e5534b"
UNIT: Final = "#8fb4d6"

Anchor = Literal["left", "right", "centre"]


class Canvas:
    """Draws on a surface; all lengths are in its pixels.

    Args:
        surface: a pygame surface.
    """

    def __init__(self, surface: Any) -> None:
        self.surface = surface
        self.width: int
        self.height: int
        self.width, self.height = surface.get_size()
        # Letters grow with the window, within what can be read and what fits.
        self.size: int = max(11, min(20, round(min(self.height / 45, self.width / 72))))

    @property
    def line(self) -> int:
        """Height of a line of text."""
        return round(1.5 * self.size)

    def text(
        self,
        text: str,
        at: tuple[float, float],
        colour: str = INK,
        *,
        scale: float = 1.0,
        bold: bool = False,
        anchor: Anchor = "left",
    ) -> None:
        """One line, its middle at the height ``at[1]``."""
        picture = _picture(text, round(self.size * scale), bold, colour)
        width, height = picture.get_size()
        shift = {"left": 0.0, "right": width, "centre": width / 2}[anchor]
        self.surface.blit(picture, (round(at[0] - shift), round(at[1] - height / 2)))

    def length(self, text: str, *, scale: float = 1.0, bold: bool = False) -> int:
        """Width of a line of text."""
        return int(_font(round(self.size * scale), bold).size(text)[0])

    def cut(self, text: str, width: float, *, scale: float = 1.0) -> str:
        """The text, shortened by an ellipsis where it is wider."""
        if self.length(text, scale=scale) <= width:
            return text
        while text and self.length(text + "…", scale=scale) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def paragraph(self, text: str, width: float, *, scale: float = 1.0) -> list[str]:
        """The text in lines of at most this width."""
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.length(longer, scale=scale) > width:
                lines.append(line)
                longer = word
            line = longer
        return [*lines, line] if line else lines

    def box(
        self, place: tuple[float, float, float, float], colour: str, *, radius: float = 0.0
    ) -> None:
        """A filled rectangle: x, y, width, height."""
        pygame.draw.rect(
            self.surface, rgb(colour), pygame.Rect(*map(round, place)), border_radius=round(radius)
        )

    def outline(
        self, place: tuple[float, float, float, float], colour: str, *, thick: int = 1
    ) -> None:
        """A rectangle with round corners."""
        rect = pygame.Rect(*map(round, place))
        pygame.draw.rect(self.surface, rgb(colour), rect, thick, border_radius=3 * thick + 2)

    def veil(self, place: tuple[float, float, float, float], alpha: int, radius: float = 0) -> None:
        """Darkens a part of the picture."""
        layer = pygame.Surface((round(place[2]), round(place[3])), pygame.SRCALPHA)
        shade = (*rgb(PAPER), alpha)
        pygame.draw.rect(layer, shade, layer.get_rect(), border_radius=round(radius))
        self.surface.blit(layer, (round(place[0]), round(place[1])))

    def bar(
        self,
        place: tuple[float, float, float, float],
        share: float,
        colour: str,
        *,
        hollow: bool = False,
    ) -> None:
        """A bar in its groove, filled to a share from 0 to 1; ``hollow`` draws its frame only."""
        x, y, width, height = place
        self.box(place, RULE)
        filled = max(0.0, min(1.0, share)) * width
        if filled < 0.5:
            return
        self.box((x, y, filled, height), colour)
        if hollow and filled > 3:
            # In whole pixels, so that the frame is even.
            self.box((round(x) + 1, round(y) + 1, round(filled) - 2, round(height) - 2), CARD)

    def dot(self, at: tuple[float, float], radius: float, colour: str) -> None:
        """A smooth disc."""
        centre = (round(at[0]), round(at[1]))
        pygame.draw.aacircle(self.surface, rgb(colour), centre, max(2, round(radius)))


@cache
def _font(size: int, bold: bool) -> Any:
    # Matplotlib's own letters are on every machine that has this package.
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return pygame.font.Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)), size)


_pictures: Final[dict[tuple[str, int, bool, str], Any]] = {}
_MOST_PICTURES: Final = 800


def forget_letters() -> None:
    """Letters live no longer than the window that they were made for."""
    _font.cache_clear()
    _pictures.clear()


def _picture(text: str, size: int, bold: bool, colour: str) -> Any:
    """The drawn line; most of a window says the same as a frame ago."""
    key = (text, size, bold, colour)
    if key not in _pictures:
        if len(_pictures) >= _MOST_PICTURES:
            _pictures.clear()
        _pictures[key] = _font(size, bold).render(text, True, rgb(colour))
    return _pictures[key]
