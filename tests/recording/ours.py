"""A whole recording of ours without a camera, landmarks and all."""

from __future__ import annotations

from duchenne.recording import Recording
from tests.recording.made_up import metadata, rows


def ours(counts: list[int]) -> Recording:
    """So many faces in each frame."""
    whole = rows(counts).take()
    points = whole["landmarks"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    table = whole.drop_columns(["landmarks"])
    return Recording(table, metadata(), None, points.reshape(-1, 478, 3))
