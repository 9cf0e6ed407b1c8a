"""Data sets that have a reader of their own, and tables that hold pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.evaluation.audit.made_up_sets import texture
from tests.pedfe_clips import clip_table, write_clips
from tests.smiles import smile_table, write_smiles
from tests.tiny import tiny_fer, tiny_fer_csv

from duchenne.errors import DataError
from duchenne.evaluation.audit import AuditSet, picture_tables, read_audit_set
from duchenne.evaluation.audit.known_sets import fer2013_set
from duchenne.evaluation.audit.listing import Columns
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.datasets.pedfe import SIDE
from duchenne.expressions.track import canonical_face

__all__ = ["tiny_fer", "tiny_fer_csv"]

LABELS = np.array(["a", "b"])[np.arange(24) % 2]


def _read(path: Path, **columns: str) -> AuditSet:
    return read_audit_set(path, Columns(**columns), look_for_faces=False)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pedfe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people in 36 clips; the first clip never shows a face, and has no crops either."""
    folder = tmp_path_factory.mktemp("pedfe")
    clips = clip_table(3).assign(gender="F", duration_s=2.0, fps=30.0)
    write_clips(folder, clips, canonical_face(), frames=8)
    frames = pd.read_parquet(folder / "frames.parquet")
    frames.loc[frames["code"] == clips["code"][0], "success"] = False
    frames.to_parquet(folder / "frames.parquet")
    return folder


def test_pedfe_is_labelled_by_type_and_its_gaps_are_filled(pedfe: Path) -> None:
    data = _read(pedfe)
    assert (data.name, data.kind, data.classes) == ("PEDFE", "clips", ("genuine", "posed"))
    assert set(data.categories) == {"emotion", "gender"}
    assert data.nuisances["frame rate"].tolist() == [30.0] * 36
    assert data.nuisances["face seen"].tolist() == [0.0] + [1.0] * 35
    assert np.isnan(data.nuisances["distance"][0])
    assert (data.nuisances["distance"][1:] == -60).all()
    # The canonical head in the middle of the picture, about a seventh of its width.
    assert data.nuisances["face x"][1:] == pytest.approx(0.5, abs=0.02)
    assert data.nuisances["face y"][1:] == pytest.approx(0.5, abs=0.1)
    assert (np.abs(data.nuisances["face width"][1:] - 0.3) < 0.1).all()
    assert data.content is not None
    np.testing.assert_allclose(data.content[0], data.content[1:].mean(axis=0))
    assert data.intensity["strength"][0] == pytest.approx(data.intensity["strength"][1:].mean())
    assert (data.thumbnails, data.keys, data.pictures) == (None, None, None)


def test_pedfe_by_emotion_and_by_nothing_else(pedfe: Path) -> None:
    data = _read(pedfe, label="emotion")
    assert len(data.classes) == 6
    assert set(data.categories) == {"type", "gender"}
    with pytest.raises(DataError, match="by type or emotion, not by 'gender'"):
        _read(pedfe, label="gender")


def _copied(pedfe: Path, folder: Path) -> Path:
    for file in ("clips.csv", "frames.parquet"):
        (folder / file).write_bytes((pedfe / file).read_bytes())
    return folder


def test_a_clip_of_pedfe_without_a_subject_is_of_nobody(pedfe: Path, tmp_path: Path) -> None:
    path = _copied(pedfe, tmp_path) / "clips.csv"
    clips = pd.read_csv(path)
    clips.loc[0, ["subject", "gender"]] = np.nan
    clips.to_csv(path, index=False)
    data = _read(tmp_path)
    assert data.subject[:2].tolist() == ["", "1"]
    assert data.categories["gender"][:2].tolist() == ["", "F"]


def test_pedfe_without_any_face_is_a_sentence(pedfe: Path, tmp_path: Path) -> None:
    path = _copied(pedfe, tmp_path) / "frames.parquet"
    pd.read_parquet(path).assign(success=False).to_parquet(path)
    with pytest.raises(DataError, match="shows a face in none of the clips"):
        _read(tmp_path)


def _blob(value: int) -> bytes:
    stored: bytes = cv2.imencode(".png", np.full((SIDE, SIDE), value, np.uint8))[1].tobytes()
    return stored


def test_crops_of_pedfe_say_how_bright_a_clip_is(pedfe: Path) -> None:
    codes = pd.read_csv(pedfe / "clips.csv")["code"].tolist()
    rows = [(code, _blob(40 + 5 * place)) for place, code in enumerate(codes[1:])] * 6
    pd.DataFrame(rows, columns=["code", "image"]).to_parquet(pedfe / "crops.parquet")
    data = _read(pedfe)
    assert np.isnan(data.nuisances["brightness"][0])
    assert (np.diff(data.nuisances["brightness"][1:]) > 0).all()
    assert data.keys is not None
    assert data.keys[0] == ""  # a clip without crops is like no other
    assert len(set(data.keys.tolist())) == 36
    assert data.pictures is not None
    assert [data.pictures[place]().mean() for place in (0, 1, 2)] == [0, 40, 45]


