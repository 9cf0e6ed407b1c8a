from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from duchenne.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["duchenne", "evaluate", "action-units", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_blinks_alone_are_measured_and_the_rest_is_said_to_be_skipped(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shared_media: Path,
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    (data / "media").mkdir(parents=True)
    (data / "media" / "single_face.mp4").symlink_to(shared_media / "single_face.mp4")
    assert run(monkeypatch, "--data", data, "--json", "--out", tmp_path / "out") == 0
    answer = json.loads(capsys.readouterr().out)
    assert [m["value"] for m in answer["measures"]] == [1.0, 1.0]
    assert len(answer["skipped"]) == 3
    assert answer["units"]["AU12"]["verdict"] == "not checked"
    assert (tmp_path / "out" / "metrics.json").exists()
    assert run(monkeypatch, "--data", data, "--update-card") == 2
    assert "The card needs all of" in capsys.readouterr().err


def test_a_mistake_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--data", tmp_path) == 2
    assert "holds none of the folders" in capsys.readouterr().err
