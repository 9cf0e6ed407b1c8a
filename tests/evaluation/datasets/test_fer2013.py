from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import SPLITS, Fer2013, read_fer2013
from duchenne.evaluation.datasets.ferplus import VOTES

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("DUCHENNE_SHARED_DATA", ROOT.parent / "shared" / "data"))

USAGE = ["Training"] * 7 + ["PublicTest", "PrivateTest"]
LABELS = [0, 1, 2, 3, 4, 5, 6, 3, 3]


@pytest.fixture
def pictures() -> np.ndarray:
    made = np.random.default_rng(0).integers(0, 256, (9, 48, 48), dtype=np.uint8)
    made[8] = made[3]  # one PrivateTest picture stands in Training too
    return made


def _pixels(picture: np.ndarray) -> str:
    return " ".join(str(value) for value in picture.ravel())


def _table(pictures: np.ndarray) -> pd.DataFrame:
    text = [_pixels(p) for p in pictures]
    return pd.DataFrame({"emotion": LABELS, "pixels": text, "Usage": USAGE})


def _encoded(picture: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, lossless=True)
    return buffer.getvalue()


def _write(layout: str, pictures: np.ndarray, folder: Path) -> Path:
    if layout == "fer2013.csv":
        _table(pictures).to_csv(folder / layout, index=False)
    elif layout == "icml_face_data.csv":
        table = _table(pictures)[["emotion", "Usage", "pixels"]]
        table.columns = ["emotion", " Usage", " pixels"]
        table.to_csv(folder / layout, index=False)
    elif layout == "fer2013.parquet":
        blobs = [_encoded(p, "WEBP") for p in pictures]
        frame = pd.DataFrame({"image": blobs, "usage": USAGE, "emotion": LABELS})
        frame.to_parquet(folder / layout)
    else:
        _write_folders(pictures, folder)
    return folder


def _write_folders(pictures: np.ndarray, folder: Path) -> None:
    for i, (picture, usage, label) in enumerate(zip(pictures, USAGE, LABELS, strict=True)):
        place = folder / usage / EMOTIONS[label]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{i}.png").write_bytes(_encoded(picture))


LAYOUTS = ["fer2013.csv", "icml_face_data.csv", "fer2013.parquet", "folders"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_rows(
    layout: str, pictures: np.ndarray, tmp_path: Path
) -> None:
    data = read_fer2013(_write(layout, pictures, tmp_path))
    found = {
        (i.tobytes(), int(e), str(u))
        for i, e, u in zip(data.images, data.labels, data.usage, strict=True)
    }
    wanted = {(i.tobytes(), e, u) for i, e, u in zip(pictures, LABELS, USAGE, strict=True)}
    assert found == wanted
    assert data.warning == ""
    assert len(data.split("Training")) == 7


def _votes() -> np.ndarray:
    return np.random.default_rng(1).multinomial(10, np.full(10, 0.1), size=9)


def _write_votes(votes: np.ndarray, folder: Path, usage: list[str] = USAGE) -> None:
    """As the official table stands in its repository."""
    table = pd.DataFrame(votes, columns=list(VOTES))
    table.insert(0, "Usage", usage)
    table.insert(1, "Image name", "x.png")
    table.to_csv(folder / "fer2013new.csv", index=False)


@pytest.mark.parametrize("layout", ["fer2013.csv", "icml_face_data.csv", "fer2013.parquet"])
def test_votes_beside_the_file_are_read(layout: str, pictures: np.ndarray, tmp_path: Path) -> None:
    _write(layout, pictures, tmp_path)
    assert read_fer2013(tmp_path).votes is None
    _write_votes(_votes(), tmp_path)
    data = read_fer2013(tmp_path)
    np.testing.assert_array_equal(data.votes, _votes())
    np.testing.assert_array_equal(data.split("PrivateTest").votes, _votes()[8:])


def test_votes_of_the_parquet_file_are_read(pictures: np.ndarray, tmp_path: Path) -> None:
    _write("fer2013.parquet", pictures, tmp_path)
    path = tmp_path / "fer2013.parquet"
    table = pd.read_parquet(path)
    for name, column in zip(VOTES, _votes().T, strict=True):
        table[f"votes_{name}"] = column.astype(np.int8)
    table.to_parquet(path)
    np.testing.assert_array_equal(read_fer2013(path).votes, _votes())
    table.drop(columns="votes_NF").to_parquet(path)
    with pytest.raises(DataError, match=r"lacks the FER\+ column\(s\) NF"):
        read_fer2013(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="fear"), r"lacks the FER\+ column\(s\) fear"),
        (lambda table: table.drop(columns="Usage"), "lacks the column Usage"),
        (lambda table: table.iloc[:-1], "not about the rows of fer2013.csv"),
        (lambda table: table.assign(Usage="Training"), "not about the rows of fer2013.csv"),
        (lambda table: table.assign(NF=11), "Row 0 of fer2013new.csv has FER\\+ votes"),
        (lambda table: table.assign(NF=0.5), "not whole numbers from 0 to 10"),
        (lambda table: table.assign(NF="x"), "not whole numbers from 0 to 10"),
    ],
)
def test_bad_votes_are_named(
    change: Callable[[pd.DataFrame], pd.DataFrame],
    message: str,
    pictures: np.ndarray,
    tmp_path: Path,
) -> None:
    _write("fer2013.csv", pictures, tmp_path)
    _write_votes(_votes(), tmp_path)
    path = tmp_path / "fer2013new.csv"
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(DataError, match=message):
        read_fer2013(tmp_path)


