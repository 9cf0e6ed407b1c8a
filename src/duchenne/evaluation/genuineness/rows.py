"""PEDFE's clips as the shipped genuineness models see them: whole, found, noisy, and still."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.names import INTENSITIES
from duchenne.evaluation.datasets.pedfe_frames import (
    STORED,
    ClipFrames,
    read_clip_frames,
    read_judged_clips,
)
from duchenne.evaluation.genuineness.features import apex_frame
from duchenne.evaluation.genuineness.tracking_noise import TrackingNoise
from duchenne.expressions.clip_statistics import clip_statistics
from duchenne.expressions.finding import find
from duchenne.expressions.signals import stretches
from duchenne.expressions.strength import Rest, strength, without_blinks
from duchenne.expressions.track import UNITS, Track, canonical_face
from duchenne.genuineness.clip_inputs import COLUMNS, INPUTS, MARGIN_S
from duchenne.genuineness.still_model import LANDMARK_INPUTS, LANDMARK_POINTS, UNIT_INPUTS

Matrix = NDArray[np.float64]

View = Literal["whole", "found", "noisy", "aus", "landmarks"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
SEED: Final = 0

_UNITS: Final = [INTENSITIES.index(f"{unit}_r") for unit in UNITS]
_POINTS: Final = [STORED.index(point) for point in LANDMARK_POINTS]


@dataclass(frozen=True, eq=False)
class GenuinenessRows:
    """All clips, a row each; NaN throughout where there is nothing to see.

    Attributes:
        clips: the table of clips, with people's judgements.
        whole: (n, 1500) ``clip_inputs`` of the whole clip.
        found: (n, 1500) of the strongest expression that ``duchenne expressions`` finds in it, with
            ``MARGIN_S`` on either side.
        noisy: (n, 1500) of the whole clip with ``TrackingNoise``.
        aus: (n, units) ``UNIT_INPUTS`` in the frame in which the expression is strongest.
        landmarks: (n, points x 3) ``LANDMARK_INPUTS`` in the same frame.
    """

    clips: pd.DataFrame
    whole: Matrix
    found: Matrix
    noisy: Matrix
    aus: Matrix
    landmarks: Matrix

    def __len__(self) -> int:
        return len(self.clips)

    @property
    def genuine(self) -> NDArray[np.bool_]:
        """(n,) bool."""
        return np.asarray(self.clips["type"] == "genuine", bool)

    @property
    def people(self) -> NDArray[Any]:
        """(n,) numbers of the subjects."""
        return np.asarray(self.clips["subject"])

    def view(self, name: View) -> Matrix:
        """One of the tables by its name."""
        table: Matrix = getattr(self, name)
        return table

    @classmethod
    def from_folder(
        cls, folder: str | Path, tick: Callable[[], object] | None = None
    ) -> GenuinenessRows:
        """Read ``clips.csv`` and ``frames.parquet`` of PEDFE, or of a folder laid out alike.

        Raises:
            DataError: a file is missing or not as it should be.
            ModelError: the face model that holds the canonical head cannot be had.
        """
        clips = read_judged_clips(folder)
        return cls.from_frames(clips, read_clip_frames(folder, clips, canonical_face()), tick)

    @classmethod
    def from_frames(
        cls,
        clips: pd.DataFrame,
        frames: Iterable[ClipFrames],
        tick: Callable[[], object] | None = None,
    ) -> GenuinenessRows:
        """From the frames of each clip in the order of the table; frames are not kept."""
        noise = TrackingNoise.load()
        rows = []
        for number, clip in enumerate(frames):
            # A seed a clip: its noise is the same whatever other clips there are.
            random = np.random.default_rng([SEED, number])
            rows.append(_row(clip, noise, random))
            if tick is not None:
                tick()
        return cls(clips, *(np.stack(column) for column in zip(*rows, strict=True)))

    def save(self, path: Path) -> None:
        """Keep the tables (without that of clips), so that they need not be made again."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)[1:]})

    @classmethod
    def load(cls, clips: pd.DataFrame, path: Path) -> GenuinenessRows:
        """What ``save`` kept."""
        with np.load(path) as held:
            return cls(clips, **{field.name: held[field.name] for field in fields(cls)[1:]})


def main_expression(times: Matrix, units: Matrix) -> tuple[float, float] | None:
    """Onset and offset (s) of the strongest expression of a clip, None where none is found.

    Args:
        times: (n,) s, rising.
        units: (n, units) intensities 0 to 5 in the order of ``UNITS``.
    """
    named = {f"{unit}_r": units[:, place] for place, unit in enumerate(UNITS)}
    steady = without_blinks(Track(0, times, named))
    rest = Rest(steady)
    best, highest = None, 0.0
    for part in stretches(times):
        signals = steady.cut(part).signals()
        strong = strength(rest.rises(signals))
        for place in find(strong):
            if strong[place.apex] > highest:
                highest = float(strong[place.apex])
                onset, offset = (
                    signals.start + end / signals.rate for end in (place.onset, place.offset)
                )
                best = (onset, offset)
    return best


def _row(clip: ClipFrames, noise: TrackingNoise, random: np.random.Generator) -> list[Matrix]:
    nothing = np.full(len(INPUTS), np.nan)
    if not len(clip):
        sizes = len(UNIT_INPUTS), len(LANDMARK_INPUTS)
        return [nothing] * 3 + [np.full(size, np.nan) for size in sizes]
    units = clip.intensities()[:, _UNITS].astype(np.float64)
    span = main_expression(clip.times, units)
    inside = slice(0, 0)
    if span is not None:
        ends = [span[0] - MARGIN_S - 1e-6, span[1] + MARGIN_S + 1e-6]
        inside = slice(*np.searchsorted(clip.times, ends).tolist())
    apex = apex_frame(clip.times, units)
    return [
        _inputs(clip, slice(None)),
        _inputs(clip, inside),
        _inputs(noise(clip, random), slice(None)),
        units[apex],
        clip.points[apex, _POINTS].astype(np.float64).reshape(-1),
    ]


def _inputs(clip: ClipFrames, part: slice) -> Matrix:
    return clip_statistics(
        clip.times[part], clip.blendshapes[part], clip.pose[part], clip.landmarks()[part]
    )[COLUMNS]
