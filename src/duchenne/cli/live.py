"""``duchenne live``: a window with what a camera sees and what is displayed in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

import click

from duchenne.errors import DataError, MissingExtraError

_SMALLEST: Final = (480, 360)
_LARGEST: Final = (7680, 4320)


@click.command()
@click.option("--camera", default=0, show_default=True, type=click.IntRange(min=0), metavar="N")
@click.option("--source", help="A video, played at its own speed, instead of a camera.")
@click.option(
    "--out",
    default="live",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for what S and R save.",
)
@click.option("--size", default="1280x720", show_default=True, help="Of the window, in pixels.")
@click.option(
    "--mirror/--no-mirror",
    default=None,
    help="Show the picture as a mirror does.  [default: cameras yes, files no]",
)
@click.option("--faces", default=4, show_default=True, help="Follow at most this many faces.")
@click.option(
    "--detector", default="blazeface", show_default=True, help="blazeface, or haar (historic)."
)
@click.option(
    "--emotion-model",
    default="emotion_compact",
    show_default=True,
    help="A shipped network's name, or an .onnx file of `duchenne train emotion` with its card.",
)
def command(
    camera: int,
    source: str | None,
    out: Path,
    size: str,
    mirror: bool | None,
    faces: int,
    detector: str,
    emotion_model: str,
) -> int:
    """Show what a camera sees: faces, displayed emotion, Action Units (extra: live).

    Keys: A freezes the last second and says what was displayed and whether it resembles spontaneous
    or posed recordings, from Action Units; L the same from landmarks; S saves the picture and the
    last ten seconds; R records; H helps; Q quits. Nothing leaves this machine. Exit code 1: the
    camera stopped giving pictures.
    """
    _need_pygame()
    from duchenne.app.live.display import close_display, open_display

    shape = _size(size)
    # Before anything heavy is loaded, and before a camera is switched on.
    open_display()
    from duchenne.app.engine import Engine
    from duchenne.app.live.feed import Feed
    from duchenne.app.live.session import Session
    from duchenne.app.live.window import Window
    from duchenne.media import open_media

    name = f"camera:{camera}" if source is None else source
    session: Session | None = None
    feed = Feed(open_media(name))
    try:
        engine = Engine(
            name=Path(name).name, max_faces=faces, detector=detector, emotion_model=emotion_model
        )
        engine.warm_up()
        session = Session(engine, out, mirrored=source is None if mirror is None else mirror)
        Window(session, feed, shape).run()
    finally:
        # Also after Ctrl-C: a recording that runs is worth keeping.
        feed.close()
        close_display()
        for sentence in session.close() if session is not None else ():
            click.echo(sentence)
    if feed.failed:
        click.echo(f"duchenne: {feed.trouble}", err=True)
        return 1
    return 0


def _need_pygame() -> None:
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingExtraError(
            "The live window needs the extra `live`: pip install 'duchenne[live]'."
        ) from error


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if any(not low <= n <= high for n, low, high in zip(size, _SMALLEST, _LARGEST, strict=True)):
        raise DataError(
            f"--size is the window's width and height, from 480x360 to 7680x4320, not {text}."
        )
    return size
