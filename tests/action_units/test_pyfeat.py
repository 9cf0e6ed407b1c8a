"""py-feat's tables of several versions are read, and bad ones refused in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from duchenne.action_units.pyfeat import is_pyfeat, read_pyfeat, write_pyfeat
from duchenne.errors import DataError

BOX = {"FaceRectX": 1.0, "FaceRectY": 2.0, "FaceRectWidth": 30.0, "FaceRectHeight": 40.0}


def table(path: Path, *rows: Mapping[str, object], index: bool = False) -> Path:
    whole = [{**BOX, "FaceScore": 0.9, **row} for row in rows]
    pd.DataFrame(whole).to_csv(path / "fex.csv", index=index)
    return path / "fex.csv"


def test_a_real_file_of_the_old_layout(shared_media: Path) -> None:
    path = shared_media / "Feat_Test.csv"
    read = read_pyfeat(path)
    assert read.rows["AU12"].tolist() == pytest.approx([0.96438], abs=1e-5)
    assert read.rows["happiness"].tolist() == pytest.approx([0.98700], abs=1e-5)
    assert read.inputs[0].endswith("single_face.jpg")
    assert not read.told_apart


def test_a_real_file_is_written_in_its_own_order(shared_media: Path, tmp_path: Path) -> None:
    path = shared_media / "Feat_Test.csv"
    read = read_pyfeat(path)
    rows = read.rows.drop(columns="face_id").assign(input=read.inputs)
    write_pyfeat(rows[sorted(rows.columns)], tmp_path / "w.csv")
    was, now = pd.read_csv(path), pd.read_csv(tmp_path / "w.csv")
    pd.testing.assert_frame_equal(now, was, rtol=1e-8)


def test_version_2_with_its_names_identities_and_row_numbers(tmp_path: Path) -> None:
    face: dict[str, object] = {
        "Happy": 0.8,
        "Neutral": 0.2,
        "AU12": 0.7,
        "valence": 0.5,
        "mesh_x_0": 3.0,
    }
    face |= {"Identity_1": 0.1, "Identity_512": 0.2, "approx_time": "00:00", "input": "a.mp4"}
    path = table(
        tmp_path,
        face | {"frame": 0, "Identity": "Person_0"},
        face | {"frame": 0, "Identity": "Person_1"},
        face | {"frame": 1, "Identity": "Person_1"},
        index=True,
    )
    read = read_pyfeat(path)
    assert read.told_apart
    assert read.rows["face_id"].tolist() == [0, 1, 1]
    assert read.rows["happiness"].tolist() == [0.8] * 3
    assert {"valence", "mesh_x_0"} <= set(read.rows)
    # Numbers that tell people apart by their faces are not kept.
    assert not [name for name in read.rows if name.startswith("Identity")]


@pytest.mark.parametrize("names", [["P", "P"], ["P", ""]])
def test_identities_that_do_not_tell_faces_apart_are_not_used(
    tmp_path: Path, names: list[str]
) -> None:
    path = table(tmp_path, *({"frame": 0, "AU12": 0.1, "Identity": name} for name in names))
    read = read_pyfeat(path)
    assert not read.told_apart
    assert read.rows["face_id"].tolist() == [0, 1]


def test_pictures_without_frame_numbers_are_counted(tmp_path: Path) -> None:
    path = table(tmp_path, *({"AU12": 0.1, "input": name} for name in ("a.jpg", "a.jpg", "b.jpg")))
    rows = read_pyfeat(path).rows
    assert rows["frame"].tolist() == [0, 0, 1]
    assert rows["face_id"].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"frame": 0, "AU12": 3.2}, "AU12 should lie between 0 and 1"),
        ({"frame": 0, "anger": -1}, "anger should lie between 0 and 1"),
        ({"frame": 0, "AU12": "much"}, "AU12 should be a number"),
        ({"frame": -1, "AU12": 0}, "whole frame number"),
        ({"frame": None, "AU12": 0}, "whole frame number"),
    ],
)
def test_bad_rows_are_one_sentence(tmp_path: Path, row: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_pyfeat(table(tmp_path, row))


def test_two_videos_in_one_table_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path, {"frame": 0, "input": "a.mp4"}, {"frame": 0, "input": "b.mp4"})
    with pytest.raises(DataError, match="several inputs"):
        read_pyfeat(path)


def test_its_columns_tell_a_pyfeat_table(tmp_path: Path) -> None:
    assert is_pyfeat(["frame", "FaceRectX", "FaceRectY", "FaceScore"])
    assert not is_pyfeat(["frame", "AU01", "anger"])
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="no py-feat table"):
        read_pyfeat(tmp_path / "t.csv")
