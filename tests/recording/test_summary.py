"""A recording in a few plain values."""

from __future__ import annotations

import json

import numpy as np

from duchenne.recording.summary import summarize
from tests.expressions.made_up import recording_of, rows


def test_frames_without_a_time_are_valid_json() -> None:
    recording = recording_of(rows(np.full(3, np.nan), {}))
    (face,) = json.loads(json.dumps(summarize(recording), allow_nan=False))["faces"]
    assert (face["frames"], face["first_s"], face["last_s"]) == (3, None, None)
