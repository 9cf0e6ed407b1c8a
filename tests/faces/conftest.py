"""Heads to make films of."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from duchenne.faces import FaceNetworks
from tests.conftest import SHARED
from tests.faces.films import Head


@pytest.fixture(scope="session")
def her(networks: FaceNetworks, astronaut: NDArray[np.uint8]) -> Head:
    return Head.cut(networks, astronaut)


@pytest.fixture(scope="session")
def narrow(her: Head) -> Head:
    """Somebody else, as far as shapes go."""
    return her.squeezed(0.8)


@pytest.fixture(scope="session")
def london() -> Path:
    """Pictures of 51 people, neutral and smiling, that may not be committed."""
    folder = SHARED / "london_faces"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {SHARED}: set DUCHENNE_SHARED_DATA")
    return folder


def read(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path))
    assert picture is not None
    return np.asarray(picture[:, :, ::-1], np.uint8)
