"""Real clips, analysed once for the whole room."""

from __future__ import annotations

from pathlib import Path

import pytest

from duchenne.recording import Recording
from duchenne.recording.analyzer import Analyzer


@pytest.fixture(scope="session")
def one_smile(shared_media: Path) -> Recording:
    """A man, neutral, smiling from frame 67 to 103 of 126, neutral; 30 frames/s."""
    return Analyzer(max_faces=1).run(shared_media / "neutral_smile_neutral.mov")


@pytest.fixture(scope="session")
def two_smiles(shared_media: Path) -> Recording:
    """Smiles from frame 39 to 60 and from 101 to 135 of 164; about 14.25 uneven frames/s."""
    return Analyzer(max_faces=1).run(shared_media / "smile.mov")
