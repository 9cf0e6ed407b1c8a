"""Calms numbers for the eye; recordings and verdicts use them as they were measured."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.app.memory import Look

SETTLING_S: Final = 0.25
"""After this long, a jump is followed to 63 %."""

_FORGOTTEN_S: Final = 1.0


class Smoothed:
    """Exponential means over time, for each face of its own."""

    def __init__(self) -> None:
        self._faces: dict[int, tuple[float, NDArray[np.float32]]] = {}

    def add(self, look: Look) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Emotions (n, 7) and Action Units (n, 45) of a look, smoothed."""
        now, count = look.frame.time, look.emotions.shape[1]
        values = np.concatenate([look.emotions, look.action_units], axis=1)
        for place, face_id in enumerate(look.faces.track_ids.tolist()):
            at, before = self._faces.get(face_id, (-math.inf, values[place]))
            if now - at < _FORGOTTEN_S:
                held = np.float32(math.exp(-(now - at) / SETTLING_S))
                values[place] += (before - values[place]) * held
            self._faces[face_id] = (now, values[place].copy())
        self._faces = {i: f for i, f in self._faces.items() if now - f[0] < _FORGOTTEN_S}
        return values[:, :count], values[:, count:]
