"""Recordings of made-up smiles with all that the models of clips look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.expressions import Expression, find_expressions
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.recording import Recording
from tests.expressions.made_up import bump, clock, recording_of, rows, smile, smiling_heads

Vector = NDArray[np.float64]


def smiles(
    spans: Sequence[tuple[float, float]] = ((1.0, 3.0),),
    *,
    seconds: float = 5.0,
    fps: float = 30.0,
    height: float = 4.0,
    far: float = 0.8,
    seen: NDArray[np.bool_] | None = None,
    scores: bool = True,
    **columns: float,
) -> Recording:
    """Smiles from the first to the second number of each span (s).

    ``far``: how far bs_mouthSmileLeft gets; ``scores`` False: without any blendshape.
    """
    times = clock(seconds, fps)
    parts = [smile(times, *span, height) for span in spans]
    whole = {name: np.sum([part[name] for part in parts], axis=0) for name in parts[0]}
    whole["emotion_neutral"] = 1 - whole["emotion_happy"]
    whole |= {name: np.full(len(times), value) for name, value in columns.items()}
    points = smiling_heads(whole["AU12_r"])
    if seen is not None:
        points[~seen] = np.nan
    table = rows(times, whole, seen=seen)
    if scores:
        blank = pd.DataFrame(0.0, index=table.index, columns=[f"bs_{n}" for n in BLENDSHAPES])
        blank["bs_mouthSmileLeft"] = np.sum([bump(times, *span, far) for span in spans], axis=0)
        table = pd.concat([table, blank.where(table["success"] == 1)], axis=1)
    return recording_of(table, landmarks=points)


def one(recording: Recording, *, whole: bool = False) -> Expression:
    """Its only expression."""
    (found,) = find_expressions(recording, whole=whole)
    return found
