"""The series of every face on one common time axis, thin enough to draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.report.rows import (
    ANGLES,
    AU_COLUMNS,
    EMOTION_COLUMNS,
    SIDE_COLUMNS,
    frame_times,
    with_face,
)
from duchenne.report.thinning import (
    MOST_POINTS,
    group_size,
    thin_extremes,
    thin_means,
    thin_times,
)

Values = NDArray[np.float64]

# Many faces share one page: each gets fewer points, but never too few to follow.
_POINTS_IN_ALL: Final = 3600
_FEWEST_POINTS: Final = 300


@dataclass(frozen=True, eq=False)
class FaceSeries:
    """What one face showed over time; NaN where it was not seen.

    Attributes:
        emotions: (7, n) probabilities from 0 to 1, in the order of ``EMOTIONS``.
        action_units: (19, n) intensities from 0 to 5, in the order of ``ACTION_UNITS``.
        sides: (26, n) the same of either side, in the order of ``SIDE_COLUMNS``.
        angles: (3, n) yaw, pitch and roll in degrees.
    """

    emotions: Values
    action_units: Values
    sides: Values
    angles: Values


@dataclass(frozen=True, eq=False)
class Timeline:
    """The series of the chosen faces.

    Attributes:
        times: (n,) in ``unit``.
        unit: ``s``, or ``frame`` where the source knows no time.
        group: how many frames one point stands for; 1 where nothing was thinned.
        faces: series by face id.
    """

    times: Values
    unit: str
    group: int
    faces: dict[int, FaceSeries]

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, face_ids: list[int]) -> Timeline:
        """Lay the rows of these faces on the axis of all analysed frames."""
        times, unit = frame_times(rows)
        limit = int(np.clip(_POINTS_IN_ALL // max(1, len(face_ids)), _FEWEST_POINTS, MOST_POINTS))
        group = group_size(len(times), limit - limit % 2)
        seen = with_face(rows)
        faces = {
            face_id: _series(seen[seen["face_id"] == face_id], times.index, group)
            for face_id in face_ids
        }
        return cls(thin_times(times.to_numpy(), group), unit, group, faces)

    def to_json(self) -> dict[str, Any]:
        """For the page's script: shares in percent, 3 significant digits, None for NaN."""
        return {
            "unit": self.unit,
            "times": [round(float(t), 3) for t in self.times],
            "faces": {
                str(face_id): {
                    "emotions": _compact(series.emotions * 100),
                    "aus": _compact(series.action_units),
                    "sides": _compact(series.sides),
                    "angles": _compact(series.angles),
                }
                for face_id, series in self.faces.items()
            },
        }


def _series(rows: pd.DataFrame, frames: pd.Index[int], group: int) -> FaceSeries:
    placed = rows.set_index("frame").reindex(frames)
    emotions = _columns(placed, EMOTION_COLUMNS)
    emotions[:, np.isnan(emotions).any(axis=0)] = np.nan
    return FaceSeries(
        thin_means(emotions, group),
        thin_extremes(_columns(placed, AU_COLUMNS), group),
        thin_extremes(_columns(placed, SIDE_COLUMNS), group),
        thin_extremes(_columns(placed, ANGLES), group),
    )


def _columns(rows: pd.DataFrame, names: tuple[str, ...]) -> Values:
    values: Values = rows.loc[:, list(names)].to_numpy(np.float64, copy=True).T
    values[~np.isfinite(values)] = np.nan
    return values


def _compact(values: Values) -> list[list[float | int | None]]:
    return [[_short(v) for v in row] for row in values.tolist()]


def _short(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    # A hundredth is finer than any of these numbers is known.
    rounded = round(float(f"{value:.3g}"), 2)
    return int(rounded) if rounded == int(rounded) else rounded
