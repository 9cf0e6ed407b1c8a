"""What `duchenne doctor` looks at: this machine, what is installed on it, and what is missing."""

from __future__ import annotations

from collections.abc import Callable

from duchenne.cli.checkup.cameras import ask_cameras
from duchenne.cli.checkup.finding import Finding, Section
from duchenne.cli.checkup.graphics import ask_torch, find_onnxruntime
from duchenne.cli.checkup.system import find_system, find_variables
from duchenne.errors import in_a_sentence

__all__ = ["Finding", "Section", "examine"]

_VITAL = {"packages", "models"}


def examine(*, thoroughly: bool = False) -> tuple[Section, ...]:
    """Look at everything; nothing is fetched, installed or written.

    Args:
        thoroughly: also run the main job on a made-up picture, and wait for PyTorch to load.
    """
    # Cameras and PyTorch take their time, in processes of their own, while the rest is looked at.
    cameras, torch = ask_cameras(), ask_torch(patient=thoroughly)
    return (
        _section("system", "This machine", find_system),
        _section("packages", "What duchenne needs", _core),
        _section("extras", "Extras", _extras),
        _section("models", "Model files", lambda: _models(thoroughly)),
        _section("places", "Folders", _places),
        _section("cameras", "Cameras", cameras),
        _section("gpu", "GPU", lambda: (*torch(), find_onnxruntime())),
        _section("screen", "Screen and browser", _screen),
        _section("programs", "Other programs", _programs),
        _section("variables", "Environment variables", find_variables),
    )


def _section(name: str, title: str, look: Callable[[], tuple[Finding, ...]]) -> Section:
    """One section; a doctor must also be of use where a package or a folder is broken."""
    try:
        return Section(name, title, look())
    except ImportError as error:
        remedy = "install duchenne anew: pip install --force-reinstall duchenne"
        return _not_looked_at(name, title, str(error), remedy)
    except OSError as error:
        remedy = "set DUCHENNE_MODELS and DUCHENNE_LIBRARY to folders of yours"
        return _not_looked_at(name, title, in_a_sentence(error).rstrip("."), remedy)


def _not_looked_at(name: str, title: str, why: str, remedy: str) -> Section:
    detail = f"cannot be looked at: {why}"
    return Section(name, title, (Finding(name, "fault", detail, remedy, name in _VITAL),))


# Imported late, because each of these needs packages that may be what is missing.


def _core() -> tuple[Finding, ...]:
    from duchenne.cli.checkup.packages import find_core

    return find_core()


def _extras() -> tuple[Finding, ...]:
    from duchenne.cli.checkup.packages import find_extras

    return find_extras()


def _models(thoroughly: bool) -> tuple[Finding, ...]:
    from duchenne.cli.checkup.models import find_landmarker, find_weights, try_main_job

    landmarker = find_landmarker()
    tried = (try_main_job(landmarker),) if thoroughly else ()
    return (landmarker, *find_weights(), *tried)


def _places() -> tuple[Finding, ...]:
    from duchenne.cli.checkup.places import find_places

    return find_places()


def _screen() -> tuple[Finding, ...]:
    from duchenne.cli.checkup.screens import find_screen

    return find_screen()


def _programs() -> tuple[Finding, ...]:
    from duchenne.cli.checkup.screens import find_openface

    return find_openface()
