"""What is drawn: by SDL's dummy driver, on pictures of which it is known what is in them.

Looked at are colours and places, not letters: fonts differ from machine to machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pygame = pytest.importorskip("pygame", reason="needs the extra live")

from duchenne.app.engine import Engine  # noqa: E402
from duchenne.app.live.canvas import CARD, Canvas  # noqa: E402
from duchenne.app.live.display import DisplayError, open_display  # noqa: E402
from duchenne.app.live.panels import VERDICT_COLOURS  # noqa: E402
from duchenne.app.live.picture import Fit  # noqa: E402
from duchenne.app.live.session import Session  # noqa: E402
from duchenne.app.live.window import SMALLEST, Window  # noqa: E402
from duchenne.genuineness.verdict import Reason  # noqa: E402
from duchenne.media import Frame  # noqa: E402
from duchenne.notebook.colours import EMOTION_COLOURS  # noqa: E402
from duchenne.report.palette import rgb  # noqa: E402
from tests.app.streams import still_life  # noqa: E402
from tests.genuineness.standins import Standins  # noqa: E402

SIZES = [(640, 480), (1280, 720)]


class Given:
    """Pictures handed over one by one."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self.trouble, self.failed, self.paused = "", False, False

    def newest(self) -> Frame | None:
        return next(self._frames, None)

    def pause(self, still: bool) -> None:
        self.paused = still

    def close(self) -> None:
        pass


@pytest.fixture(scope="module", autouse=True)
def unseen_screen() -> Iterator[None]:
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    open_display()
    yield
    pygame.quit()
    os.environ.pop("SDL_VIDEODRIVER")
    if before is not None:
        os.environ["SDL_VIDEODRIVER"] = before


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(models=Standins())


def opened(
    engine: Engine, out: Path, size: tuple[int, int], frames: Iterator[Frame]
) -> tuple[Window, Session, Given]:
    engine.reset()
    session, given = Session(engine, out), Given(frames)
    return Window(session, given, size), session, given


def drawn(window: Window) -> NDArray[np.uint8]:
    """(H, W, 3) RGB."""
    window.draw()
    seen: NDArray[np.uint8] = pygame.surfarray.array3d(window.surface).swapaxes(0, 1).copy()
    return seen


def type_in(window: Window, session: Session, key: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    window.tick()
    session.wait()


def where(picture: NDArray[np.uint8], colour: str) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = (picture == rgb(colour)).all(axis=2)
    return there


@pytest.mark.parametrize("size", SIZES)
def test_the_face_its_emotion_and_its_bars(
    engine: Engine, astronaut: NDArray[np.uint8], tmp_path: Path, size: tuple[int, int]
) -> None:
    window, session, _ = opened(engine, tmp_path, size, still_life(astronaut, 0.3))
    for _ in range(3):
        window.tick()
    picture = drawn(window)
    assert picture.shape == (size[1], size[0], 3)
    card = np.flatnonzero(where(picture, CARD).sum(axis=0) > size[1] / 4)
    happy = where(picture, EMOTION_COLOURS["happy"])
    # The box around the face is drawn in the colour of what it displays, where the face is.
    assert session.shown is not None
    view = (0.0, 0.0, float(card[0]), float(size[1] - 1.2 * Canvas(window.surface).line))
    x, y, width, height = Fit.of((512, 512), view, False).box(session.shown.look.faces.boxes[0])
    for column in (x, x + width):
        strip = happy[int(y) + 20 : int(y + height) - 20, int(column) - 3 : int(column) + 4]
        assert strip.any(axis=1).mean() > 0.9
    # Of the seven bars only its own is long.
    beside = picture[:, card[0] :]
    lengths = {n: where(beside, c).sum(axis=1).max() for n, c in EMOTION_COLOURS.items()}
    assert max(lengths, key=lambda name: lengths[name]) == "happy"
    assert lengths["happy"] > 3 * max(v for n, v in lengths.items() if n not in {"happy"})


@pytest.mark.parametrize("size", SIZES)
def test_a_freeze_shows_the_verdict_and_space_goes_back(
    engine: Engine, astronaut: NDArray[np.uint8], tmp_path: Path, size: tuple[int, int]
) -> None:
    window, session, given = opened(engine, tmp_path, size, still_life(astronaut, 0.3))
    for _ in range(3):
        window.tick()
    live = drawn(window)
    type_in(window, session, pygame.K_a)
    assert session.frozen is not None
    verdict = session.frozen.faces[0].genuineness.verdict
    frozen = drawn(window)
    assert where(frozen, VERDICT_COLOURS[verdict]).sum() > 20
    assert not where(live, VERDICT_COLOURS[verdict]).sum() > 20 or verdict == "undecided"
    window.tick()
    assert given.paused
    type_in(window, session, pygame.K_SPACE)
    assert np.array_equal(drawn(window), live)
    window.tick()
    assert not given.paused


@pytest.mark.parametrize("size", SIZES)
def test_a_freeze_of_nobody_and_one_of_two_people(
    engine: Engine, astronaut: NDArray[np.uint8], tmp_path: Path, size: tuple[int, int]
) -> None:
    window, session, _ = opened(engine, tmp_path, size, still_life(astronaut, 0.3))
    for _ in range(3):
        window.tick()
    type_in(window, session, pygame.K_a)
    alone = session.frozen
    assert alone is not None
    with_one = drawn(window)
    second = replace(
        alone.faces[0],
        face_id=7,
        genuineness=replace(alone.faces[0].genuineness, reasons=(Reason("Long. " * 99),) * 9),
    )
    # More reasons than there is room for leave room for the other face all the same.
    session.frozen = replace(alone, faces=(second, alone.faces[0]))
    with_two = drawn(window)
    session.frozen = replace(alone, faces=(alone.faces[0], second))
    other_way = drawn(window)
    session.frozen = replace(alone, faces=())
    with_none = drawn(window)
    pictures = [with_one, with_two, other_way, with_none]
    for one, other in combinations(pictures, 2):
        assert not np.array_equal(one, other)
    verdict = VERDICT_COLOURS[alone.faces[0].genuineness.verdict]
    assert where(with_none, verdict).sum() < where(with_one, verdict).sum()


def test_a_window_made_too_small_is_made_larger(engine: Engine, tmp_path: Path) -> None:
    window, _, _ = opened(engine, tmp_path, (640, 480), iter(()))
    for size, wanted in (((100, 700), (SMALLEST[0], 700)), ((SMALLEST[0], 700),) * 2):
        pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=size))
        window.tick()
        assert window.surface.get_size() == wanted


