from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.distances import descriptions
from duchenne.evaluation.distances.descriptions import MOMENTS, describe
from duchenne.evaluation.distances.trajectories import Trajectories


def moving(clips: int = 21, points: int = 5) -> Trajectories:
    random = np.random.default_rng(1)
    frames = random.integers(1, 9, clips)
    times = np.concatenate([np.cumsum(random.uniform(0.02, 0.08, n)) for n in frames])
    return Trajectories(
        tuple(f"c{i}" for i in range(clips)),
        tuple(range(points)),
        random.normal(size=(frames.sum(), points, 3)).astype(np.float32),
        times,
        np.cumsum([0, *frames]),
    )


def test_mean_and_range_of_every_pair_in_the_order_of_pairs() -> None:
    clips = moving()
    rows = describe(clips).reshape(len(clips), 2, -1)
    assert clips.pairs.tolist() == [list(p) for p in combinations(range(5), 2)]
    for number, (start, stop) in enumerate(zip(clips.bounds[:-1], clips.bounds[1:], strict=True)):
        own = clips.points[start:stop]
        for place, (a, b) in enumerate(clips.pairs):
            apart = np.linalg.norm(own[:, a] - own[:, b], axis=1)
            assert rows[number, 0, place] == pytest.approx(apart.mean(), abs=1e-5)
            assert rows[number, 1, place] == pytest.approx(np.ptp(apart), abs=1e-5)


def test_resampled_distances_are_straight_lines_between_frames() -> None:
    clips = moving()
    rows = describe(clips, "resampled").reshape(len(clips), MOMENTS, -1)
    for number, (start, stop) in enumerate(zip(clips.bounds[:-1], clips.bounds[1:], strict=True)):
        own, times = clips.points[start:stop], clips.times[start:stop]
        moments = np.linspace(times[0], times[-1], MOMENTS)
        for place, (a, b) in enumerate(clips.pairs):
            apart = np.linalg.norm(own[:, a] - own[:, b], axis=1)
            expected = np.interp(moments, times, apart)
            np.testing.assert_allclose(rows[number, :, place], expected, atol=1e-5)


def test_a_broken_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    clips = moving(40)
    usual = descriptions._describe_some
    calls: list[int] = []

    def breaking(some_clips: Trajectories, some: slice, kind: descriptions.Description) -> object:
        calls.append(some.start)
        if some.start == 16 and len(calls) < 4:
            raise KeyboardInterrupt
        return usual(some_clips, some, kind)

    monkeypatch.setattr(descriptions, "_describe_some", breaking)
    with pytest.raises(KeyboardInterrupt):
        describe(clips, folder=tmp_path)
    first = len(calls)
    calls += [-1] * 3
    rows = describe(clips, folder=tmp_path)
    assert 0 not in calls[first:]
    np.testing.assert_array_equal(rows, describe(clips))


def test_other_clips_do_not_get_the_kept_rows(tmp_path: Path) -> None:
    first, second = moving(), moving()
    second.points[0, 0, 0] += 1
    describe(first, folder=tmp_path)
    np.testing.assert_array_equal(describe(second, folder=tmp_path), describe(second))


def test_mistakes_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No description 'peak'"):
        describe(moving(), "peak")  # type: ignore[arg-type]  # none that there is
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        describe(moving(), folder=tmp_path / "file")
    with pytest.raises(DataError, match="There are no clips"):
        Trajectories.from_frames([])
    with pytest.raises(DataError, match="No landmarks 'some'"):
        Trajectories.from_frames([], "some")
