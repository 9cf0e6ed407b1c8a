"""What stands beside the picture: emotions, Action Units, verdicts, help."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS, trust
from duchenne.app.live.canvas import BAD, CARD, INK, PAPER, RULE, SOFT, UNIT, Canvas
from duchenne.app.live.session import KEYS, Shown
from duchenne.app.moment import Frozen, FrozenFace
from duchenne.emotion.labels import EMOTIONS
from duchenne.genuineness.verdict import SAID, Genuineness, Verdict, shown
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.words import percent, short_percent

Place = tuple[float, float, float, float]

# Lines of a paragraph lie closer together than lines of a list.
_TIGHT: Final = 0.92

VERDICT_COLOURS: Final[dict[Verdict, str]] = {
    "genuine": "#58c4b0",
    "posed": "#c29ae6",
    "undecided": "#9b9fa5",
}
"""As in the dark report."""

LIMITS: Final = (
    "A verdict compares a display with recordings of spontaneous and posed ones. It does not tell "
    "what somebody experiences, and it tells no truth from lies. Everything stays on this machine."
)
_FROM: Final = {
    "aus": "from Action Units of one frame, weaker evidence than a clip",
    "landmarks": "from landmarks of one frame, weaker evidence than a clip",
    "clip": "from the course of the last expression",
}
# AU43 says again what AU45 says.
_SHOWN: Final = [unit for unit in ACTION_UNITS if unit != "AU43"]
_PLACES: Final = {unit: place for place, unit in enumerate(ACTION_UNITS)}


class _Column:
    """Writes from the top of a place downwards."""

    def __init__(self, canvas: Canvas, place: Place) -> None:
        self.canvas = canvas
        self.pad: float = canvas.size
        self.x, self.y = place[0] + self.pad, place[1] + 0.7 * self.pad
        self.width = place[2] - 2 * self.pad
        self.bottom = place[1] + place[3] - 0.5 * self.pad

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def left_over(self) -> float:
        return self.bottom - self.y

    def line(self, text: str, colour: str = INK, *, scale: float = 1.0, bold: bool = False) -> None:
        """One line, cut where it is too long."""
        height = self.canvas.line * scale
        words = self.canvas.cut(text, self.width, scale=scale)
        self.canvas.text(words, (self.x, self.y + height / 2), colour, scale=scale, bold=bold)
        self.y += height

    def paragraph(
        self, text: str, colour: str = INK, *, scale: float = 1.0, indent: float = 0.0
    ) -> bool:
        """Lines of text; False, and nothing drawn, where it does not fit."""
        lines = self.canvas.paragraph(text, self.width - indent, scale=scale)
        height = _TIGHT * self.canvas.line * scale
        if len(lines) * height > self.left_over:
            return False
        for line in lines:
            at = (self.x + indent, self.y + height / 2)
            self.canvas.text(line, at, colour, scale=scale)
            self.y += height
        return True

    def rule(self) -> None:
        """A thin line with space around it."""
        self.y += 0.4 * self.pad
        self.canvas.box((self.x, self.y, self.width, 1), RULE)
        self.y += 0.5 * self.pad


def draw_panel(canvas: Canvas, place: Place, now: Shown | None) -> None:
    """The largest face's seven emotions and its Action Units."""
    canvas.box(place, CARD)
    column = _Column(canvas, place)
    largest = None if now is None else now.look.largest
    if now is None or largest is None:
        column.line("Waiting for a picture" if now is None else "No face in the picture", SOFT)
        return
    face_id, count = int(now.look.faces.track_ids[largest]), len(now.look.faces)
    column.line(f"face {face_id}" + (f", largest of {count}" if count > 1 else ""), SOFT)
    best = int(np.argmax(now.emotions[largest]))
    column.line(EMOTIONS[best], EMOTION_COLOURS[EMOTIONS[best]], scale=1.5, bold=True)
    _emotion_rows(column, now.emotions[largest])
    column.rule()
    _unit_rows(column, now.units[largest])


