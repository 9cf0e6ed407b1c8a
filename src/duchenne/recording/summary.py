"""A recording in a few plain values: for ``--json``, and for a notebook's eye."""

from __future__ import annotations

from typing import Any

import numpy as np

from duchenne.action_units import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.recording.recording import Recording


def summarize(recording: Recording) -> dict[str, Any]:
    """What was found, JSON-ready.

    Returns:
        source, person, kind, frames (analysed), frames_with_face, rows, complete, warnings; and
        for each face, longest seen first: face_id, frames, first_s and last_s (s), emotion (the
        class of the highest mean probability), emotions (means), action_units (means, 0 to 5).
    """
    rows = recording.to_frame()
    seen = rows[rows["success"] == 1]
    return {
        "source": recording.metadata.source.path,
        "person": recording.metadata.person,
        "kind": recording.metadata.source.kind,
        "frames": int(rows["frame"].nunique()),
        "frames_with_face": int(seen["frame"].nunique()),
        "rows": len(rows),
        "faces": [_face(recording, face_id) for face_id in recording.face_ids],
        "complete": recording.metadata.complete,
        "warnings": list(recording.metadata.warnings),
    }


def _face(recording: Recording, face_id: int) -> dict[str, Any]:
    rows = recording.face(face_id)
    emotions = {name: float(rows[f"emotion_{name}"].mean()) for name in EMOTIONS}
    return {
        "face_id": face_id,
        "frames": len(rows),
        "first_s": round(float(rows["timestamp"].iloc[0]), 3),
        "last_s": round(float(rows["timestamp"].iloc[-1]), 3),
        "emotion": max(emotions, key=lambda name: np.nan_to_num(emotions[name])),
        "emotions": {name: round(value, 4) for name, value in emotions.items()},
        "action_units": {
            f"{name}_r": round(float(rows[f"{name}_r"].mean()), 3) for name in ACTION_UNITS
        },
    }
