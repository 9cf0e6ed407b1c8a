"""A made-up PEDFE: a folder with the same columns, and clips whose features are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.datasets.pedfe_frames import STORED
from duchenne.evaluation.genuineness.features import (
    STREAM,
    STREAM_LENGTH,
    STREAM_RATE,
    ClipFeatures,
)
from duchenne.expressions.clip_statistics import NAMES, STATISTICS
from duchenne.expressions.track import UNITS
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace

PIXELS_A_CM = 20.0


def clip_table(people: int, repeats: int = 1, first: int = 1) -> pd.DataFrame:
    """Each person in six emotions, genuine and posed, ``repeats`` times."""
    emotions = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
    rows = [
        (f"{person}_{emotion[0]}{kind[0]}_{number}", person, kind, f"{emotion}")
        for person in range(first, first + people)
        for place, emotion in enumerate(emotions)
        for kind in ("genuine", "posed")
        for number in range(10 * place, 10 * place + repeats)
    ]
    clips = pd.DataFrame(rows, columns=["code", "subject", "type", "emotion"])
    generator = np.random.default_rng(3)
    genuine = clips["type"] == "genuine"
    return clips.assign(
        hit_rate_emotion=80.0,
        hit_rate_type=np.where(genuine, 70.0, 60.0),
        mean_genuineness=np.where(genuine, 1.0, -1.0),
        mean_intensity=generator.uniform(2.0, 6.0, len(clips)).round(2),
    )


def head_pixels(face: CanonicalFace) -> NDArray[np.float64]:
    """(229, 3) landmarks of the canonical head in the middle of PEDFE's frame."""
    mesh = np.vstack([face.points, np.repeat(face.points[[468 - 1]], 10, axis=0)])
    mesh[468:473] = face.points[[33, 133]].mean(axis=0)
    mesh[473:478] = face.points[[362, 263]].mean(axis=0)
    pixels = mesh[list(STORED)] * PIXELS_A_CM * [1.0, -1.0, -1.0]
    placed: NDArray[np.float64] = pixels + np.array([427.0, 240.0, 0.0])
    return placed


def write_clips(folder: Path, clips: pd.DataFrame, face: CanonicalFace, frames: int = 24) -> Path:
    """``clips.csv`` and ``frames.parquet``; genuine smiles rise slowly, posed ones at once."""
    clips.to_csv(folder / "clips.csv", index=False)
    head = head_pixels(face)
    generator = np.random.default_rng(5)
    tables = []
    for clip in clips.itertuples():
        seconds = np.arange(frames) / 30
        pace = 1.5 if clip.type == "genuine" else 8.0
        smile = np.clip(pace * (seconds - 0.1), 0.0, 1.0) * generator.uniform(0.5, 0.9)
        tables.append(_frames(clip.code, seconds, smile, head))
    pd.concat(tables, ignore_index=True).to_parquet(folder / "frames.parquet")
    return folder


def _frames(
    code: str, seconds: NDArray[np.float64], smile: NDArray[np.float64], head: NDArray[np.float64]
) -> pd.DataFrame:
    count = len(seconds)
    columns: dict[str, object] = {"code": code, "frame": np.arange(count)}
    columns |= {"time": seconds.astype(np.float32), "success": True}
    columns |= {name: np.zeros(count, np.float32) for name in ("pitch", "yaw", "roll")}
    columns |= {"tz": np.full(count, -60.0, np.float32)}
    for name in BLENDSHAPES:
        score = smile if name.startswith("mouthSmile") else 0.05 * np.ones(count)
        columns[f"bs_{name}"] = np.round(score * 65535).astype(np.uint16)
    moved = np.repeat(head[None], count, axis=0)
    for corner, side in ((61, -1.0), (291, 1.0)):
        moved[:, STORED.index(corner), 0] += side * 12 * smile
        moved[:, STORED.index(corner), 1] -= 8 * smile
    for place, point in enumerate(STORED):
        for axis, name in enumerate("xyz"):
            columns[f"{name}_{point}"] = np.round(moved[:, place, axis] * 16).astype(np.int16)
    return pd.DataFrame(columns)


def drawn_features(
    clips: pd.DataFrame, signal: float = 0.0, leak: float = 0.0, seed: int = 0
) -> ClipFeatures:
    """Noise, plus what tells the types apart.

    Args:
        clips: the table.
        signal: how much a few numbers are higher for genuine clips, in standard deviations.
        leak: how far each person's genuine and posed session lie apart, each in a direction of
            its own that says nothing about other people.
        seed: of the draws.
    """
    generator = np.random.default_rng(seed)
    count = len(clips)
    genuine = (clips["type"] == "genuine").to_numpy(bool)
    session = pd.factorize(clips["subject"].astype(str) + clips["type"])[0]

    def table(*shape: int) -> NDArray[np.float64]:
        rows = generator.normal(size=(count, *shape)).reshape(count, -1)
        rows += leak * generator.normal(size=(session.max() + 1, rows.shape[1]))[session]
        rows[:, : 6 + rows.shape[1] // 20] += signal * genuine[:, None]
        return rows.reshape(count, *shape)

    points = (len(STORED), 3)
    return ClipFeatures(
        tuple(clips["code"]),
        table(len(UNITS)),
        table(len(UNITS) * len(STATISTICS)),
        table(*points),
        table(*points),
        table(len(NAMES)),
        drawn_streams(genuine, signal, generator),
    )


def drawn_streams(
    genuine: NDArray[np.bool_], signal: float, generator: np.random.Generator
) -> NDArray[np.float32]:
    """(n, 50, 66, 2) in cm: faces that move one way for 1.2 to 1.6 s, the genuine ones longer.

    Args:
        genuine: (n,) bool.
        signal: by how many times 0.2 s longer than posed ones, which take 0.2 s.
        generator: of shapes, sizes and noise.
    """
    shape = generator.normal(0, 4, (len(STREAM), 2))
    way = generator.normal(0, 1, shape.shape)
    seconds = np.arange(STREAM_LENGTH) / STREAM_RATE
    streams = np.full((len(genuine), STREAM_LENGTH, *shape.shape), np.nan)
    for clip, spontaneous in zip(streams, genuine, strict=True):
        size = generator.uniform(0.5, 1.0)
        done = np.clip(seconds / (0.2 + 0.2 * signal * spontaneous), 0, 1) * size
        known = generator.integers(13, 17)
        clip[:known] = (shape + done[:, None, None] * way)[:known]
    return (streams + generator.normal(0, 0.02, streams.shape)).astype(np.float32)
