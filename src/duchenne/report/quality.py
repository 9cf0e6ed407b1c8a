"""Which rows to read with care, and what that means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.report.rows import with_face

Mask = NDArray[np.bool_]

# False finds of the landmark network reach 2.2 logits at most, which is 0.90 (measured).
LOW_CONFIDENCE: Final = 0.9
# Beyond these angles half of the face hides the other, or the brows and the mouth foreshorten.
FAR_YAW, FAR_PITCH = 30.0, 25.0
# FER-2013, from which the emotion classifier learnt, has pictures of 48 pixels.
SMALL_FACE: Final = 48.0


@dataclass(frozen=True, eq=False)
class Check:
    """One thing that makes numbers less reliable.

    Attributes:
        name: for the table.
        count: how many frames (the first check) or face rows (the others) are concerned.
        total: of how many.
        of: what was counted.
        meaning: what it does to the numbers, in one sentence.
        frames: (n,) which analysed frames are concerned, in the order of frames.
    """

    name: str
    count: int
    total: int
    of: str
    meaning: str
    frames: Mask

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.count / self.total if self.total else 0.0


def far_turned(rows: pd.DataFrame) -> Mask:
    """(rows,) True where the head is turned or nodded too far."""
    far = (rows["pose_yaw"].abs() > FAR_YAW) | (rows["pose_pitch"].abs() > FAR_PITCH)
    return np.asarray(far, bool)


def unsure(rows: pd.DataFrame) -> Mask:
    """(rows,) True where it is doubtful that the landmarks sit on a face."""
    return np.asarray(rows["confidence"] < LOW_CONFIDENCE, bool)


def small(rows: pd.DataFrame) -> Mask:
    """(rows,) True where the face has fewer pixels than the classifier was trained on."""
    return np.asarray(rows[["face_width", "face_height"]].min(axis=1) < SMALL_FACE, bool)


def steady(rows: pd.DataFrame) -> Mask:
    """(rows,) True where nothing speaks against the numbers."""
    return ~(far_turned(rows) | unsure(rows) | small(rows))


_TURNED: Final = (
    f"Turned more than {FAR_YAW:.0f}° or nodding more than {FAR_PITCH:.0f}°: part of the face "
    "is hidden or foreshortened, so emotions and Action Units are less reliable."
)
_UNSURE: Final = (
    f"Confidence under {LOW_CONFIDENCE}: the landmarks may not sit on a face (a hand in front "
    "of it, motion blur, or something that only looks like one)."
)
_SMALL: Final = (
    f"Under {SMALL_FACE:.0f} pixels: the classifier was trained on faces of that size, so "
    "smaller ones are guesses."
)
_FACE_CHECKS: Final[tuple[tuple[str, Callable[[pd.DataFrame], Mask], str], ...]] = (
    ("Head turned far", far_turned, _TURNED),
    ("Low confidence", unsure, _UNSURE),
    ("Small face", small, _SMALL),
)


def checks(rows: pd.DataFrame) -> list[Check]:
    """All checks of a recording's report rows that can be made, frames without a face first."""
    frames = pd.Index(np.sort(rows["frame"].unique()))
    seen = with_face(rows)
    without = ~frames.isin(seen["frame"])
    meaning = "No face was found: looking away, hidden, out of the picture, or too small."
    found = [
        Check("No face", int(without.sum()), len(frames), "frames", meaning, np.asarray(without))
    ]
    of = "face rows" if seen["face_id"].nunique() > 1 else "frames with a face"
    for name, rule, meaning in _FACE_CHECKS:
        if rule is unsure and len(seen) and seen["confidence"].isna().all():
            continue  # the other tool's confidence is on a scale of its own
        mask = rule(seen)
        concerned = np.asarray(frames.isin(seen.loc[mask, "frame"]))
        found.append(Check(name, int(mask.sum()), len(seen), of, meaning, concerned))
    return found
