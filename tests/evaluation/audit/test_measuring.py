"""What is measured of one picture, clip or recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.expressions.made_up import clock
from tests.genuineness.made_up import smiles
from tests.media.videos import write_video

from duchenne.errors import MediaError
from duchenne.evaluation.audit.measuring import (
    LOOKED_AT,
    Measurer,
    Measures,
    measured,
    middle_frame,
)
from duchenne.faces import BLENDSHAPES, FaceNetworks, FaceTracker


def test_a_clip_tells_its_length_its_rate_and_its_looks(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "grey.mp4", range(0, 2000, 40))
    found = measured(clip, None)
    assert found.kind == "clip"
    assert found.nuisances["frames"] == 50
    assert found.nuisances["duration"] == pytest.approx(2.0, abs=0.05)
    assert found.nuisances["frame rate"] == pytest.approx(25, abs=0.7)
    assert found.nuisances["bytes a pixel"] == pytest.approx(
        clip.stat().st_size / (64 * 48 * 50), rel=1e-6
    )
    assert (found.intensity, found.neutral, found.content) == ({}, None, None)
    assert found.thumbnail is not None
    again = measured(write_video(tmp_path / "again.mp4", range(0, 2000, 40)), None)
    other = measured(write_video(tmp_path / "other.mp4", range(0, 1000, 40)), None)
    assert found.key == again.key != other.key


def test_a_clip_that_announces_no_length_is_thinned_on_the_way(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "stream.ts", range(0, 4000, 40), codec="mpeg2video", rate=25)
    found = measured(clip, None)
    assert found.nuisances["frames"] > 4 * LOOKED_AT
    assert found.nuisances["duration"] == pytest.approx(4.0, abs=0.2)
    # The median of all frames' greys, though few of them were kept.
    whole = measured(write_video(tmp_path / "whole.mp4", range(0, 4000, 40)), None)
    brightness = (found.nuisances["brightness"], whole.nuisances["brightness"])
    assert brightness[0] == pytest.approx(brightness[1], rel=0.25)


def _frames(folder: Path, pictures: list[NDArray[np.uint8]]) -> Path:
    folder.mkdir()
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(folder / f"{number:03}.png")
    return folder


def test_a_folder_of_frames_is_a_clip_with_a_face(
    tmp_path: Path, networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    face = np.ascontiguousarray(astronaut[:300, 80:380])
    folder = _frames(tmp_path / "clip", [face, face, np.zeros_like(face), face])
    found = measured(folder, FaceTracker(networks=networks))
    assert found.kind == "clip"
    assert "bytes a pixel" not in found.nuisances  # a folder's files say little of a codec
    assert found.nuisances["face seen"] == 0.75
    assert found.intensity["strength"] > 1
    assert found.neutral is not None
    assert len(found.neutral) == len(BLENDSHAPES) + 3
    assert found.content is not None
    assert len(found.content) == 2 * len(BLENDSHAPES)
    line = Measures.from_json(found.to_json())
    assert (line.key, line.content, line.neutral) == (found.key, found.content, found.neutral)
    np.testing.assert_array_equal(line.thumbnail, found.thumbnail)


def test_frames_of_several_sizes_are_a_sentence(tmp_path: Path) -> None:
    sizes = ((40, 48, 3), (40, 64, 3))
    folder = _frames(tmp_path / "clip", [np.zeros(size, np.uint8) for size in sizes])
    told = Measurer(None)(folder)
    assert told == f"{folder} shows frames of several sizes: bring them to one."


def test_a_picture_with_a_face(
    tmp_path: Path, networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    Image.fromarray(astronaut).save(tmp_path / "astronaut.png")
    found = measured(tmp_path / "astronaut.png", FaceTracker(networks=networks))
    assert found.kind == "picture"
    assert found.nuisances["faces"] == 1
    assert found.neutral is None  # one picture has no quieter frame
    assert found.content is not None


@pytest.mark.parametrize("size", [(10, 60), (60, 10)])
def test_what_is_too_small_to_audit_is_told(size: tuple[int, int], tmp_path: Path) -> None:
    Image.new("RGB", size).save(tmp_path / "small.png")
    with pytest.raises(MediaError, match=rf"is {size[0]} x {size[1]} pixels: an audit needs 16"):
        measured(tmp_path / "small.png", None)
    told = Measurer(None)(tmp_path / "small.png")
    assert isinstance(told, str)
    assert told.startswith(str(tmp_path))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    told = Measurer(None)(tmp_path / "none.png")
    assert told == f"{tmp_path / 'none.png'} cannot be read: no such file or directory."


def test_the_middle_of_a_clip(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "grey.mp4", range(0, 1000, 40))  # 25 frames, 4 lighter each
    shown = middle_frame(clip)
    assert shown.shape == (48, 64, 3)
    assert shown[-1, -1].mean() == pytest.approx(10 + 4 * 12, abs=6)


@pytest.mark.parametrize("file", [False, True])
def test_a_recording_is_measured_by_its_rows(file: bool, tmp_path: Path) -> None:
    folder = smiles(seconds=5, fps=20, pose_yaw=12.0).save(tmp_path / "smile")
    found = measured(folder / "recording.parquet" if file else folder, None)
    assert found.kind == "recording"
    assert found.nuisances["frames"] == 100
    assert found.nuisances["frame rate"] == pytest.approx(20)
    assert found.nuisances["face seen"] == found.nuisances["faces"] == 1
    assert found.nuisances["yaw"] == pytest.approx(12)
    assert found.intensity["strength"] == pytest.approx(0.8, abs=0.01)  # as far as its smile goes
    assert found.neutral is not None
    assert found.neutral[BLENDSHAPES.index("mouthSmileLeft")] == pytest.approx(0, abs=1e-3)
    assert found.content is not None
    assert len(found.content) == 2 * len(BLENDSHAPES)


def test_a_recording_without_a_face_or_without_movement_says_how_it_was_filmed_only(
    tmp_path: Path,
) -> None:
    nobody = smiles(seen=np.zeros(len(clock(5, 30)), bool)).save(tmp_path / "nobody")
    found = measured(nobody, None)
    assert found.nuisances["face seen"] == 0
    assert "yaw" not in found.nuisances
    assert (found.intensity, found.content) == ({}, None)
    scoreless = measured(smiles(scores=False).save(tmp_path / "scoreless"), None)
    assert scoreless.nuisances["face width"] == 200
    assert (scoreless.intensity, scoreless.neutral, scoreless.content) == ({}, None, None)
