"""What a recording says about itself, as it lies on the disk."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from duchenne.files import write_text
from duchenne.recording import storage
from duchenne.recording.metadata import Metadata
from tests.recording.made_up import metadata


def test_a_file_name_that_is_not_utf_8_comes_back(tmp_path: Path) -> None:
    name = os.fsdecode(b"M\xfcller.mp4")
    made = metadata(source=replace(metadata().source, name=name, path=f"/films/{name}"))
    write_text(tmp_path / storage.METADATA, made.to_json())
    assert Metadata.load(tmp_path / storage.METADATA) == made
    assert json.loads((tmp_path / storage.METADATA).read_bytes())["source"]["name"] == name
