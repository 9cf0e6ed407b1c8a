"""Made-up face crops of labelled clips, and trees of videos that nobody can watch."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.evaluation.video_sets.cropping import MEASURES
from tests.pedfe_clips import clip_table


def crop_pixels(
    emotion: int, posed: bool, frames: int, noise: np.random.Generator, side: int = 112
) -> NDArray[np.uint8]:
    """(frames, side, side): a bright stripe for the emotion, another for posed ones."""
    pixels = noise.integers(0, 60, (frames, side, side))
    height = side // 8
    pixels[:, emotion * height : (emotion + 1) * height] += 150
    if posed:
        pixels[:, :, : side // 8] += 40
    return pixels.astype(np.uint8)


def tiny_crops(people: int = 6, frames: int = 4, side: int = 112) -> CropSet:
    """Each person in six emotions, genuine and posed; both can be seen."""
    clips = clip_table(people)[["code", "subject", "type", "emotion"]]
    noise = np.random.default_rng(4)
    places = {name: place for place, name in enumerate(sorted(clips["emotion"].unique()))}
    parts = [
        crop_pixels(places[clip.emotion], clip.type == "posed", frames, noise, side)
        for clip in clips.itertuples()
    ]
    measures = noise.normal(size=(frames * len(clips), len(MEASURES))).astype(np.float32)
    clip = np.repeat(np.arange(len(clips)), frames)
    return CropSet("made up", clips, np.concatenate(parts), clip, measures)


def write_pedfe_crops(folder: Path, crops: CropSet) -> Path:
    """``clips.csv`` and ``crops.parquet``, the crops of a clip out of order."""
    people = int(crops.clips["subject"].max())
    clip_table(people).to_csv(folder / "clips.csv", index=False)
    rows = [
        (crops.clips["code"][clip], number, cv2.imencode(".jpg", pixels)[1].tobytes())
        for number, (pixels, clip) in enumerate(zip(crops.pixels, crops.clip, strict=True))
    ]
    table = pd.DataFrame(rows[::-1], columns=["code", "frame", "image"])
    table.to_parquet(folder / "crops.parquet")
    return folder


def empty_files(folder: Path, *names: str) -> Path:
    """Files without content, with their folders."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return folder


def write_frames(folder: Path, picture: NDArray[np.uint8], frames: int = 4) -> Path:
    """A clip as a folder of numbered pictures (RGB), each a little brighter than the last."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(frames):
        brighter = cv2.convertScaleAbs(picture, alpha=1.0, beta=3.0 * number)
        cv2.imwrite(str(folder / f"{number:03}.png"), cv2.cvtColor(brighter, cv2.COLOR_RGB2BGR))
    return folder