def test_copies_across_splits_are_found(pictures: np.ndarray, tmp_path: Path) -> None:
    data = read_fer2013(_write("fer2013.csv", pictures, tmp_path))
    assert data.copies_of("Training")[data.usage == "PrivateTest"].tolist() == [True]
    assert data.copies_of("Training")[data.usage == "PublicTest"].tolist() == [False]


@pytest.mark.parametrize("test", ["test", "Test"])
def test_the_folder_edition_says_that_it_mixes_the_test_splits(
    test: str, pictures: np.ndarray, tmp_path: Path
) -> None:
    for split, name, rows in (("train", "happy", range(3)), (test, "Sadness", range(3, 5))):
        (tmp_path / split / name).mkdir(parents=True)
        for i in rows:
            (tmp_path / split / name / f"{i}.png").write_bytes(_encoded(pictures[i]))
    data = read_fer2013(tmp_path)
    assert "PublicTest and PrivateTest together" in data.warning
    private = data.split("PrivateTest")
    assert private.labels.tolist() == [4, 4]
    assert private.warning == data.warning
    with pytest.raises(DataError, match=r"no PublicTest rows: the folder edition keeps"):
        data.split("PublicTest")


def test_a_training_folder_alone_is_no_mixture(pictures: np.ndarray, tmp_path: Path) -> None:
    (tmp_path / "train" / "happy").mkdir(parents=True)
    (tmp_path / "train" / "happy" / "1.png").write_bytes(_encoded(pictures[0]))
    data = read_fer2013(tmp_path)
    assert data.warning == ""
    with pytest.raises(DataError, match=r"holds no PublicTest rows\.$"):
        data.split("PublicTest")


def _change(column: str, value: object) -> pd.DataFrame:
    blank = np.zeros((9, 48, 48), np.uint8)
    table = _table(blank).astype(object)
    table.loc[2, column] = value
    return table


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("emotion", 7, "Row 2 of fer2013.csv has emotion"),
        ("emotion", -1, "labels are 0 to 6"),
        ("emotion", 2.5, "labels are 0 to 6"),
        ("emotion", "happy", "labels are 0 to 6"),
        ("emotion", None, "labels are 0 to 6"),
        ("Usage", "Test", "no usage 'Test'"),
        ("pixels", "1 2 3", "Row 2 has 3 pixels where FER-2013 has 2304"),
        ("pixels", "x " * 2304, "Row 2 has pixels that are not whole numbers"),
        ("pixels", "256 " * 2304, "Row 2 has pixels outside 0 to 255"),
        ("pixels", None, "Row 2 has pixels that are not whole numbers"),
    ],
)
def test_bad_rows_are_named(column: str, value: object, message: str, tmp_path: Path) -> None:
    _change(column, value).to_csv(tmp_path / "fer2013.csv", index=False)
    with pytest.raises(DataError, match=message):
        read_fer2013(tmp_path)


