from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.conftest import SHARED
from tests.evaluation.made_up_faces import write_pedfe

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import EYES, fer_crop, read_clips, read_crops
from duchenne.faces.geometry import EYES_IN_CROP


@pytest.mark.parametrize("eye", [0, 1])
def test_the_eyes_land_where_fer2013_has_them(eye: int) -> None:
    crop = np.zeros((112, 112), np.uint8)
    x, y = (int(value) for value in EYES[eye])
    crop[y - 2 : y + 3, x - 2 : x + 3] = 255
    small = fer_crop(crop).astype(float)
    rows, columns = np.mgrid[0:48, 0:48] + 0.5
    found = (columns * small).sum() / small.sum(), (rows * small).sum() / small.sum()
    # The patch is centred on the middle of the pixel that holds the eye.
    scale = (EYES_IN_CROP[1, 0] - EYES_IN_CROP[0, 0]) / (EYES[1][0] - EYES[0][0])
    off = np.array([x + 0.5 - EYES[eye][0], y + 0.5 - EYES[eye][1]]) * scale
    np.testing.assert_allclose(found, EYES_IN_CROP[eye] + off, atol=0.1)
    assert small.max() > 100


def test_black_stays_black_and_the_top_edge_repeats() -> None:
    assert not fer_crop(np.zeros((112, 112), np.uint8)).any()
    crop = np.zeros((112, 112), np.uint8)
    crop[0] = 200
    assert fer_crop(crop)[0].min() > 60


def test_clips_and_crops_are_read(tmp_path: Path) -> None:
    write_pedfe(tmp_path)
    assert len(read_clips(tmp_path)) == 36
    batches = list(read_crops(tmp_path))
    assert sum(len(codes) for codes, _ in batches) == 72
    codes, crops = batches[0]
    assert codes[0] == "1_0g_1"
    assert crops.shape[1:] == (48, 48)
    assert crops.dtype == np.uint8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="hit_rate_emotion"), "lacks the column.* hit_rate_emotion"),
        (lambda t: t.assign(emotion="boredom"), "has emotion 'boredom'; known: anger"),
        (lambda t: t.assign(type="fake"), "has type 'fake'; known: genuine, posed"),
        (lambda t: t.assign(hit_rate_emotion=101), "outside 0 to 100 percent"),
        (lambda t: t.assign(hit_rate_emotion=None), "outside 0 to 100 percent"),
        (lambda t: t.iloc[:0], "a row a clip"),
        (lambda t: pd.concat([t, t]), "a row a clip, each code once"),
    ],
)
def test_bad_clips_are_named(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str, tmp_path: Path
) -> None:
    path = write_pedfe(tmp_path) / "clips.csv"
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(DataError, match=message):
        read_clips(tmp_path)


def test_missing_and_strange_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No PEDFE at"):
        read_clips(tmp_path)
    with pytest.raises(DataError, match="No PEDFE crops"):
        next(read_crops(tmp_path))
    (tmp_path / "crops.parquet").write_text("no table")
    with pytest.raises(DataError, match="not PEDFE's table of crops"):
        next(read_crops(tmp_path))


@pytest.mark.parametrize("blob", [b"no picture", b"", None])
def test_a_crop_that_is_no_picture_is_named(blob: bytes | None, tmp_path: Path) -> None:
    rows = pd.DataFrame({"code": ["1"], "image": pd.Series([blob], dtype=object)})
    rows.to_parquet(tmp_path / "crops.parquet")
    with pytest.raises(DataError, match=r"crops\.parquet has a crop that is no picture of 112"):
        next(read_crops(tmp_path))


def test_the_real_clips_are_those_of_the_readme() -> None:
    if not (SHARED / "pedfe").is_dir():
        pytest.skip(f"no PEDFE at {SHARED}: set DUCHENNE_SHARED_DATA")
    clips = read_clips(SHARED / "pedfe")
    assert len(clips) == 1_128
    assert clips["subject"].nunique() == 44
