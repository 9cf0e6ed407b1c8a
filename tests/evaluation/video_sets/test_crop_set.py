from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import SHARED
from tests.crop_sets import tiny_crops, write_pedfe_crops

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.crop_set import CropSet, read_crops_of, thesis_frames


@pytest.fixture(scope="module")
def crops() -> CropSet:
    return tiny_crops(people=3, frames=2)


def test_pedfes_crops_come_clip_by_clip_in_time(crops: CropSet, tmp_path: Path) -> None:
    found = read_crops_of(write_pedfe_crops(tmp_path, crops))
    pd.testing.assert_frame_equal(found.clips, crops.clips)
    np.testing.assert_array_equal(found.clip, crops.clip)
    # JPEG changes a little.
    assert np.abs(found.pixels.astype(int) - crops.pixels).mean() < 20
    assert "5 a second" in found.name
    assert np.isnan(found.measures).all()


def test_classes_are_the_emotions_in_alphabetical_order(crops: CropSet) -> None:
    assert crops.emotions == ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
    named = [crops.emotions[place] for place in crops.emotion]
    assert named == crops.clips["emotion"].tolist()
    assert (crops.kind == (crops.clips["type"] == "posed")).all()
    assert crops.rows(1) == slice(2, 4)


def test_the_thesis_names_say_kind_emotion_and_frame(crops: CropSet, tmp_path: Path) -> None:
    assert thesis_frames(crops, tmp_path / "frames") == len(crops.pixels)
    table = pd.read_csv(tmp_path / "frames" / "frames.csv")
    joined = table.merge(crops.clips[["code", "type", "emotion"]], on="code")
    happy = joined[(joined["emotion"] == "happiness") & (joined["type"] == "genuine")]
    # The thesis: 1_4_100.jpg is a genuinely happy frame.
    assert happy["file"].str.match(r"1_4_\d+\.jpg").all()
    assert joined["file"][joined["type"] == "posed"].str.startswith("0_").all()
    assert len(list((tmp_path / "frames").glob("*.jpg"))) == len(crops.pixels)


def test_crops_that_do_not_fit_are_refused(crops: CropSet) -> None:
    with pytest.raises(DataError, match="with a clip each"):
        replace(crops, clip=crops.clip[:-1])
    with pytest.raises(DataError, match="stand together"):
        replace(crops, clip=crops.clip[::-1])
    with pytest.raises(DataError, match="Every clip"):
        replace(crops, clips=pd.concat([crops.clips, crops.clips[:1]]))
    with pytest.raises(DataError, match="55 measures"):
        replace(crops, measures=crops.measures[:, :3])


def test_folders_that_hold_no_crops_are_named(crops: CropSet, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no crops"):
        read_crops_of(tmp_path)
    with pytest.raises(DataError, match="no finished cache"):
        CropSet.from_cache(tmp_path)
    write_pedfe_crops(tmp_path, crops)
    (tmp_path / "crops.parquet").write_bytes(b"broken")
    with pytest.raises(DataError, match="not PEDFE's table of crops"):
        read_crops_of(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_damaged_cache_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "clip.npz").write_bytes(content)
    row = {"code": "a", "subject": "1", "type": "posed", "emotion": "fear", "file": "clip.npz"}
    pd.DataFrame([row]).to_csv(tmp_path / "clips.csv", index=False)
    with pytest.raises(DataError, match="no finished cache"):
        CropSet.from_cache(tmp_path)
    pd.DataFrame([row])[:0].to_csv(tmp_path / "clips.csv", index=False)
    with pytest.raises(DataError, match="names no clip"):
        CropSet.from_cache(tmp_path)


def test_a_table_without_crops_is_named(crops: CropSet, tmp_path: Path) -> None:
    path = write_pedfe_crops(tmp_path, crops) / "crops.parquet"
    pd.read_parquet(path)[:0].to_parquet(path)
    with pytest.raises(DataError, match="holds no crops"):
        read_crops_of(tmp_path)


def test_a_crop_of_an_unknown_clip_is_named(crops: CropSet, tmp_path: Path) -> None:
    write_pedfe_crops(tmp_path, crops)
    table = pd.read_parquet(tmp_path / "crops.parquet")
    table.assign(code="99_dg_1").to_parquet(tmp_path / "crops.parquet")
    with pytest.raises(DataError, match="does not name"):
        read_crops_of(tmp_path)


def test_the_real_measures_are_those_of_the_frame(tmp_path: Path) -> None:
    folder = SHARED / "pedfe"
    if not folder.is_dir():
        pytest.skip(f"no PEDFE at {folder}: set DUCHENNE_SHARED_DATA")
    import pyarrow.parquet as pq

    frames = pq.read_table(
        folder / "frames.parquet",
        columns=["code", "frame", "bs_jawOpen", "yaw"],
        filters=[("code", "=", "1_dg_1")],
    ).to_pandas()
    table = pq.read_table(folder / "crops.parquet", filters=[("code", "=", "1_dg_1")])
    clips = pd.read_csv(folder / "clips.csv")
    clips[clips["code"] == "1_dg_1"].to_csv(tmp_path / "clips.csv", index=False)
    pq.write_table(table, tmp_path / "crops.parquet")
    (tmp_path / "frames.parquet").symlink_to(folder / "frames.parquet")
    found = read_crops_of(tmp_path)
    from duchenne.evaluation.video_sets.cropping import MEASURES

    wanted = frames.set_index("frame").loc[sorted(table["frame"].to_pylist())]
    jaw, yaw = (found.measures[:, MEASURES.index(name)] for name in ("bs_jawOpen", "yaw"))
    np.testing.assert_allclose(jaw, wanted["bs_jawOpen"] / 65535, atol=1e-6)
    np.testing.assert_allclose(yaw, wanted["yaw"], atol=1e-4)


def test_a_crop_that_is_no_picture_is_named(crops: CropSet, tmp_path: Path) -> None:
    write_pedfe_crops(tmp_path, crops)
    table = pd.read_parquet(tmp_path / "crops.parquet")
    table.assign(image=b"no picture").to_parquet(tmp_path / "crops.parquet")
    with pytest.raises(DataError, match=r"crops\.parquet has a crop that is no picture of 112"):
        read_crops_of(tmp_path)


def test_a_broken_table_of_frames_is_named(crops: CropSet, tmp_path: Path) -> None:
    write_pedfe_crops(tmp_path, crops)
    (tmp_path / "frames.parquet").write_bytes(b"broken")
    with pytest.raises(DataError, match="not PEDFE's table of frames"):
        read_crops_of(tmp_path)


def test_pedfe_without_crops_is_named(crops: CropSet, tmp_path: Path) -> None:
    write_pedfe_crops(tmp_path, crops)
    (tmp_path / "crops.parquet").unlink()
    with pytest.raises(DataError, match="No PEDFE crops"):
        CropSet.from_pedfe(tmp_path)


def test_frames_for_the_thesis_need_a_folder(crops: CropSet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="cannot be written"):
        thesis_frames(crops, tmp_path / "file" / "frames")