def _emotion_rows(column: _Column, shares: NDArray[np.float32]) -> None:
    canvas = column.canvas
    height = 1.45 * canvas.size
    label = canvas.length("surprise") + 0.6 * column.pad
    number = canvas.length(">99 %") + 0.4 * column.pad
    best = int(np.argmax(shares))
    for place, name in enumerate(EMOTIONS):
        middle = column.y + height / 2
        colour = INK if place == best else SOFT
        canvas.text(name, (column.x, middle), colour)
        thick = 0.5 * canvas.size
        bar = (column.x + label, middle - thick / 2, column.width - label - number, thick)
        canvas.bar(bar, float(shares[place]), EMOTION_COLOURS[name])
        text = short_percent(float(shares[place]))
        canvas.text(text, (column.right, middle), colour, anchor="right")
        column.y += height


def _unit_rows(column: _Column, units: NDArray[np.float32]) -> None:
    canvas = column.canvas
    note = 1.3 * canvas.size
    height = min(1.5 * canvas.size, (column.left_over - note) / len(_SHOWN))
    # Low windows: letters as large as the rows allow.
    scale = min(0.92, max(0.6, height / (1.25 * canvas.size)))
    code = canvas.length("AU00", scale=scale) + 0.5 * column.pad
    number = canvas.length("0.0", scale=scale) + 0.4 * column.pad
    names = max(canvas.length(ACTION_UNITS[unit], scale=scale) for unit in _SHOWN)
    bar = column.width - code - number - names - 0.8 * column.pad
    if named := bar >= 0.22 * column.width:
        bar = min(bar, 0.5 * column.width)
    else:
        bar = column.width - code - number
    for unit in _SHOWN:
        value = float(units[_PLACES[unit]])
        middle = column.y + height / 2
        colour = INK if value >= 1 else SOFT
        canvas.text(unit, (column.x, middle), colour, scale=scale)
        if named:
            canvas.text(ACTION_UNITS[unit], (column.x + code, middle), SOFT, scale=scale)
        thick = min(0.45 * canvas.size, 0.5 * height)
        where = (column.right - number - bar, middle - thick / 2, bar, thick)
        canvas.bar(where, value / 5, UNIT, hollow=bool(trust(unit)))
        canvas.text(f"{value:.1f}", (column.right, middle), colour, scale=scale, anchor="right")
        column.y += height
    column.line("of 5; hollow: experimental", SOFT, scale=0.8)


def draw_verdict(canvas: Canvas, place: Place, frozen: Frozen | None) -> None:
    """What was displayed in the frozen second, the verdict about it and its reasons."""
    canvas.box(place, CARD)
    column = _Column(canvas, place)
    column.line("Frozen: the last second", SOFT)
    if frozen is None:
        column.line("Looking closely …", INK, scale=1.2)
        return
    if not frozen.faces:
        column.line("No face in it", INK, scale=1.2, bold=True)
        column.paragraph("Nobody was seen in the last second: press Space, and A once more.", SOFT)
        return
    first, *others = frozen.faces
    column.line(
        f"face {first.face_id} displays {first.emotion}, {percent(first.probability)}",
        EMOTION_COLOURS[first.emotion],
        scale=1.15,
        bold=True,
    )
    column.y += 0.3 * column.pad
    verdict = first.genuineness
    column.line(_capital(SAID[verdict.verdict]), VERDICT_COLOURS[verdict.verdict], scale=1.15)
    column.paragraph(_FROM[frozen.source], SOFT, scale=0.85)
    if verdict.p_genuine is not None:
        _scale(column, verdict, verdict.p_genuine)
    column.rule()
    _reasons(column, first, others)


def _reasons(column: _Column, first: FrozenFace, others: list[FrozenFace]) -> None:
    """The reasons, as many as leave room for the other faces and for what a verdict is not."""
    canvas, verdict, emotions = column.canvas, first.genuineness, first.emotions
    limits = canvas.paragraph(LIMITS, column.width, scale=0.8)
    foot = 0.8 * _TIGHT * len(limits) * canvas.line + 0.9 * column.pad + 1
    whole, column.bottom = column.bottom, column.bottom - foot - len(others) * canvas.line
    for text in verdict.texts:
        if not _bullet(column, text):
            column.canvas.text("…", (column.x, column.y + 0.5 * canvas.line), SOFT)
            break
    if column.left_over > 7 * 1.45 * canvas.size + 2 * column.pad:
        column.rule()
        column.y += 0.3 * column.pad
        _emotion_rows(column, emotions)
    column.bottom = whole
    column.y = whole - foot - len(others) * canvas.line
    for face in others:
        said = SAID[face.genuineness.verdict]
        column.line(f"face {face.face_id}: {face.emotion}; {said}", SOFT, scale=0.9)
    column.y = whole - foot
    column.rule()
    column.paragraph(LIMITS, SOFT, scale=0.8)


