"""What shows something to people: a screen for the window, a browser for the page; OpenFace."""

from __future__ import annotations

import os
import sys
import webbrowser
from importlib.util import find_spec

from duchenne.action_units.openface_program import FOR_PICTURES, FOR_VIDEOS, OpenFaceProgram
from duchenne.cli.checkup.finding import Finding
from duchenne.errors import DuchenneError, MissingExtraError


def find_screen() -> tuple[Finding, ...]:
    """A screen for ``duchenne live``, a browser for ``duchenne serve``."""
    return (_screen(), _browser())


def find_openface() -> tuple[Finding, ...]:
    """The two programs of OpenFace that ``duchenne analyze --au openface`` runs."""
    return tuple(_openface(name) for name in (FOR_VIDEOS, FOR_PICTURES))


def _screen() -> Finding:
    if find_spec("pygame") is None:
        shown = sys.platform != "linux" or any(
            os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
        )
        detail = "not tried without the extra `live`"
        return Finding("screen", "absent", detail if shown else f"none seen, and {detail}")
    # pygame greets on standard output.
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from duchenne.app.live.display import close_display, open_display

    try:
        open_display()
    except DuchenneError:
        remedy = "run `duchenne serve` and look at its page in a browser"
        return Finding("screen", "absent", "none that a window could open on", remedy)
    close_display()
    return Finding("screen", "ok", "a window can be opened")


def _browser() -> Finding:
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        detail = "none on this machine; the page may be opened from another"
        return Finding("browser", "absent", detail, "duchenne serve --host 0.0.0.0 --token TOKEN")
    return Finding("browser", "ok", getattr(found, "name", "") or type(found).__name__)


def _openface(name: str) -> Finding:
    try:
        return Finding(f"OpenFace's {name}", "ok", str(OpenFaceProgram().find(name)))
    except MissingExtraError as error:
        remedy = "install OpenFace 2.2 and set DUCHENNE_OPENFACE to the folder of its programs"
        detail = "only `duchenne analyze --au openface` wants it"
        if "DUCHENNE_OPENFACE" in os.environ:
            return Finding(f"OpenFace's {name}", "fault", str(error).split(":")[0], remedy)
        return Finding(f"OpenFace's {name}", "absent", f"not found; {detail}", remedy)
