from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.crop_sets import write_frames

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.clips import VideoClip, VideoSet
from duchenne.evaluation.video_sets.crop_cache import cache_crops, crop_file
from duchenne.evaluation.video_sets.crop_set import CropSet, read_crops_of
from duchenne.evaluation.video_sets.cropping import CropSettings, crops_of

QUICK = CropSettings(frames=2)


@pytest.fixture
def videos(tmp_path: Path, astronaut: NDArray[np.uint8]) -> VideoSet:
    """Two clips of a face, and one of a wall."""
    face = astronaut[:300, 100:400]
    pictures = {"7_ps_1": face, "8_pg_1": face[:, ::-1], "9_pg_1": np.full_like(face, 128)}
    clips = [
        VideoClip(write_frames(tmp_path / name, picture), name, name[0], "happiness", kind)
        for (name, picture), kind in zip(
            pictures.items(), ("posed", "genuine", "genuine"), strict=True
        )
    ]
    return VideoSet.from_clips("made up", "here", clips)


def test_each_clip_with_a_face_is_in_the_cache(videos: VideoSet, tmp_path: Path) -> None:
    seen: list[str] = []
    cached = cache_crops(videos, tmp_path / "crops", QUICK, progress=seen.append)
    assert (cached.clips, cached.made, cached.skipped) == (2, 3, ())
    assert seen == ["7_ps_1", "8_pg_1", "9_pg_1"]
    crops = CropSet.from_cache(tmp_path / "crops")
    assert crops.pixels.shape == (4, 112, 112)
    assert crops.clips["code"].tolist() == ["7_ps_1", "8_pg_1"]
    assert crops.kind.tolist() == [1, 0]
    assert np.isfinite(crops.measures).all()
    # The same door as PEDFE's own crops.
    np.testing.assert_array_equal(read_crops_of(tmp_path / "crops").pixels, crops.pixels)


def test_a_second_call_makes_only_what_is_missing(videos: VideoSet, tmp_path: Path) -> None:
    folder = tmp_path / "crops"
    cache_crops(videos, folder, QUICK)
    before = CropSet.from_cache(folder).pixels
    crop_file(folder, videos.clips[0]).unlink()
    assert cache_crops(videos, folder, QUICK).made == 1
    assert cache_crops(videos, folder, QUICK).made == 0
    np.testing.assert_array_equal(CropSet.from_cache(folder).pixels, before)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_damaged_file_of_the_cache_is_named(content: bytes, tmp_path: Path) -> None:
    clip = VideoClip(tmp_path / "clip", "7_ps_1", "7", "happiness", "posed")
    file = crop_file(tmp_path, clip)
    file.write_bytes(content)
    with pytest.raises(DataError, match=f"{file.name} is damaged: delete it"):
        cache_crops(VideoSet.from_clips("made up", "here", [clip]), tmp_path, QUICK)


def test_processes_side_by_side_find_the_same(videos: VideoSet, tmp_path: Path) -> None:
    haar = CropSettings(frames=2, detector="haar")
    cache_crops(videos, tmp_path / "one", haar)
    cache_crops(videos, tmp_path / "two", haar, jobs=2)
    one, two = (CropSet.from_cache(tmp_path / name) for name in ("one", "two"))
    np.testing.assert_array_equal(one.pixels, two.pixels)
    assert np.isnan(one.measures).all()


def test_other_settings_need_another_folder(videos: VideoSet, tmp_path: Path) -> None:
    cache_crops(videos, tmp_path / "crops", QUICK)
    with pytest.raises(DataError, match="begun with other settings"):
        cache_crops(videos, tmp_path / "crops", CropSettings(frames=3))


def test_a_broken_clip_is_named_and_left_out(videos: VideoSet, tmp_path: Path) -> None:
    broken = tmp_path / "5_ps_1.mp4"
    broken.write_bytes(b"no video at all")
    clip = VideoClip(broken, "5_ps_1", "5", "happiness", "posed")
    more = VideoSet.from_clips("made up", "here", [*videos.clips, clip])
    cached = cache_crops(more, tmp_path / "crops", QUICK)
    (sentence,) = cached.skipped
    assert sentence.startswith("5_ps_1: ")
    assert cached.clips == 2


def test_a_set_without_faces_is_refused(videos: VideoSet, tmp_path: Path) -> None:
    wall = VideoSet.from_clips("wall", "here", videos.clips[2:])
    with pytest.raises(DataError, match="No clip of wall gives a face"):
        cache_crops(wall, tmp_path / "crops", QUICK)


def test_our_crops_have_the_eyes_where_pedfes_are(videos: VideoSet) -> None:
    found = crops_of(videos.clips[0].path, QUICK)
    # The whites of the eyes and the pupils stand out from the cheeks below them.
    eyes, cheeks = found.pixels[:, 36:50, 20:92], found.pixels[:, 58:66, 20:92]
    assert eyes.std() > 1.5 * cheeks.std()
    assert (np.diff(found.times) > 0).all()


def test_frames_come_from_the_middle_of_a_real_clip(shared_media: Path) -> None:
    settings = CropSettings(0.4, 0.9, frames=3)
    found = crops_of(shared_media / "single_face.mp4", settings)
    whole = crops_of(shared_media / "single_face.mp4", CropSettings(0.0, 1.0, frames=3))
    length = whole.times[-1] - whole.times[0]
    np.testing.assert_allclose(found.times / length, [0.4, 0.65, 0.9], atol=0.02)
    assert len(found.pixels) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"first": 0.9, "last": 0.4},
        {"last": 1.1},
        {"first": float("nan")},
        {"frames": 0},
        {"side": 20},
        {"detector": "mine"},
    ],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        CropSettings(**values)
