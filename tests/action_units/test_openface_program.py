"""An installed OpenFace is found, run and read; one that is missing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from duchenne.action_units.openface_program import VARIABLE, OpenFaceProgram
from duchenne.errors import DataError, MissingExtraError
from tests.openface_standin import called, install

FACES = [(1, 0, 10, 20, 30, 40, 2.5), (2, 0)]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No OpenFace of this machine's own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "my clip.mp4"
    path.write_bytes(b"anything")
    return path


@pytest.mark.parametrize(
    ("kind", "name", "flag"),
    [
        ("video", "FeatureExtraction", "-f"),
        ("folder", "FeatureExtraction", "-fdir"),
        ("picture", "FaceLandmarkImg", "-f"),
    ],
)
def test_the_right_program_is_run(
    tmp_path: Path, source: Path, kind: str, name: str, flag: str
) -> None:
    place = install(tmp_path / "of", FACES[:1])
    table = OpenFaceProgram(str(place)).run(source, kind)
    assert called(place)[:3] == [name, flag, str(source)]
    assert table.picture is (kind == "picture")
    assert table.rows[["AU12_r", "AU12_c", "x_67", "y_0"]].iloc[0].tolist() == [2.5, 1, 40, 20]


@pytest.mark.parametrize("how", ["folder", "parent", "program", "variable", "path"])
def test_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    place = install(tmp_path / "build" / "bin", [])
    given = {"folder": place, "parent": tmp_path, "program": place / "FeatureExtraction"}.get(how)
    if how == "variable":
        monkeypatch.setenv(VARIABLE, str(place))
    if how == "path":
        monkeypatch.setenv("PATH", str(place))
    program = OpenFaceProgram(None if given is None else str(given))
    assert program.find("FaceLandmarkImg") == place / "FaceLandmarkImg"


@pytest.mark.parametrize("given", [None, "/nowhere/at/all"])
def test_a_missing_one_is_told_with_how_to_get_it(given: str | None) -> None:
    with pytest.raises(
        MissingExtraError, match=r"install OpenFace 2\.2 .*wiki.* give openface the folder"
    ) as told:
        OpenFaceProgram(given).find("FeatureExtraction")
    assert "\n" not in str(told.value)
    # Python's users have no options.
    assert "--" not in str(told.value)


def test_what_openface_cannot_read_is_told(tmp_path: Path, source: Path) -> None:
    place = install(tmp_path / "of", [], fails=True)
    with pytest.raises(DataError, match=r"my clip\.mp4: Could not open the input file\."):
        OpenFaceProgram(str(place)).run(source, "video")


def test_a_program_for_another_machine_is_told(tmp_path: Path, source: Path) -> None:
    program = tmp_path / "FeatureExtraction"
    program.write_bytes(b"\x7fELF nothing that runs")
    program.chmod(0o755)
    with pytest.raises(DataError, match="cannot be run"):
        OpenFaceProgram(str(tmp_path)).run(source, "video")


def test_a_picture_without_faces_gives_none(tmp_path: Path, source: Path) -> None:
    table = OpenFaceProgram(str(install(tmp_path / "of", []))).run(source, "picture")
    assert len(table.rows) == 0
    assert {"frame", "face_id", "success", "AU12_r", "x_0"} <= set(table.rows)
