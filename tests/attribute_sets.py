"""Made-up RAF-DB and UTKFace folders: noise with a stripe that says what is displayed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from duchenne.evaluation.datasets.face_attributes import HEADS, FaceAttributes, from_table
from duchenne.evaluation.datasets.rafdb import ATTRIBUTES, LIST, PICTURES

_LANDMARKS = "12.5\t20.1\n36.2\t20.4\n24.0\t30.0\n16.0\t38.0\n33.0\t38.5\n"


def make_rafdb(folder: Path, train: int = 40, test: int = 4) -> Path:
    """``train`` and ``test`` pictures whose emotions, genders, races and ages go round."""
    top = folder / "basic"
    for part in (LIST.parent, PICTURES, ATTRIBUTES):
        (top / part).mkdir(parents=True)
    names = [f"train_{i:05d}" for i in range(1, train + 1)]
    names += [f"test_{i:04d}" for i in range(1, test + 1)]
    lines = []
    for i, name in enumerate(names):
        lines.append(f"{name}.jpg {i % 7 + 1}")
        _save(striped(i % 7, i, 100), top / PICTURES / f"{name}_aligned.jpg")
        attributes = f"{_LANDMARKS}{i % 3}\n{i // 3 % 3}\n{i % 5}\n"
        (top / ATTRIBUTES / f"{name}_manu_attri.txt").write_text(attributes)
    (top / LIST).write_text("\n".join(lines) + "\n")
    return folder


def make_utkface(folder: Path, count: int = 40) -> Path:
    """Pictures of every age range, gender and race, in a folder within the folder."""
    (folder / "part1").mkdir(parents=True)
    for i in range(count):
        name = f"{(i * 13) % 90}_{i % 2}_{i % 5}_201701{i:011d}.jpg.chip.jpg"
        _save(striped(i % 7, i, 100), folder / "part1" / name)
    return folder


def tiny_attributes(rows: int = 140, seed: int = 3) -> FaceAttributes:
    """Four of five rows to train on; in one of three, some label is unknown."""
    rng = np.random.default_rng(seed)
    labels = np.stack([rng.integers(0, len(c), rows) for c in HEADS.values()], axis=1)
    labels[rng.random(labels.shape) < 0.3] = -1
    images = [np.asarray(striped(max(int(row[0]), 0), i, 48)) for i, row in enumerate(labels)]
    usage = ["Validation" if i % 5 == 0 else "Training" for i in range(rows)]
    return from_table(images, [tuple(row) for row in labels.tolist()], usage, "RAF-DB")


def striped(stripe: int, seed: int, side: int) -> NDArray[np.uint8]:
    picture = np.random.default_rng(seed).integers(0, 100, (side, side)).astype(np.uint8)
    picture[stripe * side // 7 : (stripe + 1) * side // 7] += 120
    return picture


def _save(picture: NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(picture).convert("RGB").save(path, quality=95)
