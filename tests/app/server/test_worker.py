"""What a worker process says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")

from duchenne.app.server import worker


def test_a_damaged_entry_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Not in this process, which runs the other tests too.
    monkeypatch.setattr(worker, "limit_process", lambda memory: None)
    assert worker.main(tmp_path, 2**30) == 2
    assert "is no entry of a library" in json.loads(capsys.readouterr().out)["error"]
