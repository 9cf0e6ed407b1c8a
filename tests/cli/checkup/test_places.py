from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from duchenne.cli.checkup import places
from duchenne.faces.model_file import NAME


def test_a_folder_that_cannot_be_written_is_a_fault_unless_the_model_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for variable, remedy in (("DUCHENNE_MODELS", "set DUCHENNE_MODELS"), ("", "go to a folder")):
        found = places._place("models", tmp_path, variable)
        assert (found.state, found.remedy.startswith(remedy)) == ("fault", True)
    (tmp_path / NAME).touch()
    assert places._place("models", tmp_path, "").state == "ok"


def test_a_full_disk_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**30))
    found = places._place("scratch", tmp_path / "later", "TMPDIR")
    assert (found.state, found.detail) == (
        "fault", f"{tmp_path / 'later'}, made when needed, 1.0 GB free",
    )  # fmt: skip
