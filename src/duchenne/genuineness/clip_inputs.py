"""What the model of clips looks at: statistics of one face's signals from one time to another."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.expressions.clip_statistics import NAMES, SIGNALS, clip_statistics
from duchenne.expressions.clip_statistics import STATISTICS as ALL_STATISTICS
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.faces import POSE
from duchenne.genuineness.options import INSTEAD
from duchenne.recording.recording import Recording

# Single frames decide these, and landmarks jitter by the frame: other programs smooth more.
_OF_ONE_FRAME: Final = frozenset(
    {"min", "max", "speed_max", "speed_min", "acceleration_max", "acceleration_min"}
)

STATISTICS: Final[tuple[str, ...]] = tuple(s for s in ALL_STATISTICS if s not in _OF_ONE_FRAME)
"""The 20 statistics of a signal (``duchenne.expressions.clip_statistics``)."""

INPUTS: Final[tuple[str, ...]] = tuple(f"{name}_{part}" for name in SIGNALS for part in STATISTICS)
"""The 1,500 inputs: the 75 signals by the 20 statistics."""

COLUMNS: Final[list[int]] = [NAMES.index(name) for name in INPUTS]
"""Where the inputs stand among the 1,950 ``clip_statistics``."""

MARGIN_S: Final = 0.5
"""Before the onset and after the offset of an expression that was found in a longer recording: how
a face leaves rest and comes back to it."""

_SCORES: Final = [f"bs_{name}" for name in BLENDSHAPES]
_TURNS: Final = [f"pose_{name}" for name in POSE[:3]]


def clip_inputs(
    recording: Recording, face_id: int, first_s: float, last_s: float
) -> NDArray[np.float64]:
    """The inputs of one face between two times.

    Args:
        recording: with landmarks, blendshapes and head pose, as ``duchenne analyze`` writes it.
        face_id: whose face.
        first_s: s, the first frame is the one at or after it.
        last_s: s, the last frame is the one at or before it.

    Returns:
        (1500,) float64 in the order of ``INPUTS``; NaN throughout where the face was not found.

    Raises:
        DataError: the recording lacks what the inputs are made of.
    """
    recording.require([*_TURNS, *_SCORES])
    if not recording.has_landmarks:
        raise DataError(
            "This recording holds no landmarks, which verdicts about clips need: analyse the "
            f"video again with duchenne, or judge with {INSTEAD}."
        )
    rows = recording.to_frame()
    times = rows["timestamp"].to_numpy(np.float64)
    inside = (times >= first_s - 1e-6) & (times <= last_s + 1e-6)
    chosen = np.flatnonzero(inside & (rows["face_id"] == face_id) & (rows["success"] == 1))
    # One frame a time: a stalled clock repeats itself.
    moments, kept = np.unique(times[chosen], return_index=True)
    chosen = chosen[kept]
    statistics = clip_statistics(
        moments,
        _matrix(rows, _SCORES, chosen),
        _matrix(rows, _TURNS, chosen),
        recording.landmarks_of(chosen),
    )
    return statistics[COLUMNS]


def _matrix(
    rows: pd.DataFrame, columns: list[str], chosen: NDArray[np.intp]
) -> NDArray[np.float32]:
    return np.asarray(rows.iloc[chosen][columns], np.float32)
