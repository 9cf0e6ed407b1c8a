"""CSV, Parquet and JSON damaged at random, or by hand: a result or a sentence, nothing else."""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DuchenneError
from duchenne.recording import Recording
from duchenne.recording.batch.notes import Notes
from duchenne.recording.manifest import read_manifest
from duchenne.recording.metadata import Metadata
from duchenne.recording.summary import summarize
from duchenne.weights.card import load_card
from tests.hard_knocks.damage import Damage, Files, damages, often, patiently
from tests.recording.made_up import metadata
from tests.recording.ours import ours

Reader = Callable[[Path], object]

MANIFEST = "source,person\n" + "\n".join(f"clip{i}.mp4,person {i}" for i in range(40))
OPENFACE = ", ".join(
    ["frame", "face_id", "timestamp", "confidence", "success", "AU06_r", "AU12_r", "AU12_c"]
)
ROWS = "".join(f"\n{i}, 0, {i / 25:.3f}, 0.98, 1, {i % 5}.5, 1.25, 1" for i in range(1, 60))


def read_recording(path: Path) -> None:
    recording = Recording.load(path)
    summarize(recording)
    if recording.has_landmarks:
        _ = recording.landmarks


READERS: dict[str, Reader] = {
    "people.csv": read_manifest,
    "openface.csv": Recording.load,
    "recording.parquet": read_recording,
    "recording.json": lambda path: read_recording(path.parent),
    "notes.npz": Notes.load,
    "emotion.json": lambda path: load_card(path.with_suffix(".onnx")),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files as they should be."""
    folder = tmp_path_factory.mktemp("whole")
    ours([1, 0, 2, 1]).save(folder)
    (folder / "people.csv").write_text(MANIFEST)
    (folder / "openface.csv").write_text(OPENFACE + ROWS)
    empty = np.zeros(0, np.int64)
    Notes(np.array([4, 4]), np.zeros(1), np.zeros(1, np.int64), empty,
          np.zeros((0, 2, 2), np.float32), np.zeros((0, 36, 3), np.float32),
    ).save(folder / "notes.npz")  # fmt: skip
    (folder / "emotion.json").write_text(load_card("emotion_compact").to_json())
    (folder / "emotion.onnx").write_bytes(b"onnx")
    return Files({path.name: path.read_bytes() for path in folder.iterdir()})


def try_to_read(folder: Path, name: str) -> None:
    with warnings.catch_warnings():
        # Nobody reads warnings of pandas about what a broken file holds.
        warnings.simplefilter("ignore")
        with contextlib.suppress(DuchenneError):
            READERS[name](folder / name)


@pytest.mark.parametrize("name", list(READERS))
@patiently
@often
@given(damage=damages)
def test_fuzzed_tables_give_a_result_or_a_sentence(
    whole: Files,
    tmp_path: Path,
    name: str,
    damage: Damage,
) -> None:
    for other, content in whole.items():
        (tmp_path / other).write_bytes(damage.on(content) if other == name else content)
    try_to_read(tmp_path, name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@patiently
@often
@given(st.sampled_from(list(vars(metadata()))), JSON)
def test_metadata_with_a_strange_value_are_metadata_or_a_sentence(name: str, value: object) -> None:
    content = json.loads(metadata().to_json()) | {name: value}
    with contextlib.suppress(DuchenneError):
        Metadata.from_json(json.dumps(content))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n\n", b"\x00" * 999, b"\xff\xfe" * 99, b"source", b"source\n", b'source\n"a',
        b"a,b,c\n1,2", b"source,source\na,b", b"source\n" + b"x" * 300_000, b"PK\x03\x04zip",
        b"\xef\xbb\xbfsource\n\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["people.csv", "openface.csv", "recording.parquet"])
def test_strange_files_give_a_result_or_a_sentence(
    tmp_path: Path, whole: Files, name: str, content: bytes
) -> None:
    (tmp_path / "recording.json").write_bytes(whole["recording.json"])
    (tmp_path / name).write_bytes(content)
    try_to_read(tmp_path, name)