def test_a_mirrored_picture_is_the_other_way_round(
    engine: Engine, astronaut: NDArray[np.uint8], tmp_path: Path
) -> None:
    # Nothing is found in it, so nothing is drawn over it.
    gradient = np.tile(np.arange(160, dtype=np.uint8)[None, :, None], (120, 1, 3))
    window, session, _ = opened(engine, tmp_path, (640, 480), still_life(gradient, 0.1))
    window.tick()
    assert session.shown is not None
    assert len(session.shown.look.faces) == 0
    plain = drawn(window)
    type_in(window, session, pygame.K_m)
    mirrored = drawn(window)
    row = slice(200, 201)
    assert np.array_equal(plain[row, :440], mirrored[row, :440][:, ::-1])
    assert not np.array_equal(plain[row, :440], mirrored[row, :440])


def test_boxes_are_mirrored_with_the_picture() -> None:
    box = np.array([10, 20, 30, 40], np.float32)
    place = (0.0, 0.0, 200.0, 100.0)
    assert Fit.of((100, 100), place, False).box(box) == (60.0, 20.0, 30.0, 40.0)
    assert Fit.of((100, 100), place, True).box(box) == (110.0, 20.0, 30.0, 40.0)


@pytest.mark.parametrize("size", [*SIZES, (480, 360), (1920, 1080)])
def test_help_recording_and_trouble_are_drawn(
    engine: Engine, astronaut: NDArray[np.uint8], tmp_path: Path, size: tuple[int, int]
) -> None:
    window, session, given = opened(engine, tmp_path, size, still_life(astronaut, 0.2))
    before = drawn(window)
    window.tick()
    pictures = [before, drawn(window)]
    type_in(window, session, pygame.K_r)
    pictures.append(drawn(window))
    type_in(window, session, pygame.K_h)
    pictures.append(drawn(window))
    type_in(window, session, pygame.K_h)
    type_in(window, session, pygame.K_r)
    session._notice = None
    given.trouble, given.failed = "The camera stopped.", True
    pictures.append(drawn(window))
    for one, other in pairwise(pictures):
        assert not np.array_equal(one, other)
    session.close()


def test_q_and_the_closing_button_end_the_loop(engine: Engine, tmp_path: Path) -> None:
    for event in (pygame.event.Event(pygame.QUIT), _press(pygame.K_q)):
        window, session, _ = opened(engine, tmp_path, (640, 480), iter(()))
        pygame.event.post(event)
        window.run()
        assert not session.running


def _press(key: int) -> Any:
    return pygame.event.Event(pygame.KEYDOWN, key=key)


def test_without_a_screen_serve_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(DisplayError, match="`duchenne serve`"):
        open_display()
    monkeypatch.undo()
    open_display()
