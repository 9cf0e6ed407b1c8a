"""A made-up PEDFE: stripes that the tiny network takes for emotions."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS

# Rows of a crop of 112 that become the stripe of class 0 in a crop of 48, see ``fer_crop``.
SCALE = 0.36 * 112 / (32.67 - 15.21)


def stripe(label: int) -> np.ndarray:
    """(112, 112) with the bright rows that ``tiny_model`` takes for that class."""
    crop = np.full((112, 112), 40, np.uint8)
    centre = 0.38 * 112 + SCALE * (6 * label + 4 - 18.99)
    rows = np.arange(112) + 0.5
    crop[np.abs(rows - centre) < 4 * SCALE] = 220
    return crop


def write_pedfe(folder: Path, *, wrong: str = "") -> Path:
    """Three people, each emotion genuine and posed, two crops a clip.

    ``wrong`` names the codes' kind letter (g or s) whose clips show another emotion.
    """
    clips, crops = [], []
    for subject in (1, 2, 3):
        for number, (theirs, ours) in enumerate(PEDFE_EMOTIONS.items()):
            for letter, kind in (("g", "genuine"), ("s", "posed")):
                code = f"{subject}_{number}{letter}_1"
                clips.append([code, subject, kind, theirs, 50.0 + 10 * (letter == "s")])
                shown = EMOTIONS.index(ours)
                shown = (shown + 1) % 6 if letter == wrong else shown
                encoded = cv2.imencode(".jpg", stripe(shown))[1].tobytes()
                crops += [[code, frame, encoded] for frame in (0, 8)]
    columns = ["code", "subject", "type", "emotion", "hit_rate_emotion"]
    pd.DataFrame(clips, columns=columns).to_csv(folder / "clips.csv", index=False)
    table = pd.DataFrame(crops, columns=["code", "frame", "image"])
    table.to_parquet(folder / "crops.parquet")
    return folder
