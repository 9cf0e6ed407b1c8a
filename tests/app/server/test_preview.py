from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server.preview import PICTURE, write_preview


def test_a_wide_picture_is_shown_smaller(tmp_path: Path, astronaut: NDArray[np.uint8]) -> None:
    Image.fromarray(np.tile(astronaut, (1, 3, 1))).save(tmp_path / "wide.png")
    shown = write_preview(tmp_path / "wide.png", tmp_path, lambda *said: None)
    assert shown == tmp_path / PICTURE
    assert Image.open(shown).size == (960, 320)
