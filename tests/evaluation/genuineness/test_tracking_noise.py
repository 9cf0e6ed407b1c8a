from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duchenne.evaluation.datasets.pedfe_frames import STORED, ClipFrames
from duchenne.evaluation.genuineness.tracking_noise import TrackingNoise


@pytest.fixture
def still() -> ClipFrames:
    """A face that does not move, its eyes 100 pixels apart."""
    count = 400
    pixels = np.zeros((count, len(STORED), 3), np.float32)
    pixels[:, STORED.index(263), 0] = 100.0
    return ClipFrames(
        "1_hg_1",
        np.arange(count) / 25,
        np.full((count, 52), 0.5, np.float32),
        np.zeros((count, 3), np.float32),
        np.full(count, 60.0, np.float32),
        pixels,
        np.zeros_like(pixels),
        np.zeros((count, 31), np.float32),
    )


def test_the_stored_noise_is_what_was_measured_on_frames() -> None:
    noise = TrackingNoise.load()
    assert len(noise.steady_scores) == len(noise.jitter_scores) == 52
    assert noise.frames > 500
    assert len(noise.clips) >= 4
    assert 0 < noise.jitter_points < 0.03


def test_noise_has_the_spread_and_the_memory_that_it_names(still: ClipFrames) -> None:
    noise = replace(TrackingNoise.load(), jitter_pose=(2.0, 2.0, 2.0), memory=0.6)
    turn = noise(still, np.random.default_rng(1)).pose
    jitter = turn - turn.mean(axis=0)
    assert jitter.std() == pytest.approx(2.0, rel=0.15)
    follows = (jitter[1:] * jitter[:-1]).mean() / (jitter**2).mean()
    assert follows == pytest.approx(0.6, abs=0.1)


def test_landmarks_jitter_by_a_share_of_the_distance_between_the_eyes(still: ClipFrames) -> None:
    noise = replace(TrackingNoise.load(), jitter_points=0.01, steady_points=0.0)
    moved = noise(still, np.random.default_rng(1)).pixels - still.pixels
    assert moved.std() == pytest.approx(1.0, rel=0.05)


def test_scores_stay_scores_and_the_same_draw_gives_the_same(still: ClipFrames) -> None:
    noise = replace(TrackingNoise.load(), jitter_scores=(0.9,) * 52)
    first, second = (noise(still, np.random.default_rng(7)).blendshapes for _ in range(2))
    assert (first >= 0).all()
    assert (first <= 1).all()
    assert np.array_equal(first, second)


def test_it_is_kept_and_a_clip_without_a_face_stays(still: ClipFrames, tmp_path: Path) -> None:
    TrackingNoise.load().save(tmp_path / "noise.json")
    assert (tmp_path / "noise.json").stat().st_size > 500
    empty = replace(
        still,
        **{name: getattr(still, name)[:0] for name in ("times", "blendshapes", "pose", "pixels")},
    )
    assert TrackingNoise.load()(empty, np.random.default_rng(0)) is empty
