"""What the smile models see: features of the lips, and each phase's share in the whole smile.

The 25 features a phase are those of ``duchenne.expressions.phases``. Left out is the
``left_right_amplitude_difference``, which the table that the models learn from counts in pixels of
a scale that nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.expressions.phases import COLUMNS, FEATURES, PHASES

Part = Literal["whole", "onset"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

SHARED: Final = (
    "duration_positive",
    "duration_negative",
    "duration_full",
    "std_amplitude",
    "total_amplitude_positive",
    "total_amplitude_negative",
    "maximum_speed_positive",
    "mean_speed_positive",
    "maximum_acceleration_positive",
)
"""Features of which the models also see each phase's share in the sum over the three phases."""

ONSET: Final = (
    "mean_amplitude_full",
    "mean_amplitude_positive",
    "std_amplitude",
    "total_amplitude_positive",
    "net_amplitude",
    "maximum_speed_positive",
    "mean_speed_positive",
    "maximum_acceleration_positive",
    "net_amplitude_duration_ratio",
)
"""Sizes and speeds of the onset: no durations, because a recording may begin late, and nothing of
the apex, because its end is where the offset begins, which a recording may not show."""

_UNSCALED: Final = "left_right_amplitude_difference"
_SEEN: Final = tuple(name for name in COLUMNS if not name.endswith(_UNSCALED))

INPUTS: Final[dict[Part, tuple[str, ...]]] = {
    "whole": (
        *_SEEN,
        *(f"lip_{phase}_{name}_share" for name in SHARED for phase in PHASES),
        "lip_duration_full",
    ),
    "onset": tuple(f"lip_onset_{name}" for name in ONSET),
}
"""Names of a model's inputs in order: 100 of the whole smile, 9 of its onset alone."""


def inputs_of(lips: NDArray[np.float64], part: Part = "whole") -> NDArray[np.float32]:
    """Inputs of a model.

    Args:
        lips: (N, 75) in the order of ``expressions.phases.COLUMNS``.
        part: which model's; for ``onset`` the other columns may be NaN.

    Returns:
        (N, 100) or (N, 9) in the order of ``INPUTS[part]``. A share in a sum of 0 is 0.
    """
    seen = lips[:, [COLUMNS.index(name) for name in INPUTS[part] if name in _SEEN]]
    if part == "onset":
        return seen.astype(np.float32)
    by_phase = lips.reshape(len(lips), len(PHASES), len(FEATURES))
    order = list(FEATURES)
    sums = by_phase.sum(axis=1, keepdims=True)
    shares = np.divide(by_phase, sums, out=np.zeros_like(by_phase), where=sums > 0)
    # A sum of accelerations may be near 0 with parts of both signs: no share is beyond -1 to 1.
    shares = np.clip(shares, -1.0, 1.0)[:, :, [order.index(name) for name in SHARED]]
    every = shares.transpose(0, 2, 1).reshape(len(lips), -1)
    total = sums[:, 0, [order.index("duration_full")]]
    return np.concatenate([seen, every, total], axis=1).astype(np.float32)


def row_of(features: Mapping[str, float], part: Part) -> NDArray[np.float64]:
    """One smile (1, 75), checked where the part needs it.

    Args:
        features: as ``expressions.phases.lip_features`` gives them.
        part: what has to be there and finite.

    Raises:
        DataError: a feature that the part needs is missing or not finite.
    """
    row = np.array([[features.get(name, np.nan) for name in COLUMNS]], np.float64)
    needed = [name for name in INPUTS[part] if name in _SEEN]
    unknown = [name for name in needed if not np.isfinite(row[0, COLUMNS.index(name)])]
    if unknown:
        raise DataError(
            f"The smile lacks {len(unknown)} of the {len(needed)} lip features of its {part}, "
            f"such as {unknown[0]}: take them from duchenne.expressions.phases.lip_features."
        )
    return row
