from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.pedfe_clips import clip_table, head_pixels, write_clips

from duchenne.evaluation.datasets.pedfe_frames import STORED, read_clip_frames, read_judged_clips
from duchenne.evaluation.genuineness.features import (
    STREAM,
    STREAM_LENGTH,
    ClipFeatures,
    apex_frame,
    landmark_stream,
    nearer,
    normalised,
)
from duchenne.expressions.clip_statistics import NAMES
from duchenne.expressions.track import UNITS
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


@pytest.mark.parametrize("peak", [10, 40, 70])
def test_the_apex_is_where_the_units_are_highest(peak: int) -> None:
    units = np.zeros((90, len(UNITS)))
    hill = 4 * np.exp(-(((np.arange(90) - peak) / 9) ** 2))
    units[:, UNITS.index("AU06")] = units[:, UNITS.index("AU12")] = hill
    units[:, UNITS.index("AU45")] = 5 * (np.arange(90) == 85)  # a blink is no expression
    assert abs(apex_frame(np.arange(90) / 30, units) - peak) <= 1


def test_each_clip_is_a_row(tmp_path: Path, head: CanonicalFace) -> None:
    write_clips(tmp_path, clip_table(1).iloc[6:8], head)
    clips = read_judged_clips(tmp_path)
    first, second = read_clip_frames(tmp_path, clips, head)
    features = ClipFeatures.from_frames([first, second])
    assert features.codes == tuple(clips["code"])
    assert features.apex_units.shape == (2, len(UNITS))
    smile = UNITS.index("AU12")
    assert (features.apex_units[:, smile] > 0.5).all()
    fastest = features.statistics[:, NAMES.index("bs_mouthSmileLeft_speed_max")]
    assert fastest[1] > 1.5 * fastest[0]  # the posed one rises at once
    stream = features.streams[0]
    assert stream.shape == (STREAM_LENGTH, len(STREAM), 2)
    assert np.isfinite(stream).all(axis=(1, 2)).tolist() == 8 * [True] + 42 * [False]  # 0.77 s
    assert np.ptp(stream[:8, STREAM.index(61), 0]) > 0.2
    # A clip in which no face was found is a row too.
    part = {name: getattr(first, name)[:0] for name in vars(first) if name != "code"}
    empty = ClipFeatures.from_frames([first, replace(first, **part)])
    for name in ("apex_units", "unit_statistics", "apex_pixels", "apex_points", "statistics"):
        assert np.isfinite(getattr(empty, name)[0]).all()
        assert np.isnan(getattr(empty, name)[1]).all()
    assert np.isnan(empty.streams[1]).all()


@pytest.mark.parametrize("rate", [15, 30, 60])
def test_a_stream_is_the_same_at_any_rate_of_the_camera(rate: int) -> None:
    times = np.arange(8 * rate) / rate
    points = np.zeros((len(times), len(STORED), 3), np.float32)
    points[:, STORED.index(13), 1] = np.sin(times)
    points[:, :, 2] = 99.0
    stream = landmark_stream(times, points)
    assert np.isfinite(stream).all()  # longer than it may be, and cut
    opened = stream[:, STREAM.index(13)]
    np.testing.assert_allclose(opened[3:, 1], np.sin(np.arange(3, STREAM_LENGTH) / 10), atol=0.01)
    assert not np.delete(stream, STREAM.index(13), axis=1).any()


def test_coming_nearer_grows_the_face_and_normalising_undoes_it(head: CanonicalFace) -> None:
    pixels = head_pixels(head)[None] + np.random.default_rng(0).normal(0, 1, (1, 229, 3))
    near = nearer(pixels, 1.6)
    assert np.ptp(near[0, :, 0]) == pytest.approx(1.6 * np.ptp(pixels[0, :, 0]))
    np.testing.assert_allclose(normalised(near, head), normalised(pixels, head), atol=1e-4)