@pytest.mark.parametrize("name", ["frames", "crops"])
def test_broken_tables_of_pedfe_are_named(name: str, pedfe: Path, tmp_path: Path) -> None:
    _copied(pedfe, tmp_path)
    (tmp_path / f"{name}.parquet").write_text("no table")
    with pytest.raises(DataError, match=f"{name}.parquet is not PEDFE's table of {name}"):
        _read(tmp_path)


def test_a_crop_that_is_no_picture_is_a_sentence(pedfe: Path, tmp_path: Path) -> None:
    _copied(pedfe, tmp_path)
    codes = pd.read_csv(pedfe / "clips.csv")["code"]
    pd.DataFrame({"code": codes, "image": b"none"}).to_parquet(tmp_path / "crops.parquet")
    with pytest.raises(DataError, match="is no picture of 112 x 112 pixels"):
        _read(tmp_path)


@pytest.mark.parametrize("named", ["folder", "table"])
def test_uva_nemo_is_read_by_its_own_reader(named: str, tmp_path: Path) -> None:
    folder = write_smiles(tmp_path)
    data = _read(folder if named == "folder" else folder / "smile_dynamics.csv")
    table = smile_table()
    assert (data.kind, data.classes) == ("features", ("deliberate", "spontaneous"))
    assert len(data) == len(table)
    assert data.nuisances["age"].tolist() == table["age"].tolist()
    lengths = [name for name in table if name.startswith("lip_") and "duration_full" in name]
    np.testing.assert_allclose(data.nuisances["duration"], table[lengths].sum(axis=1))
    assert data.keys is not None
    assert len(set(data.keys.tolist())) == len(table)
    with pytest.raises(DataError, match=r"UvA-NEMO is read with its own labels: name no subject"):
        _read(folder, subject="age")


def test_fer2013_is_known_by_its_files(tiny_fer_csv: Path, tiny_fer: Fer2013) -> None:
    for path in (tiny_fer_csv, tiny_fer_csv.parent):
        data = _read(path)
        assert (data.name, len(data)) == ("FER-2013", len(tiny_fer))
    assert data.split.tolist() == tiny_fer.usage.tolist()
    assert data.keys is not None
    assert data.keys[161] == data.keys[0]  # the planted copy
    with pytest.raises(DataError, match="FER-2013 is read with its own labels: name no label"):
        _read(tiny_fer_csv, label="emotion")


def test_of_many_pictures_some_are_measured_and_all_compared(
    tiny_fer: Fer2013, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_tables, "MEASURED", 30)
    data = fer2013_set(tiny_fer)
    assert data.measured is not None
    assert data.measured.sum() == 30
    assert np.isfinite(data.nuisances["brightness"]).tolist() == data.measured.tolist()
    assert any("30 of the 182 pictures" in note for note in data.notes)
    assert len(data.known()) == 30
    assert data.keys is not None
    assert len(data.keys) == 182


def _png(picture: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def _picture_table(folder: Path, blobs: Sequence[bytes | None]) -> Path:
    table = pd.DataFrame({"image": blobs, "label": LABELS[: len(blobs)], "camera": "one"})
    table.to_parquet(folder / "pictures.parquet")
    return folder / "pictures.parquet"


def _textures(seed: int = 0) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    return [texture(rng, 48) for _ in range(24)]


def test_a_table_of_pictures_is_measured_and_broken_rows_are_told(tmp_path: Path) -> None:
    pictures = _textures()
    pictures[5] = pictures[3]
    blobs = [_png(picture) for picture in pictures]
    blobs[1], blobs[2] = b"no picture", _png(np.zeros((8, 40), np.uint8))
    data = _read(_picture_table(tmp_path, blobs))
    assert (data.kind, len(data)) == ("pictures", 22)
    assert data.names[:2].tolist() == ["row 0", "row 3"]
    assert [text.split(":")[0] for text in data.unreadable] == [
        "The picture of row 1 cannot be read",
        "The picture of row 2 cannot be read",
    ]
    assert "smaller than 16 pixels" in data.unreadable[1]
    assert data.keys is not None
    assert data.keys[1] == data.keys[3] != data.keys[0]
    assert data.pictures is not None
    np.testing.assert_array_equal(data.pictures[1](), pictures[3])
    assert {"brightness", "sharpness"} <= set(data.nuisances)


def test_a_first_row_without_a_picture_does_not_hide_the_others(tmp_path: Path) -> None:
    blobs = [None, *(_png(picture) for picture in _textures()[1:])]
    data = _read(_picture_table(tmp_path, blobs))
    assert (data.kind, len(data)) == ("pictures", 23)
    assert data.unreadable[0].startswith("The picture of row 0 cannot be read")


def test_a_large_table_is_measured_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_tables, "MEASURED", 10)
    data = _read(_picture_table(tmp_path, [_png(picture) for picture in _textures()]))
    assert data.measured is not None
    assert data.measured.sum() == 10
    assert np.isfinite(data.nuisances["brightness"]).sum() == 10
    assert any("10 of the 24 pictures" in note for note in data.notes)


def test_a_table_without_one_readable_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Not one picture of .* can be read: .*row 0"):
        _read(_picture_table(tmp_path, [b"x"] * 24))