def _bullet(column: _Column, text: str) -> bool:
    against = text.startswith("Against it")
    begun = column.y
    if not column.paragraph(text, SOFT if against else INK, scale=0.95, indent=column.pad):
        return False
    middle = begun + 0.46 * column.canvas.line
    mark = RULE if against else SOFT
    column.canvas.dot((column.x + 0.2 * column.pad, middle), 0.18 * column.pad, mark)
    column.y += 0.35 * column.pad
    return True


def _scale(column: _Column, verdict: Genuineness, p: float) -> None:
    """Posed to spontaneous, with the range where the model cannot be relied on."""
    canvas = column.canvas
    thick = 0.55 * canvas.size
    column.y += 0.8 * canvas.size
    canvas.box((column.x, column.y, column.width, thick), RULE)
    left, right = ((0.5 + side * verdict.band) * column.width for side in (-1, 1))
    canvas.box((column.x + left, column.y, right - left, thick), "#4a4f57")
    at = column.x + p * column.width
    wide = max(4.0, 0.35 * canvas.size)
    mark = (at - wide / 2, column.y - 0.45 * thick, wide, 1.9 * thick)
    canvas.box(mark, VERDICT_COLOURS[verdict.verdict], radius=wide / 2)
    column.y += thick + 0.2 * canvas.size
    middle = column.y + 0.6 * canvas.size
    canvas.text("posed", (column.x, middle), SOFT, scale=0.8)
    told = f"p_genuine {shown(p)}"
    canvas.text(told, (column.x + column.width / 2, middle), INK, scale=0.8, anchor="centre")
    canvas.text("spontaneous", (column.right, middle), SOFT, scale=0.8, anchor="right")
    column.y += 1.3 * canvas.size


def draw_help(canvas: Canvas) -> None:
    """The keys, over everything else."""
    keys = {**KEYS, "Esc": "back to the live picture"}
    canvas.veil((0, 0, canvas.width, canvas.height), 190)
    width = min(canvas.width - 2 * canvas.size, 44 * canvas.size)
    text = canvas.paragraph(LIMITS, width - 2 * canvas.size, scale=0.85)
    lines = 1.3 + 1.15 * len(keys) + 0.85 * _TIGHT * len(text)
    height = lines * canvas.line + 2 * canvas.size
    place = ((canvas.width - width) / 2, (canvas.height - height) / 2, width, height)
    canvas.box(place, CARD, radius=canvas.size / 2)
    column = _Column(canvas, place)
    column.line("Keys", INK, scale=1.3, bold=True)
    for key, meaning in keys.items():
        height = 1.15 * canvas.line
        middle = column.y + height / 2
        cap = (column.x, middle - 0.45 * canvas.line, 2.6 * canvas.size, 0.9 * canvas.line)
        canvas.box(cap, PAPER, radius=canvas.size / 3)
        canvas.text(key, (column.x + 1.3 * canvas.size, middle), INK, bold=True, anchor="centre")
        room = column.width - 3.4 * canvas.size
        canvas.text(canvas.cut(meaning, room), (column.x + 3.4 * canvas.size, middle), INK)
        column.y += height
    column.y += 0.5 * canvas.size
    column.paragraph(LIMITS, SOFT, scale=0.85)


def draw_foot(canvas: Canvas, place: Place, left: str, right: str, *, bad: bool) -> None:
    """The line below everything: what happens, and how fast."""
    canvas.box(place, PAPER)
    middle = place[1] + place[3] / 2
    room = place[2] - canvas.length(right) - 3 * canvas.size
    scale = next((s for s in (1.0, 0.9, 0.8) if canvas.length(left, scale=s) <= room), 0.75)
    words = canvas.cut(left, room, scale=scale)
    canvas.text(words, (place[0] + canvas.size, middle), BAD if bad else SOFT, scale=scale)
    canvas.text(right, (place[0] + place[2] - canvas.size, middle), SOFT, anchor="right")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
