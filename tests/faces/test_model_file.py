"""Getting the landmark model: checked, replaced when damaged, never half there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from duchenne.errors import ModelError
from duchenne.faces import model_file
from duchenne.faces.networks import FaceNetworks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of one's own, from which no network can be reached."""
    monkeypatch.setenv("DUCHENNE_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(model_file, "URL", "http://127.0.0.1:9/none")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path / "models"


@pytest.fixture
def whole(networks: FaceNetworks) -> bytes:
    """The true file's bytes, from the machine's own cache."""
    return model_file.landmarker_file().read_bytes()


def test_the_cached_file_is_the_expected_one(whole: bytes) -> None:
    assert len(whole) == model_file.SIZE


def test_offline_is_one_sentence_that_says_what_to_do(folder: Path) -> None:
    with pytest.raises(ModelError, match="DUCHENNE_MODELS") as caught:
        model_file.landmarker_file()
    assert "\n" not in str(caught.value)
    assert list(folder.iterdir()) == []


def test_a_damaged_file_is_replaced(whole: bytes, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / model_file.NAME).write_bytes(whole[:-1] + b"x")
    origin = tmp_path / "origin.task"
    origin.write_bytes(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_file, "URL", origin.as_uri())
        path = model_file.landmarker_file()
    assert path.read_bytes() == whole
    assert [p.name for p in folder.iterdir()] == [model_file.NAME]


def test_a_wrong_download_is_never_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.task"
    wrong.write_bytes(b"something else")
    monkeypatch.setattr(model_file, "URL", wrong.as_uri())
    with pytest.raises(ModelError, match="not the one expected"):
        model_file.landmarker_file()
    assert list(folder.iterdir()) == []


def test_a_file_that_is_no_landmarker_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a face landmarker"):
        FaceNetworks(tmp_path / "missing.task")
    with zipfile.ZipFile(tmp_path / "other.task", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ModelError, match="not a face landmarker"):
        FaceNetworks(tmp_path / "other.task")
