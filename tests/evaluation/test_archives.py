from __future__ import annotations

import io

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from duchenne.evaluation.archives import UNREADABLE_ARCHIVE


def _archive() -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, times=np.arange(5.0), names=np.array(["a", "b"]))
    return file.getvalue()


WHOLE = _archive()


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@example(8, 12 ^ 8)
def test_a_damaged_archive_raises_nothing_else(place: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] ^= change
    try:
        with np.load(io.BytesIO(bytes(damaged))) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except UNREADABLE_ARCHIVE:
        return
    assert all(isinstance(values, np.ndarray) for values in found.values())