def _no_such(_: Path) -> None:
    pass


def _csv_without_pixels(folder: Path) -> None:
    (folder / "fer2013.csv").write_text("emotion,Usage\n3,Training\n")


def _empty_csv(folder: Path) -> None:
    (folder / "fer2013.csv").write_text("emotion,pixels,Usage\n")


def _nothing_in_csv(folder: Path) -> None:
    (folder / "fer2013.csv").write_text("")


def _no_parquet(folder: Path) -> None:
    (folder / "fer2013.parquet").write_bytes(b"PAR1 or not")


def _other_parquet(folder: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(folder / "fer2013.parquet")


def _parquet_of_text(folder: Path) -> None:
    frame = pd.DataFrame({"image": ["text"], "usage": ["Training"], "emotion": [3]})
    frame.to_parquet(folder / "fer2013.parquet")


def _strange_class(folder: Path) -> None:
    (folder / "train" / "bored").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_no_such, "holds neither fer2013.csv"),
        (_csv_without_pixels, "lacks the column.* pixels"),
        (_empty_csv, "holds no rows"),
        (_nothing_in_csv, "not a CSV table"),
        (_no_parquet, "not FER-2013 as Parquet"),
        (_other_parquet, "not FER-2013 as Parquet"),
        (_parquet_of_text, "cannot be decoded"),
        (_strange_class, "not one of angry"),
    ],
)
def test_what_is_not_fer2013_is_named(
    make: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    make(tmp_path)
    with pytest.raises(DataError, match=message):
        read_fer2013(tmp_path)


def test_missing_files_and_strange_suffixes_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No FER-2013 at"):
        read_fer2013(tmp_path / "nowhere.csv")
    (tmp_path / "fer2013.txt").write_text("")
    with pytest.raises(DataError, match=r"neither \.csv nor \.parquet"):
        read_fer2013(tmp_path / "fer2013.txt")


def test_unknown_splits_and_shapes_are_named(pictures: np.ndarray) -> None:
    data = Fer2013(pictures, np.array(LABELS), np.array(USAGE))
    with pytest.raises(DataError, match="no split 'Test'"):
        data.split("Test")
    with pytest.raises(DataError, match="needs images"):
        Fer2013(pictures[:, :40], np.array(LABELS), np.array(USAGE))
    with pytest.raises(DataError, match="labels are 0 to 6"):
        Fer2013(pictures, np.array(LABELS) + 1, np.array(USAGE))
    with pytest.raises(DataError, match=r"FER\+ votes are \(9, 10\), got \(9, 8\)"):
        Fer2013(pictures, np.array(LABELS), np.array(USAGE), votes=_votes()[:, :8])


def test_the_real_one_has_the_published_counts_and_copies() -> None:
    path = SHARED / "fer2013" / "fer2013.parquet"
    if not path.exists():
        pytest.skip(f"no FER-2013 at {path}: set DUCHENNE_SHARED_DATA")
    data = read_fer2013(path)
    private = data.split("PrivateTest")
    assert np.bincount(private.labels).tolist() == [491, 55, 528, 879, 594, 416, 626]
    assert [len(data.split(s)) for s in SPLITS] == [28_709, 3_589, 3_589]
    in_training, in_public = data.copies_of("Training"), data.copies_of("PublicTest")
    assert in_training[data.usage == "PrivateTest"].sum() == 288
    assert in_training[data.usage == "PublicTest"].sum() == 280
    assert in_public[data.usage == "PrivateTest"].sum() == 44
