"""The window: takes pictures, hands keys to the session, draws."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pygame

from duchenne.app.live.canvas import PAPER, RECORDING, Canvas, forget_letters
from duchenne.app.live.feed import Pictures
from duchenne.app.live.panels import Place, draw_foot, draw_help, draw_panel, draw_verdict
from duchenne.app.live.picture import draw_picture
from duchenne.app.live.session import Session, Shown

SMALLEST: Final = (480, 360)
_TICKS: Final = 60
_HINT: Final = "A  Action Units    L  landmarks    S  save    R  record    H  help    Q  quit"
_FROZEN_HINT: Final = (
    "Space  back    A  Action Units    L  landmarks    S  save    H  help    Q  quit"
)


class Window:
    """A live window.

    Args:
        session: what it shows.
        pictures: where they come from.
        size: width and height in pixels; the person may change it.
    """

    def __init__(self, session: Session, pictures: Pictures, size: tuple[int, int]) -> None:
        pygame.font.init()
        forget_letters()
        self._session, self._pictures = session, pictures
        self._surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        pygame.display.set_caption("duchenne live")
        self._clock = pygame.time.Clock()

    @property
    def surface(self) -> Any:
        """What is on the screen."""
        return self._surface

    def run(self) -> None:
        """Until the person quits."""
        while self._session.running:
            self.tick()
            self._clock.tick(_TICKS)

    def tick(self) -> None:
        """One turn: keys, the newest picture, and the window drawn again."""
        for event in pygame.event.get():
            self._hear(event)
        self._session.catch_up()
        self._pictures.pause(self._session.may_pause)
        frame = self._pictures.newest()
        if frame is not None:
            self._session.see(frame)
        self.draw()
        pygame.display.flip()

    def draw(self) -> None:
        """Everything, as it is now."""
        canvas, session = Canvas(self._surface), self._session
        foot = 1.2 * canvas.line
        tall = canvas.height - foot
        canvas.box((0, 0, canvas.width, canvas.height), PAPER)
        if session.is_frozen:
            side = min(max(0.42 * canvas.width, 300.0), 520.0)
        else:
            side = min(max(0.28 * canvas.width, 200.0), 380.0)
        place = (0.0, 0.0, canvas.width - side, tall)
        beside = (canvas.width - side, 0.0, side, tall)
        self._picture(canvas, place)
        if session.is_frozen:
            draw_verdict(canvas, beside, session.frozen)
        else:
            draw_panel(canvas, beside, session.shown)
        self._foot(canvas, (0.0, tall, canvas.width, foot))
        if session.helping:
            draw_help(canvas)

    def _hear(self, event: Any) -> None:
        if event.type == pygame.QUIT:
            self._session.press("q")
        elif event.type == pygame.KEYDOWN:
            self._session.press(pygame.key.name(event.key))
        elif event.type == pygame.VIDEORESIZE:
            wide, tall = (max(n, least) for n, least in zip(event.size, SMALLEST, strict=True))
            if (wide, tall) != event.size:
                self._surface = pygame.display.set_mode((wide, tall), pygame.RESIZABLE)
            else:
                self._surface = pygame.display.get_surface() or self._surface

    def _picture(self, canvas: Canvas, place: Place) -> None:
        shown = self._in_view()
        if shown is None:
            at = (place[2] / 2, place[3] / 2)
            canvas.text("Waiting for the first picture …", at, anchor="centre")
            return
        draw_picture(canvas, shown.look, shown.emotions, place, self._session.mirrored)
        seconds = self._session.recorded_s
        if seconds is not None:
            _recording_sign(canvas, seconds)

    def _in_view(self) -> Shown | None:
        session = self._session
        if session.moment is None:
            return session.shown
        held = session.frozen
        if held is None:
            look = session.moment.looks[-1]
            return Shown(look, look.emotions, look.action_units)
        # The picture says what the words beside it say.
        told = {face.face_id: face.emotions for face in held.faces}
        each = zip(held.look.faces.track_ids.tolist(), held.look.emotions, strict=True)
        emotions = [told.get(face_id, row) for face_id, row in each]
        return Shown(held.look, np.array(emotions), held.look.action_units)

    def _foot(self, canvas: Canvas, place: Place) -> None:
        session, trouble = self._session, self._pictures.trouble
        notice = session.notice
        hint = _FROZEN_HINT if session.is_frozen else _HINT
        left = notice.text if notice is not None else trouble or hint
        bad = notice.bad if notice is not None else bool(trouble) and self._pictures.failed
        right = f"{session.fps:.0f} frames/s" if session.fps else ""
        draw_foot(canvas, place, left, right, bad=bad)


def _recording_sign(canvas: Canvas, seconds: float) -> None:
    words = f"{int(seconds) // 60}:{int(seconds) % 60:02}"
    width = canvas.length(words, bold=True) + 2.6 * canvas.size
    canvas.veil((canvas.size, canvas.size, width, 1.2 * canvas.line), 215, radius=canvas.size / 2)
    middle = canvas.size + 0.6 * canvas.line
    canvas.dot((2 * canvas.size, middle), 0.4 * canvas.size, RECORDING)
    canvas.text(words, (2.8 * canvas.size, middle), bold=True)
