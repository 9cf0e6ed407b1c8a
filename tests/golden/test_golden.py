"""A golden recording: numbers of the public clip that must not drift from version to version.

Made again, after a change that is meant to change them, by ``python -m tests.golden.test_golden``
in the repository's root; the change then stands in the commit, number by number.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from duchenne.recording.analyzer import Analyzer, Span

GOLDEN = Path(__file__).with_name("carphone.csv")
EVERY = 10

# Other processors round otherwise, and a tracked face carries that on from frame to frame.
TOLERANCES = {"face_": 0.5, "pose_t": 0.5, "pose_": 0.7, "emotion_": 0.03, "AU": 0.25, "bs_": 0.03}


def tolerance(column: str) -> float:
    return next((v for prefix, v in TOLERANCES.items() if column.startswith(prefix)), 1e-6)


def measure(clip: Path) -> pd.DataFrame:
    table = Analyzer().run(clip, Span(end=4.0)).to_frame()
    blendshapes = ["bs_mouthSmileLeft", "bs_jawOpen", "bs_browInnerUp", "bs_eyeBlinkLeft"]
    kept = [c for c in table.columns if not c.startswith("bs_") or c in blendshapes]
    rows = table.loc[table["frame"] % EVERY == 0, kept]
    return rows.reset_index(drop=True).astype(float).round(4)


def test_the_public_clip_gives_the_golden_numbers(carphone: Path) -> None:
    golden, found = pd.read_csv(GOLDEN), measure(carphone)
    assert list(found.columns) == list(golden.columns)
    assert len(found) == len(golden) >= 8
    for column in golden.columns:
        expected = pytest.approx(golden[column].tolist(), abs=tolerance(column))
        assert found[column].tolist() == expected, column


if __name__ == "__main__":
    measure(Path("out/media/carphone.mp4")).to_csv(GOLDEN, index=False)
