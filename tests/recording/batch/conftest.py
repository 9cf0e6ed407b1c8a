"""Films whose faces have a past: numbers that a worker in the middle cannot know."""

from __future__ import annotations

from pathlib import Path

import pytest

from duchenne.recording import storage
from duchenne.recording.analyzer import Span
from duchenne.recording.batch.stretches import StretchAnalyzer
from tests.faces.conftest import her, narrow
from tests.faces.films import MIDDLE, WIDTH, Head, scene
from tests.recording.batch.films import FPS, SECONDS, write_film

__all__ = ["her", "narrow"]


@pytest.fixture(scope="session")
def analyzer() -> StretchAnalyzer:
    return StretchAnalyzer()


@pytest.fixture(scope="session")
def crossing_film(tmp_path_factory: pytest.TempPathFactory, her: Head, narrow: Head) -> Path:
    """One comes and goes for good; then two cross again and again, also at the fresh starts."""
    pictures = []
    for i in range(FPS * SECONDS):
        time = i / FPS
        if time < 2:
            pictures.append(scene((her, 150, MIDDLE)))
        elif time < 5:
            pictures.append(scene())
        else:
            # A full way takes seven seconds: some crossings fall on 10 and 20 s, others not.
            way = abs((time - 5) / 3.5 % 2 - 1)
            x = 130 + 380 * way
            pictures.append(scene((narrow, x, MIDDLE), (her, WIDTH - x, MIDDLE + 5)))
    return write_film(tmp_path_factory.mktemp("films") / "crossing.mp4", pictures)


@pytest.fixture(scope="session")
def unbroken(
    crossing_film: Path, analyzer: StretchAnalyzer, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """The recording of the film by one run over all of it."""
    folder = tmp_path_factory.mktemp("unbroken")
    analyzer.write(crossing_film, folder)
    return (folder / storage.TABLE).read_bytes()


@pytest.fixture(scope="session")
def staged(
    crossing_film: Path, analyzer: StretchAnalyzer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with all stretches of the film, none joined: to be copied.

    From the last to the first, as if many workers had taken turns.
    """
    folder = tmp_path_factory.mktemp("staged")
    for stretch in reversed(analyzer.stretches(str(crossing_film), folder, Span(), None, 1)):
        analyzer.analyze_stretch(str(crossing_film), folder, Span(), stretch, None)
    return folder
