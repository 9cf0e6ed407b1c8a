"""``duchenne doctor`` on machines of several kinds."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

import duchenne as package
from duchenne.cli import doctor
from duchenne.cli.checkup import models, packages, system
from duchenne.cli.checkup.finding import Section
from duchenne.cli.checkup.models import find_landmarker, find_weights
from duchenne.weights import card as card_module
from tests.cli.running import Runner

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


def test_a_whole_machine_is_told_in_words(duchenne: Runner) -> None:
    done = duchenne("doctor")
    assert done.code == 0
    assert done.out.endswith("duchenne analyze can run here.\n")
    for title in ("This machine", "Extras", "Model files", "Cameras", "What is missing"):
        assert f"\n{title}" in f"\n{done.out}"
    assert "!! face_landmarker" not in done.out


def test_a_missing_model_comes_first_and_is_exit_code_1(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DUCHENNE_MODELS", str(tmp_path))
    done = duchenne("doctor", "--check", "--json")
    facts = json.loads(done.out)
    assert (done.code, facts["can_analyze"]) == (1, False)
    assert facts["missing"][0]["name"] == "face_landmarker"
    assert facts["missing"][0]["remedy"] == "duchenne models fetch"
    assert not list(tmp_path.iterdir()), "a doctor fetches nothing"
    # Without it there is nothing to try.
    assert {f["name"]: f["state"] for f in facts["sections"]["models"]}["trial run"] == "absent"


def test_the_main_job_is_tried(duchenne: Runner) -> None:
    facts = json.loads(duchenne("doctor", "--check", "--json").out)
    assert {f["name"]: f["state"] for f in facts["sections"]["models"]}["trial run"] == "ok"


def test_another_file_in_the_models_place_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "face_landmarker.task").write_bytes(b"half a download")
    monkeypatch.setenv("DUCHENNE_MODELS", str(tmp_path))
    found = find_landmarker()
    assert found.prevents
    assert "is not the right file" in found.detail


def test_damaged_weights_are_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("smile.json", "smile.onnx"):
        (tmp_path / name).write_bytes((card_module.WEIGHTS / name).read_bytes())
    monkeypatch.setattr(card_module, "WEIGHTS", tmp_path)
    assert [one.state for one in find_weights()] == ["ok"]
    (tmp_path / "smile.onnx").write_bytes(b"")
    assert [one.prevents for one in find_weights()] == [True]
    (tmp_path / "smile.json").write_text("{}")
    assert [one.prevents for one in find_weights()] == [True]
    (tmp_path / "smile.json").unlink()
    assert [one.detail for one in find_weights()] == ["the package holds none"]


def test_a_package_that_is_missing_or_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["no-such-package>=2", "click>=999", "numpy", "also-missing; extra == 'app'"]
    monkeypatch.setattr(packages, "requires", lambda name: wanted)
    missing, old, there = packages.find_core()[:3]
    assert (missing.detail, missing.prevents) == ("is not installed", True)
    assert missing.remedy.endswith("'no-such-package>=2'")
    assert "wanted >=999" in old.detail
    assert there.state == "ok"
    app = next(one for one in packages.find_extras() if one.name == "app")
    assert (app.state, app.prevents) == ("absent", False)
    assert app.remedy.endswith("'duchenne[app]'")
    assert "not installed: also-missing" in app.detail


def test_a_broken_package_does_not_break_the_doctor(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ImportError("DLL load failed")

    monkeypatch.setattr(models, "find_landmarker", broken)
    facts = json.loads(duchenne("doctor", "--json").out)
    (found,) = facts["sections"]["models"]
    assert found["detail"] == "cannot be looked at: DLL load failed"
    assert not facts["can_analyze"]


def test_a_folder_that_cannot_be_seen_does_not_break_the_doctor(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name of this length is refused by the system.
    monkeypatch.setenv("DUCHENNE_MODELS", f"/tmp/{'x' * 300}")
    facts = json.loads(duchenne("doctor", "--json").out)
    (found,) = facts["sections"]["models"]
    assert found["detail"].startswith("cannot be looked at: /tmp/xxx")
    assert "DUCHENNE_MODELS" in found["remedy"]
    assert not facts["can_analyze"]


def test_two_opencvs_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_OTHER_OPENCV", ("numpy", "no-such-package"))
    rivals = [one for one in packages.find_core() if "overwrite" in one.detail]
    assert [one.name for one in rivals] == ["numpy"]


def test_pipx_environments_are_added_to_by_pipx(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pipx_metadata.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert packages.install_command("x") == "pipx runpip duchenne install x"


def test_environments_without_pip_are_added_to_by_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    assert packages.install_command("x") == f"uv pip install --python {sys.executable} x"


def test_a_trial_that_fails_says_why_and_is_exit_code_1(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("Illegal instruction")

    monkeypatch.setattr(models, "_run", fail)
    done = duchenne("doctor", "--check")
    assert done.code == 1
    assert "!! trial run: RuntimeError: Illegal instruction" in done.out


def test_a_machine_that_lacks_nothing_is_told_so() -> None:
    text = doctor._in_words((Section("system", "This machine", ()),), able=True)
    assert text.endswith("  Nothing.\n\nduchenne analyze can run here.")


def test_every_extra_has_a_purpose() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    assert set(extras) <= set(packages.PURPOSES)


def test_variables_are_told_but_never_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUCHENNE_TOKEN", "correct-horse-battery")
    monkeypatch.setenv("DUCHENNE_MODLES", "/somewhere")
    found = {one.name: one for one in system.find_variables()}
    assert "horse" not in str(found)
    assert found["DUCHENNE_TOKEN"].state == "ok"
    assert found["DUCHENNE_MODLES"].state == "fault"
    assert "DUCHENNE_MODELS" in found["DUCHENNE_MODLES"].remedy


def test_every_variable_that_the_package_reads_is_known() -> None:
    folder = Path(package.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    read = set(re.findall(r'"(DUCHENNE_[A-Z_]+)"', source)) - system._TESTS
    assert read == set(system.OURS)
