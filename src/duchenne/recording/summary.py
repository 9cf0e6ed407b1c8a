"""A recording in a few plain values: for JSON and for notebooks."""

from __future__ import annotations

import math
from typing import Any

from duchenne.action_units import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.notebook import tables
from duchenne.recording.metadata import OURS
from duchenne.recording.recording import Recording


def summarize(recording: Recording) -> dict[str, Any]:
    """What was found, JSON-ready.

    Returns:
        source, person, kind, frames (analysed), frames_with_face, rows, complete, warnings; and
        for each face, longest seen first: face_id, frames, first_s and last_s (s), emotion (the
        class of the highest mean probability), emotions (means), action_units (means, 0 to 5);
        None for what was not measured.
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


def to_html(recording: Recording) -> str:
    """The same for a notebook: what was analysed, and a row a face."""
    found = summarize(recording)
    faces = tables.rows(
        ["face", "frames", "first s", "last s", "displayed emotion"],
        [
            (one["face_id"], one["frames"], one["first_s"], one["last_s"], one["emotion"])
            for one in found["faces"]
        ],
    )
    facts = {
        "source": found["source"],
        "person": found["person"],
        "kind": found["kind"],
        "frames": found["frames"],
        "frames with a face": found["frames_with_face"],
        "faces": len(found["faces"]) or "none",
        "complete": found["complete"],
    }
    if recording.metadata.tool != OURS:
        facts["measured by"] = recording.metadata.tool
    return tables.noun("Recording", facts, faces, tables.items(found["warnings"]))


def _face(recording: Recording, face_id: int) -> dict[str, Any]:
    rows = recording.face(face_id)
    emotions = {name: float(rows[f"emotion_{name}"].mean()) for name in EMOTIONS}
    known = [name for name in EMOTIONS if math.isfinite(emotions[name])]
    return {
        "face_id": face_id,
        "frames": len(rows),
        "first_s": _rounded(float(rows["timestamp"].iloc[0]), 3),
        "last_s": _rounded(float(rows["timestamp"].iloc[-1]), 3),
        "emotion": max(known, key=lambda name: emotions[name]) if known else None,
        "emotions": {name: _rounded(value, 4) for name, value in emotions.items()},
        "action_units": {
            f"{name}_r": _rounded(float(rows[f"{name}_r"].mean()), 3) for name in ACTION_UNITS
        },
    }


def _rounded(value: float, digits: int) -> float | None:
    # JSON knows no NaN.
    return round(value, digits) if math.isfinite(value) else None
