from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import SHARED
from tests.pedfe_clips import clip_table, head_pixels, write_clips

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import STORED, read_clip_frames, read_judged_clips
from duchenne.expressions import find_expressions
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.genuineness.judging import judge
from duchenne.recording import Recording


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


@pytest.fixture
def folder(tmp_path: Path, head: CanonicalFace) -> Path:
    return write_clips(tmp_path, clip_table(1).iloc[:3], head)


def test_a_clip_is_read_whole(folder: Path, head: CanonicalFace) -> None:
    clips = read_judged_clips(folder)
    first = next(read_clip_frames(folder, clips, head))
    assert first.code == clips["code"].iloc[0]
    assert len(first) == 24
    np.testing.assert_allclose(first.times, np.arange(24) / 30, atol=1e-6)
    assert first.blendshapes.shape == (24, 52)
    assert first.blendshapes.max() <= 1
    np.testing.assert_allclose(first.pixels[0], head_pixels(head), atol=1 / 32 + 1e-5)
    # The made-up face is the canonical one, so that is what it comes back to.
    mesh = [point for point in STORED if point < 468]
    np.testing.assert_allclose(first.points[0, : len(mesh)], head.points[mesh], atol=0.02)
    assert first.intensities().shape == (24, 45)
    landmarks = first.landmarks()
    np.testing.assert_array_equal(landmarks[:, list(STORED)], first.pixels)
    assert np.isnan(landmarks[:, 3]).all()


def test_a_clip_is_a_recording(folder: Path, head: CanonicalFace, tmp_path: Path) -> None:
    clip = next(read_clip_frames(folder, read_judged_clips(folder)))
    made = clip.to_recording("eve")
    (smile,) = find_expressions(made, whole=True)
    assert (smile.onset_s, smile.offset_s) == (clip.times[0], clip.times[-1])
    rows = made.to_frame()
    np.testing.assert_array_equal(rows["timestamp"], clip.times)
    np.testing.assert_array_equal(made.action_units, clip.intensities())
    np.testing.assert_array_equal(made.blendshapes, clip.blendshapes)
    np.testing.assert_array_equal(made.landmarks, clip.landmarks())
    assert rows["pose_tz"].tolist() == [-60.0] * 24
    left, top = head_pixels(head)[:, :2].min(axis=0)
    assert (rows["face_x"][0], rows["face_y"][0]) == pytest.approx((left, top), abs=0.1)
    assert rows["emotion_happy"].isna().all()
    assert (made.metadata.person, made.metadata.frames, made.metadata.complete) == ("eve", 24, True)
    # Nothing that the model looks at is missing.
    assert judge(made, whole=True)[0][1].p_genuine is not None
    again = Recording.load(made.save(tmp_path / "saved"))
    np.testing.assert_array_equal(again.landmarks, made.landmarks)
    assert again.table.equals(made.table)


def test_a_clip_without_a_face_is_an_empty_recording(folder: Path) -> None:
    path = folder / "frames.parquet"
    pd.read_parquet(path).assign(success=False).to_parquet(path)
    made = next(read_clip_frames(folder, read_judged_clips(folder))).to_recording()
    assert (len(made), made.face_ids, made.landmarks.shape) == (0, [], (0, 478, 3))
    assert judge(made, whole=True) == ()


def test_clips_come_in_the_order_asked_for(folder: Path, head: CanonicalFace) -> None:
    clips = read_judged_clips(folder).iloc[::-1]
    assert [c.code for c in read_clip_frames(folder, clips, head)] == clips["code"].tolist()


def test_frames_without_a_face_are_left_out(folder: Path, head: CanonicalFace) -> None:
    path = folder / "frames.parquet"
    table = pd.read_parquet(path)
    code = table["code"].iloc[0]
    table.loc[(table["code"] == code) & (table["frame"] > 2), "success"] = False
    last = table["code"].iloc[-1]
    table.loc[table["code"] == last, "success"] = False
    table.sample(frac=1, random_state=0).to_parquet(path)
    first, _, none = read_clip_frames(folder, read_judged_clips(folder), head)
    np.testing.assert_allclose(first.times, np.arange(3) / 30, atol=1e-6)
    assert len(none) == 0
    assert none.points.shape == (0, 229, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="bs_jawOpen"), "lacks 1 column.*bs_jawOpen"),
        (lambda t: t.assign(time=0.0), "the times of clip"),
        (lambda t: t.assign(time=np.nan), "frame without code, time|the times of clip"),
        (lambda t: t[t["code"] != t["code"].iloc[0]], "no frame of the clip 1_ag_0"),
        (lambda t: t.assign(bs_jawOpen=70_000), "blendshape"),
        (lambda t: t.assign(pitch=np.nan), "without landmarks or pose"),
    ],
)
def test_bad_frames_are_named(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str, folder: Path, head: CanonicalFace
) -> None:
    path = folder / "frames.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    with pytest.raises(DataError, match=message):
        list(read_clip_frames(folder, read_judged_clips(folder), head))


def test_missing_and_strange_tables_are_named(folder: Path, head: CanonicalFace) -> None:
    clips = read_judged_clips(folder)
    path = folder / "frames.parquet"
    path.write_text("no table")
    with pytest.raises(DataError, match="not PEDFE's table of frames"):
        next(read_clip_frames(folder, clips, head))
    path.unlink()
    with pytest.raises(DataError, match="No PEDFE frames at"):
        next(read_clip_frames(folder, clips, head))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="mean_intensity"), "lacks the column mean_intensity"),
        (lambda t: t.assign(hit_rate_type=120), "hit_rate_type that is no number from 0 to 100"),
        (lambda t: t.assign(mean_genuineness="much"), "mean_genuineness that is no number"),
        (lambda t: t.assign(subject=np.nan), "subject of every clip by a whole number"),
        (lambda t: t.assign(subject="anna"), "subject of every clip by a whole number"),
    ],
)
def test_bad_judgements_are_named(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str, folder: Path
) -> None:
    path = folder / "clips.csv"
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(DataError, match=message):
        read_judged_clips(folder)


def test_real_clips(head: CanonicalFace) -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no PEDFE at {SHARED}: set DUCHENNE_SHARED_DATA")
    clips = read_judged_clips(SHARED / "pedfe")
    inner = [STORED.index(133), STORED.index(362)]
    wanted = np.linalg.norm(head.points[133] - head.points[362])
    read = islice(read_clip_frames(SHARED / "pedfe", clips, head), 3)
    for clip, row in zip(read, clips.itertuples(), strict=False):
        assert len(clip) == row.frames_with_face
        apart = np.linalg.norm(np.diff(clip.points[:, inner], axis=1)[:, 0], axis=1)
        np.testing.assert_allclose(apart, wanted, rtol=0.15)
        assert np.isfinite(clip.readings).all()
