"""What `import duchenne` gives, and `python -m duchenne`."""

from __future__ import annotations

import html
import inspect
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

import duchenne
from duchenne.action_units.names import INTENSITIES
from duchenne.cli.audit import command
from duchenne.errors import DataError, MissingExtraError
from tests.cli.running import Runner
from tests.conftest import ROOT
from tests.evaluation.audit.made_up_sets import write_pictures
from tests.expressions.made_up import clock, recording_of, rows
from tests.notebook import nouns
from tests.openface_standin import install


@pytest.fixture
def picture(tmp_path: Path, astronaut: NDArray[np.uint8]) -> Path:
    path = tmp_path / "astronaut.png"
    Image.fromarray(astronaut).save(path)
    return path


@pytest.mark.parametrize("name", duchenne.__all__)
def test_every_name_is_there_and_explained(name: str) -> None:
    assert inspect.getdoc(getattr(duchenne, name))
    # A room of that name would take the place of what is exported, once it is imported.
    assert find_spec(f"duchenne.{name}") is None


@pytest.mark.parametrize("name", duchenne.__all__)
def test_the_reference_lists_every_name(name: str) -> None:
    page = (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")
    assert re.search(rf"^\|.*`{name}`.*\|$", page, re.MULTILINE)


def test_notebooks_complete_every_name() -> None:
    assert set(duchenne.__all__) <= set(dir(duchenne))


def test_other_names_are_missing() -> None:
    with pytest.raises(AttributeError, match="'duchenne' has no attribute 'feel'"):
        _ = duchenne.feel


def test_the_command_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "duchenne", "describe", "--nonsense"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_of_a_recording_is_that_of_analyze(
    picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    Runner(monkeypatch, capsys)("analyze", picture, "--out", tmp_path / "out")
    recording = duchenne.Recording.load(tmp_path / "out" / "astronaut")
    page = duchenne.save_report(recording, tmp_path / "here")
    assert page == tmp_path / "here" / "report.html"
    theirs = tmp_path / "out" / "astronaut" / "report.html"
    assert page.read_text(encoding="utf-8") == theirs.read_text(encoding="utf-8")
    assert "data:image" in page.read_text(encoding="utf-8")
    # Another picture of that name must not stand beside these numbers.
    Image.new("RGB", (512, 512)).save(picture)
    without = duchenne.save_report(recording, tmp_path / "page.HTML")
    assert without.name == "page.HTML"
    assert "data:image" not in without.read_text(encoding="utf-8")


def test_every_result_gets_its_page(tmp_path: Path) -> None:
    for made, name in (
        (nouns.two_smiles("clip.mp4"), "report.html"),
        (nouns.synchrony(), "synchrony.html"),
    ):
        page = duchenne.save_report(made, tmp_path)
        assert page == tmp_path / name
        assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(DataError, match="not of DataFrame"):
        duchenne.save_report(pd.DataFrame(), tmp_path)


def test_a_recording_that_cannot_be_judged_has_a_page(tmp_path: Path) -> None:
    times = clock(1.0, 10.0)
    unknown = dict.fromkeys(INTENSITIES, np.full(len(times), np.nan))
    made = recording_of(rows(times, unknown))
    with pytest.raises(DataError):
        duchenne.judge(made)
    assert duchenne.save_report(made, tmp_path).is_file()


def test_an_audit_in_one_call(tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "set", "brightness", each=14)
    found = duchenne.audit(folder, faces=False, memory=tmp_path / "measured.jsonl")
    assert isinstance(found, duchenne.Audit)
    assert not found.passed
    assert (tmp_path / "measured.jsonl").is_file()
    page = duchenne.save_report(found, tmp_path)
    assert page == tmp_path / "audit.html"
    assert found.headline in html.unescape(page.read_text(encoding="utf-8"))
    with pytest.raises(DataError, match=r"above 0\.5"):
        duchenne.audit(folder, faces=False, memory=tmp_path / "measured.jsonl", bar=0.4)
    with pytest.raises(DataError, match="of the lips"):
        duchenne.audit(folder, faces=False, memory=tmp_path / "measured.jsonl", models=["smile"])


def test_audit_and_its_command_have_one_bar() -> None:
    (option,) = [one for one in command.params if one.name == "bar"]
    assert inspect.signature(duchenne.audit).parameters["bar"].default == option.default


def test_analyze_takes_openfaces_units(
    picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = install(tmp_path / "of", [(1, 0, 180.0, 85.0, 90.0, 100.0, 2.25)])
    recording = duchenne.analyze(picture, openface=place)
    assert recording.to_frame()["AU12_r"].tolist() == [2.25]
    monkeypatch.setenv("DUCHENNE_OPENFACE", str(tmp_path / "nowhere"))
    with pytest.raises(MissingExtraError, match="nowhere"):
        duchenne.analyze(picture, openface=True)
