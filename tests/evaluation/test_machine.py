from __future__ import annotations

import re
from pathlib import Path

import pytest

from duchenne.evaluation.machine import Circumstances


def test_the_circumstances_name_what_a_reader_needs() -> None:
    now = Circumstances.now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", now.date)
    assert re.fullmatch(r"[0-9a-f]{7,}\+?|unknown\+?", now.commit)
    assert now.machine
    assert now.cores >= 1


def test_without_a_checkout_or_git_the_commit_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("duchenne.evaluation.machine._CHECKOUT", tmp_path)
    assert Circumstances.now().commit == "unknown"
    (tmp_path / "src" / "duchenne").mkdir(parents=True)
    monkeypatch.setenv("PATH", "")
    assert Circumstances.now().commit == "unknown"
