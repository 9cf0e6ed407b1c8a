"""Frames described in blocks give the rows that they would give one by one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.canonical import CanonicalFace
from duchenne.media.frame import Frame
from duchenne.recording import blocks
from duchenne.recording.blocks import Block, BlockDescriber
from duchenne.recording.rows import Rows


@pytest.fixture(scope="module")
def describer(networks: FaceNetworks) -> BlockDescriber:
    return BlockDescriber(CanonicalFace.from_bytes(networks.geometry))


@pytest.fixture(scope="module")
def film(astronaut: NDArray[np.uint8]) -> list[Frame]:
    """She moves; then nobody is there; then there are two of her, in pictures of another size."""
    near = astronaut[:300, 100:400]
    pair = np.concatenate([near, near[:, ::-1]], axis=1)
    moving = [np.roll(astronaut, 6 * i, axis=1) for i in range(4)]
    pictures = [*moving, np.zeros_like(astronaut), pair, pair]
    return [Frame(pixels, 3 * i, 0.25 * i) for i, pixels in enumerate(pictures)]


@pytest.fixture(scope="module")
def expected(networks: FaceNetworks, describer: BlockDescriber, film: list[Frame]) -> pa.Table:
    tracker, rows = FaceTracker(networks=networks), Rows()
    for frame in film:
        faces = tracker.process(frame)
        units = to_intensities(describer.readings(faces))
        rows.add(frame, faces, describer.emotions(frame, faces), units)
    return rows.take()


@pytest.mark.parametrize(("most", "bytes_"), [(1, 10**9), (3, 10**9), (32, 1_500_000), (32, 10**9)])
def test_no_number_depends_on_the_size_of_a_block(
    networks: FaceNetworks,
    describer: BlockDescriber,
    film: list[Frame],
    expected: pa.Table,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    bytes_: int,
) -> None:
    monkeypatch.setattr(blocks, "_FRAMES", most)
    monkeypatch.setattr(blocks, "_BYTES", bytes_)
    tracker = FaceTracker(networks=networks)
    block = Block(tracker, describer)
    for frame in film:
        block.add(frame, tracker.find(frame))
    assert len(block) == expected.num_rows == 4 + 1 + 2 * 2
    # Compared as bits: rows without a face hold NaN.
    found = block.take()
    for name in expected.column_names:
        assert _bits(found[name]) == _bits(expected[name]), name
    assert (len(block), block.take().num_rows) == (0, 0)


def _bits(column: pa.ChunkedArray) -> bytes:
    values = column.combine_chunks()
    values = values.flatten() if pa.types.is_fixed_size_list(values.type) else values
    return bytes(values.to_numpy(zero_copy_only=False).tobytes())


def test_what_is_interrupted_still_waits(
    networks: FaceNetworks,
    describer: BlockDescriber,
    film: list[Frame],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tracker = FaceTracker(networks=networks)
    block = Block(tracker, describer)
    for frame in film[:2]:
        block.add(frame, tracker.find(frame))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(describer, "describe", stop)
        with pytest.raises(KeyboardInterrupt):
            block.take()
    assert block.take()["frame"].to_pylist() == [0, 3]
