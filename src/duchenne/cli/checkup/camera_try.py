"""Opens cameras and prints what they give, a JSON object a line: ``python -m ... 0 1``.

A program of its own, because a driver may hang.
"""

from __future__ import annotations

import json
import sys

from duchenne.errors import MediaError
from duchenne.media.cameras import Camera


def look(number: int) -> dict[str, object]:
    """Size and frame rate; only the number where it gives no picture."""
    try:
        camera = Camera(number)
    except MediaError:
        return {"number": number}
    info = camera.info
    camera.close()
    return {"number": number, "width": info.width, "height": info.height, "fps": info.fps}


if __name__ == "__main__":
    for given in sys.argv[1:]:
        sys.stdout.write(json.dumps(look(int(given))) + "\n")
        sys.stdout.flush()
