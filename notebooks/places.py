"""Where these notebooks find pictures, clips and data sets. duchenne itself needs none of this."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEDIA = ROOT / "out" / "media"
WORK = ROOT / "out" / "notebooks"
SHARED = Path(os.environ.get("DUCHENNE_SHARED_DATA", ROOT.parent / "shared" / "data"))


def picture() -> Path:
    """The astronaut Eileen Collins, by NASA, public domain."""
    return _public("astronaut.png")


def clip() -> Path:
    """The public test sequence "carphone": a man who talks, 176 x 144, 4 s."""
    return _public("carphone.mp4")


def shared(name: str) -> Path | None:
    """A data set or clip that may not be passed on; None where this machine has it not."""
    place = SHARED / name
    return place if place.exists() else None


def _public(name: str) -> Path:
    if not (MEDIA / name).exists():
        subprocess.run([sys.executable, ROOT / "docs" / "public_media.py", MEDIA], check=True)
    return MEDIA / name
