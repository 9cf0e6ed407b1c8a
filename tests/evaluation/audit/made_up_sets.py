"""Data sets without shortcuts, and with planted ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.items import AuditSet, nobody


def clean_set(seed: int, items: int = 72, nuisances: int = 6) -> AuditSet:
    """No shortcut, but all that makes tests lie: people of their own look, labels that cluster in
    people, few people, ties, gaps, several labels, sources of their own look.
    """
    rng = np.random.default_rng(seed)
    people = int(rng.integers(6, 40))
    subject = np.array([f"s{who}" for who in rng.integers(0, people, items)])
    source = np.array(["A", "B", "C"])[rng.integers(0, 3, items)]
    label = np.array(list("abcd"))[rng.integers(0, 2 + seed % 3, items)]
    names = np.unique(subject)
    if seed % 4 == 1:  # everybody has one label only
        own = {name: "ab"[place % 2] for place, name in enumerate(rng.permutation(names))}
        label = np.array([own[name] for name in subject])
    if seed % 4 == 2:  # everybody leans to a label
        lean = {name: rng.uniform(0.15, 0.85) for name in names}
        label = np.array(["ab"[int(rng.random() < lean[name])] for name in subject])
    if seed % 4 == 3:  # nobody is named
        subject = nobody(items)
    look = {name: rng.normal(size=nuisances) for name in np.unique(subject)}
    values = rng.normal(size=(items, nuisances)) + 2 * np.stack([look[name] for name in subject])
    values[:, 1] = np.round(values[:, 1])
    values[rng.random(items) < 0.2, 2] = np.nan
    values[:, 3] = np.exp(2 * values[:, 3])
    label[:12] = np.tile(np.unique(label), 12)[:12]  # no label with too few items
    return AuditSet(
        name="clean",
        kind="features",
        names=np.array([f"clip_{number:05}.mp4" for number in rng.permutation(99_999)[:items]]),
        label=label,
        subject=subject,
        source=source,
        split=nobody(items),
        nuisances={f"n{place}": values[:, place] for place in range(nuisances)},
        intensity={"strength": rng.normal(size=items)},
        neutral=rng.normal(size=(items, 5)),
    )


PLANTED = (
    "high", "low", "middle", "ends", "missing", "steps", "together", "source", "gender",
    "file names", "intensity", "neutral",
)  # fmt: skip


def planted_set(kind: str, seed: int, items: int = 160) -> AuditSet:
    """A clean set of nobody named, two labels, and one shortcut that is right in 9 of 10 items."""
    rng = np.random.default_rng(seed)
    label = np.array(["a", "b"])[rng.permutation(np.arange(items) % 2)]
    plain = clean_set(4 * seed + 3, items)
    sign = np.where(label == "a", 1.0, -1.0) * np.where(rng.random(items) < 0.9, 1, -1)
    data = replace(plain, label=label)
    away = np.abs(rng.normal(size=items)) + 0.4
    one = rng.choice([-1.0, 1.0], items)
    carriers = {
        "high": sign * away,
        "low": -sign * away,
        "middle": one * np.where(sign > 0, away / 4, away + 1.5),
        "ends": one * np.where(sign < 0, away / 4, away + 1.5),
        "missing": np.where(sign > 0, np.nan, rng.normal(size=items)),
        "steps": np.where(sign > 0, 3.0, 2.0),
    }
    if kind in carriers:
        return replace(data, nuisances={**data.nuisances, "n0": carriers[kind]})
    if kind == "together":  # neither of the two tells anything by itself
        pair = {"n0": one * away, "n1": one * sign * away}
        return replace(data, nuisances=pair)
    named = [f"{'IMG' if s > 0 else 'DSC'}_{n:04}.jpg" for n, s in enumerate(sign)]
    others: dict[str, dict[str, Any]] = {
        "source": {"source": np.where(sign > 0, "London", "Padova")},
        "gender": {"categories": {"gender": np.where(sign > 0, "f", "m")}},
        "file names": {"names": np.array(named)},
        "intensity": {"intensity": {"strength": sign * away}},
        "neutral": {"neutral": rng.normal(size=(items, 5)) + sign[:, None]},
    }
    return replace(data, **others[kind])


def texture(rng: np.random.Generator, side: int = 64) -> NDArray[np.uint8]:
    """(side, side, 3) soft blobs of colour, each picture of its own."""
    coarse = rng.uniform(40, 215, (6, 6, 3)).astype(np.float32)
    fine = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    soft: NDArray[np.uint8] = np.clip(fine + rng.normal(0, 4, fine.shape), 0, 255).astype(np.uint8)
    return soft


def write_pictures(
    folder: Path,
    spoil: str = "",
    each: int = 24,
    seed: int = 0,
    labels: tuple[str, ...] = ("a", "b"),
) -> Path:
    """``folder/label/*.png``; pictures of the first label are spoilt."""
    rng = np.random.default_rng(seed)
    for label in labels:
        (folder / label).mkdir(parents=True, exist_ok=True)
        for _ in range(each):
            picture = texture(rng)
            name = f"{rng.integers(10**9):09}"
            spoilt = spoil if label == labels[0] else ""
            _write(folder / label / name, picture, spoilt, rng)
    return folder


SPOILT = (
    "brightness", "contrast", "size", "aspect", "sharpness", "noise", "compression", "colour",
    "border", "file format",
)  # fmt: skip


def _write(path: Path, picture: NDArray[np.uint8], spoil: str, rng: np.random.Generator) -> None:
    grey: NDArray[Any] = picture.astype(np.float64)
    if spoil == "brightness":
        grey = grey + 25
    elif spoil == "contrast":
        grey = 128 + (grey - 128) * 0.6
    elif spoil == "size":
        grey = cv2.resize(grey, (80, 80))
    elif spoil == "aspect":
        grey = grey[:, :56]
    elif spoil == "sharpness":
        grey = cv2.GaussianBlur(grey, (0, 0), 1.2)
    elif spoil == "noise":
        grey = grey + rng.normal(0, 8, grey.shape)
    elif spoil == "colour":
        grey = grey + np.array([30, 0, -30])
    elif spoil == "border":
        grey[:4], grey[-4:], grey[:, :4], grey[:, -4:] = 0, 0, 0, 0
    shown: NDArray[Any] = np.clip(grey, 0, 255).astype(np.uint8)[..., ::-1]
    if spoil == "compression":
        _, stored = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 20])
        decoded = cv2.imdecode(stored, cv2.IMREAD_COLOR)
        assert decoded is not None
        shown = decoded
    suffix = ".bmp" if spoil == "file format" else ".png"
    cv2.imwrite(str(path.with_suffix(suffix)), shown)
