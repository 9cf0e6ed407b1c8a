"""Folders that duchenne writes into, and the room on their disks."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from duchenne.cli.checkup.finding import Finding
from duchenne.faces.model_file import NAME, models_folder

# An hour of one face takes about 2.4 GB with its landmarks; less than this ends a run early.
_LEAST_FREE: Final = 2 * 2**30


def find_places() -> tuple[Finding, ...]:
    """Models, recordings of the web page, scratch, and the folder that we are in."""
    from duchenne.app.server.settings import default_library

    return (
        _place("models", models_folder(), "DUCHENNE_MODELS"),
        _place("library of duchenne serve", default_library(), "DUCHENNE_LIBRARY"),
        _place("scratch", Path(tempfile.gettempdir()), "TMPDIR"),
        _place("this folder", Path.cwd(), ""),
    )


def _place(name: str, path: Path, variable: str) -> Finding:
    there = _nearest(path)
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        if (path / NAME).is_file():
            return Finding(name, "ok", f"{path}, read only")
        remedy = f"set {variable} to a folder of yours" if variable else "go to a folder of yours"
        return Finding(name, "fault", f"{path} cannot be written", remedy)
    free = shutil.disk_usage(there).free
    later = "" if path.exists() else ", made when needed"
    detail = f"{path}{later}, {free / 2**30:.1f} GB free"
    if free < _LEAST_FREE:
        return Finding(name, "fault", detail, "make room, or choose a folder on another disk")
    return Finding(name, "ok", detail)


def _nearest(path: Path) -> Path:
    """The folder itself, or the one in which it would be made."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
