"""What the tests look at: a face in the public domain, a public clip, and shared data if any."""

from __future__ import annotations

import os
from pathlib import Path

# The networks of the tests are tiny: threads that wait for each other cost ten times as much as
# they save, above all on a busy machine. Before anything imports NumPy or PyTorch.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from duchenne.faces import FaceNetworks

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("DUCHENNE_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def networks() -> FaceNetworks:
    return FaceNetworks()


@pytest.fixture(scope="session")
def astronaut() -> NDArray[np.uint8]:
    """(512, 512, 3) RGB: one smiling face."""
    face: NDArray[np.uint8] = data.astronaut()
    return face


@pytest.fixture(scope="session")
def carphone() -> Path:
    """A man talking in a car, 176 x 144, 120 frames."""
    clip = ROOT / "out" / "media" / "carphone.mp4"
    if not clip.exists():
        pytest.skip("the public clip is not there: `make test` fetches it")
    return clip


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """Real clips that may not be committed."""
    if not (SHARED / "media").is_dir():
        pytest.skip(f"no shared data at {SHARED}: set DUCHENNE_SHARED_DATA")
    return SHARED / "media"
