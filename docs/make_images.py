"""Makes the README's picture by running the pipeline on the public picture.

Usage: python docs/make_images.py MEDIA IMAGES
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

# Head and shoulders, enlarged, so that the labels can be read on a small screen.
PART = (76, 0, 376, 200)
SIZE = (900, 600)


def main(media: Path, images: Path) -> None:
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        source = Path(work, "astronaut.png")
        part = Image.open(media / "astronaut.png").crop(PART)
        part.resize(SIZE, Image.Resampling.LANCZOS).save(source)
        duchenne = str(Path(sys.executable).with_name("duchenne"))
        command = [duchenne, "analyze", str(source), "--out", work, "--no-report"]
        done = subprocess.run(command, check=False)
        if done.returncode != 0:
            sys.exit(done.returncode)
        shutil.copyfile(Path(work, "astronaut", "annotated.png"), images / "astronaut.png")
    print(f"Made {images / 'astronaut.png'}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
