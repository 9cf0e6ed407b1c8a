"""What a worker process says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server import analysing, comparing, worker
from duchenne.app.server.entry import new_entry
from duchenne.errors import DataError


def test_a_damaged_entry_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Not in this process, which runs the other tests too.
    monkeypatch.setattr(worker, "limit_process", lambda memory: None)
    assert worker.main(tmp_path, 2**30) == 2
    assert "is no entry of a library" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "needs more memory than a worker may have"),
        (DataError("{folder}/source.mp4 breaks off."), "my film.mp4 breaks off."),
    ],
)
def test_an_error_names_the_file_as_the_person_does(
    error: Exception,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: Any) -> None:
        raise type(error)(str(error).format(folder=folder)) if error.args else error

    entry = new_entry("recording", "my film.mp4", source="source.mp4")
    folder = tmp_path / entry.id
    folder.mkdir()
    entry.write(folder)
    monkeypatch.setattr(worker, "limit_process", lambda memory: None)
    monkeypatch.setattr(analysing, "analyse", fail)
    assert worker.main(folder, 2**30) == 2
    told = json.loads(capsys.readouterr().out)["error"]
    assert said in told
    assert str(tmp_path) not in told


def test_comparisons_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = new_entry("synchrony", "both")
    folder = tmp_path / entry.id
    folder.mkdir()
    entry.write(folder)
    monkeypatch.setattr(worker, "limit_process", lambda memory: None)
    monkeypatch.setattr(comparing, "compare", lambda one, *_: {"title": one.title})
    assert worker.main(folder, 2**30) == 0
    assert json.loads(capsys.readouterr().out) == {"result": {"title": "both"}}
