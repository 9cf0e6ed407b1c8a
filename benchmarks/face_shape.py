"""Whom does the shape of a face tell apart? Fits its weights (PEDFE), and measures them.

Usage: python benchmarks/face_shape.py --pedfe DIR --london DIR [--ship]

DIR: PEDFE's ``frames.parquet`` (Miolla et al. 2023) and London's pictures (DeBruine and Jones
2017). Every sixth frame of PEDFE is fitted. Its figures come from four folds by person, in which
nobody measured is in the fit; London's from the fit to all of PEDFE, with our own landmarks. Drawn
with a fixed seed, intervals over people. About two minutes.

``--ship`` writes weights and card (``face_shape.npz``, ``.json``, ``.md``) into the package.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError, DuchenneError
from duchenne.faces import FaceTracker
from duchenne.faces.shape import (
    LANDMARKS_USED,
    ShapeWeights,
    log_lengths,
    log_odds,
    turn_degrees,
    variance_within,
    width_noise,
)
from duchenne.media import open_media
from duchenne.weights.facts import Result
from face_shape_card import COMMAND, face_shape_card, write_weights
from face_shape_trials import Trials

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

EVERY, FOLDS, NUMBERS, RIDGE = 6, 4, 8, 5e-3
# Drawn from PEDFE: pairs of frames of each person, and of each two people.
SAME, DIFFERENT = 200, 20
WIDTHS = (150, 100, 70, 50, 40)
SHRUNK = 24
TURNS = (0, 5, 10, 15, 20, 30)


@dataclass(frozen=True)
class Shapes:
    """Single frames: log lengths (n, 16), pitch and yaw (n, 2), noise (n,), whose and when."""

    lengths: Floats
    turn: Floats
    noise: Floats
    person: NDArray[np.str_]
    moment: NDArray[np.str_]

    @classmethod
    def of(cls, faces: Iterator[tuple[NDArray[np.floating], str, str]]) -> Shapes:
        rows = [
            (log_lengths(f), turn_degrees(f), width_noise(f), who, when) for f, who, when in faces
        ]
        return cls(*(np.array(column) for column in zip(*rows, strict=True)))


@dataclass(frozen=True)
class Fit:
    """Shares (16, 8) of the lengths, and the variance (8,) between people."""

    shares: Floats
    between: Floats

    def values(self, shapes: Shapes) -> Floats:
        return shapes.lengths @ ShapeWeights.from_shares(self.shares, self.between).lengths

    def evidence(self, shapes: Shapes, one: NDArray[np.intp], other: NDArray[np.intp]) -> Floats:
        """Of rows against rows, of one shape or such that broadcast."""
        values = self.values(shapes)
        noise = (shapes.noise[one] + shapes.noise[other]) / 2
        within = variance_within(shapes.turn[one] - shapes.turn[other], noise)
        return log_odds(values[one] - values[other], within, self.between)


def fitted(shapes: Shapes) -> Fit:
    """Linear discriminants (Fisher 1936) of the lengths, rounded so that any machine agrees."""
    lengths = shapes.lengths - shapes.lengths.mean(axis=1, keepdims=True)
    groups = [lengths[shapes.person == name] for name in np.unique(shapes.person)]
    within = np.mean([np.cov(group.T) for group in groups], axis=0)
    between = np.cov(np.stack([group.mean(axis=0) for group in groups]).T)
    within += RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    size, axes = np.linalg.eigh(within)
    whiten = axes / np.sqrt(size)
    ratio, turned = np.linalg.eigh(whiten.T @ between @ whiten)
    best = np.argsort(-ratio)[:NUMBERS]
    shares = whiten @ turned[:, best]
    shares -= shares.mean(axis=0)
    # A discriminant has no sign of its own.
    largest = np.take_along_axis(shares, np.abs(shares).argmax(axis=0)[None], axis=0)
    return Fit((shares * np.sign(largest)).round() + 0.0, ratio[best].round(2))


def read_pedfe(folder: Path) -> Shapes:
    """Every sixth frame with a face; the moment is the emotion of the clip."""
    path = folder / "frames.parquet"
    if not path.is_file():
        raise DataError(f"{path} is not there: --pedfe wants the folder of PEDFE's frames.parquet.")
    points = [f"{axis}_{i}" for i in LANDMARKS_USED for axis in "xyz"]
    return Shapes.of(_pedfe_faces(pq.ParquetFile(path), points))


def _pedfe_faces(
    file: pq.ParquetFile, points: list[str]
) -> Iterator[tuple[NDArray[np.floating], str, str]]:
    for group in range(file.num_row_groups):
        try:
            table = file.read_row_group(group, ["code", "frame", "success", *points]).to_pandas()
            table = table[table["success"].astype(bool) & (table["frame"] % EVERY == 0)]
        except KeyError as error:
            raise DataError(f"PEDFE's frames.parquet lacks the column {error}.") from error
        for row, code in zip(table[points].to_numpy(), table["code"].astype(str), strict=True):
            person, clip, _ = code.split("_")
            # Points that no length uses lie on one that is, so that the face's width stays.
            face = np.empty((478, 3), np.float32)
            face[:] = row[:3] / 16
            face[list(LANDMARKS_USED)] = row.reshape(-1, 3) / 16
            yield face, person, clip[0]


def measure_pedfe(shapes: Shapes) -> Result:
    people = np.unique(shapes.person)
    # One person shows only one emotion, and is only in the fits.
    people = people[[len(np.unique(shapes.moment[shapes.person == p])) > 1 for p in people]]
    generator = np.random.default_rng(0)
    rows = [np.flatnonzero(shapes.person == name) for name in people]
    same, different = np.zeros((len(people), SAME)), []
    for fold in range(FOLDS):
        tested = np.arange(fold, len(people), FOLDS)
        kept = ~np.isin(shapes.person, people[tested])
        fit = fitted(Shapes(*(getattr(shapes, field.name)[kept] for field in fields(Shapes))))
        for i in tested:
            one, other = generator.choice(rows[i], (2, 100 * SAME))
            apart = np.flatnonzero(shapes.moment[one] != shapes.moment[other])[:SAME]
            same[i] = fit.evidence(shapes, one[apart], other[apart])
        for i, j in ((i, j) for i in tested for j in tested if i < j):
            one, other = (generator.choice(rows[k], DIFFERENT) for k in (i, j))
            different.append((i, j, fit.evidence(shapes, one, other)))
    pairs = np.array([(i, j) for i, j, _ in different])
    scores = np.stack([score for _, _, score in different])
    trials = Trials(same, scores, pairs, np.full(len(pairs), np.nan))
    name = f"PEDFE, {len(people)} people, clips of different emotions"
    return Result(name, sum(map(len, rows)), COMMAND, trials.figures())


def neutral_and_smiling(shapes: Shapes, fit: Fit) -> Trials:
    """Every neutral face against every smiling one; only people with both, once each."""
    rows = {(p, m): i for i, (p, m) in enumerate(zip(shapes.person, shapes.moment, strict=True))}
    people = sorted({p for p, _ in rows if {(p, "neutral"), (p, "smiling")} <= rows.keys()})
    neutral, smiling = (
        np.array([rows[p, moment] for p in people]) for moment in ("neutral", "smiling")
    )
    scores = fit.evidence(shapes, neutral[:, None], smiling[None])
    pairs = np.argwhere(np.triu(np.ones_like(scores), 1))
    i, j = pairs.T
    own, swapped = np.diag(scores), np.stack([scores[i, j], scores[j, i]], axis=1)
    return Trials(own[:, None], swapped, pairs, own[i] + own[j] - swapped.sum(axis=1))


def read_london(folder: Path) -> dict[tuple[str, str], tuple[Pixels, NDArray[np.float32]]]:
    """Pictures and landmarks, by person and expression."""
    tracker, found = FaceTracker(), {}
    for path in sorted(folder.glob("*_*.jpg")):
        pixels = next(iter(open_media(path))).pixels
        person, expression = path.stem.split("_", 1)
        faces = tracker.still(pixels)
        if len(faces) != 1:
            raise DataError(f"{path} shows {len(faces)} faces instead of one.")
        found[person, expression] = pixels, faces.landmarks[0]
    if not found:
        raise DataError(f"{folder} holds no NNN_neutral.jpg: --london wants London's pictures.")
    return found


def measure_london(
    london: dict[tuple[str, str], tuple[Pixels, NDArray[np.float32]]], fit: Fit
) -> Iterator[Result]:
    whole = Shapes.of((face, *who) for who, (_, face) in london.items())
    trials = neutral_and_smiling(whole, fit)
    name = f"London, {len(trials.same)} people, neutral against smiling"
    yield Result(name, len(london), COMMAND, trials.figures())
    few = sorted({person for person, _ in london})[:SHRUNK]
    tracker, generator, figures = FaceTracker(), np.random.default_rng(1), []
    for width in WIDTHS:
        found = {}
        for who, (pixels, face) in london.items():
            if who[0] not in few:
                continue
            places = generator.integers(0, 40, 2)
            faces = tracker.still(shrunk(pixels, width / float(np.ptp(face[:, 0])), places))
            if len(faces) == 1:
                found[who] = faces.landmarks[0]
        shapes = Shapes.of((face, *who) for who, face in found.items())
        trials = neutral_and_smiling(shapes, fit)
        if len(trials.same) < len(few):
            raise DataError(f"Only {len(trials.same)} of {len(few)} faces are found when {width} "
                            "pixels wide.")  # fmt: skip
        figures.append(replace(trials.figures()[0], name=f"AUC_{width}_pixels"))
    yield Result(f"London, {len(few)} people, shrunk", 2 * len(few), COMMAND, tuple(figures))


def shrunk(pixels: Pixels, scale: float, place: NDArray[np.int64]) -> Pixels:
    """On grey, as a JPEG has it (quality 80)."""
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    canvas = np.full((height + 80, width + 80, 3), 128, np.uint8)
    canvas[place[0] : place[0] + height, place[1] : place[1] + width] = small
    _, jpeg = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)


def show_turns(shapes: Shapes, fit: Fit) -> None:
    """Is the variance within a person what the code takes it for, whatever the pose?"""
    one, other = np.random.default_rng(0).integers(0, len(shapes.person), (2, 400_000))
    mine = (shapes.person[one] == shapes.person[other]) & (one != other)
    one, other = one[mine], other[mine]
    values = fit.values(shapes)
    variance = ((values[one] - values[other]) ** 2).mean(axis=1) / 2
    turned = shapes.turn[one] - shapes.turn[other]
    expected = variance_within(turned, (shapes.noise[one] + shapes.noise[other]) / 2)
    degrees = np.hypot(*turned.T)
    for low, high in pairwise(TURNS):
        chosen = (degrees >= low) & (degrees < high)
        print(f"  turned by {low:>2} to {high} degrees: variance {variance[chosen].mean():.2f}, "
              f"taken for {expected[chosen].mean():.2f} ({chosen.sum()} pairs)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pedfe", type=Path, required=True, help="folder of frames.parquet")
    parser.add_argument("--london", type=Path, required=True, help="folder of NNN_neutral.jpg, ...")
    parser.add_argument("--ship", action="store_true", help="write weights and card")
    options = parser.parse_args()
    try:
        shapes = read_pedfe(options.pedfe)
        fit = fitted(shapes)
        results = [measure_pedfe(shapes), *measure_london(read_london(options.london), fit)]
    except DuchenneError as error:
        parser.error(str(error))
    for result in results:
        print(f"{result.data} ({result.rows:,} frames)")
        rows = [(f.name, f.value, f.low, f.high) for f in result.figures]
        print(pd.DataFrame(rows, columns=["", "", "low", "high"]).to_string(index=False))
    print("PEDFE, one person:")
    show_turns(shapes, fit)
    if options.ship:
        weights = write_weights(fit.shares, fit.between)
        training: dict[str, object] = {
            "people": len(np.unique(shapes.person)),
            "frames": len(shapes.person),
        }
        training |= {"every frame of": EVERY, "numbers": NUMBERS, "ridge": RIDGE}
        print(f"Written: {face_shape_card(weights, training, tuple(results)).save()}")


if __name__ == "__main__":
    main()
