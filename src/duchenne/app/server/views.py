"""What the page draws of a recording: timelines, overlays, and tables to take away."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from duchenne.action_units.names import ACTION_UNITS, describe
from duchenne.app.server.analysing import VERDICTS
from duchenne.app.server.entry import Entry
from duchenne.emotion.labels import EMOTIONS
from duchenne.expressions.track import canonical_face
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.recording.recording import Recording
from duchenne.recording.summary import summarize
from duchenne.report.palette import STACK_ORDER, ink_on
from duchenne.report.rows import BOX, faces_longest_first, report_rows
from duchenne.report.timeline import Timeline

MESH_POINTS: Final = 468
"""The mesh without the irises."""

STEPS_A_PIXEL: Final = 4
"""Of points that are sent to the page: finer than it can draw."""

MOST_FACES: Final = 8
LONGEST_OVERLAY_S: Final = 12.0


def vocabulary() -> dict[str, Any]:
    """Names, colours and the mesh: what never changes while a server runs."""
    edges = canonical_face().triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    return {
        "emotions": list(EMOTIONS),
        "stack": list(STACK_ORDER),
        "colours": EMOTION_COLOURS,
        "inks": {name: ink_on(colour) for name, colour in EMOTION_COLOURS.items()},
        "units": {name: describe(f"{name}_r") for name in ACTION_UNITS},
        "edges": np.unique(np.sort(edges, axis=1), axis=0).ravel().tolist(),
        "steps": STEPS_A_PIXEL,
    }


def result(entry: Entry, folder: Path) -> dict[str, Any]:
    """Everything of a finished recording but its overlays."""
    recording = Recording.load(folder)
    rows = report_rows(recording)
    source = recording.metadata.source
    verdicts = json.loads((folder / VERDICTS).read_text(encoding="utf-8"))
    timeline = Timeline.from_rows(rows, faces_longest_first(rows)[:MOST_FACES])
    return {
        "entry": entry.to_dict(),
        "width": source.width,
        "height": source.height,
        "summary": summarize(recording),
        "timeline": timeline.to_json(),
        **verdicts,
    }


def overlay(folder: Path, start: float, end: float) -> dict[str, Any]:
    """Boxes and mesh of every face in a span of at most 12 s.

    Returns:
        ``rows``: [time, face, x, y, width, height, place of the most probable emotion, its
        probability], and ``points``: base64 of int16, little-endian, (rows, 468, 2) quarter pixels.
    """
    recording = Recording.load(folder)
    times = recording.table["timestamp"].to_numpy()
    seen = recording.table["success"].to_numpy() == 1
    last = min(end, start + LONGEST_OVERLAY_S)
    chosen = np.flatnonzero(seen & (times >= start) & (times < last))
    part = recording.table.take(chosen).to_pandas()
    emotions = part[[f"emotion_{name}" for name in EMOTIONS]].to_numpy()
    best = emotions.argmax(axis=1) if len(part) else np.zeros(0, int)
    boxes = part[list(BOX)].to_numpy().round(1).tolist()
    facts = zip(part["timestamp"].round(4), part["face_id"], strict=True)
    rows = [
        [float(time), int(face), *box, int(top), round(float(emotions[k, top]), 3)]
        for k, ((time, face), box, top) in enumerate(zip(facts, boxes, best, strict=True))
    ]
    return {"rows": rows, "points": packed(recording.landmarks_of(chosen))}


def packed(landmarks: Any) -> str:
    """(n, 478, 3) pixels as base64 of int16 (n, 468, 2), little-endian, quarter pixels."""
    steps = np.round(np.asarray(landmarks)[:, :MESH_POINTS, :2] * STEPS_A_PIXEL)
    return base64.b64encode(np.clip(steps, -32768, 32767).astype("<i2").tobytes()).decode()
