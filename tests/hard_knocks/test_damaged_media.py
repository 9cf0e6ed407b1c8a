"""Pictures and videos damaged at random: rows or a sentence, never a crash, a hang, a traceback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from duchenne.recording import Recording
from duchenne.recording.batch import Job, Settings
from duchenne.recording.batch.crew import ProcessCrew
from duchenne.recording.batch.worker import Done, Failed, Task
from tests.hard_knocks.damage import Damage, Files, damages, often, patiently

FRAMES = 6
KINDS = {
    "h264.mp4": ("libx264", "yuv420p"),
    "mpeg4.avi": ("mpeg4", "yuv420p"),
    "vp9.webm": ("libvpx-vp9", "yuv420p"),
    "ffv1.mkv": ("ffv1", "yuv420p10le"),
    "mjpeg.mov": ("mjpeg", "yuvj420p"),
    "mpeg2.ts": ("mpeg2video", "yuv420p"),
}
PICTURES = ("a.png", "a.jpg", "a.webp", "a.tif", "a.gif", "a.bmp")
# Far beyond what six frames take, on any machine.
HANGS_AFTER_S = 100.0


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Files:
    """A small file of each kind, with a face in it."""
    folder = tmp_path_factory.mktemp("whole")
    face = np.asarray(Image.fromarray(astronaut[:256, 96:352]).resize((96, 96)))
    for name, (codec, pix_fmt) in KINDS.items():
        with av.open(str(folder / name), "w") as container:
            stream = container.add_stream(codec, rate=25)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = 96, 96, pix_fmt
            for i in range(FRAMES):
                picture = av.VideoFrame.from_ndarray(np.roll(face, i, axis=1), format="rgb24")
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
    for name in PICTURES:
        more: dict[str, Any] = {"save_all": True, "append_images": [Image.fromarray(face[::-1])]}
        Image.fromarray(face).save(folder / name, **(more if name == "a.gif" else {}))
    return Files({path.name: path.read_bytes() for path in folder.iterdir()})


@pytest.fixture(scope="module")
def crew() -> Iterator[ProcessCrew]:
    """One worker in a process of its own, so that a crash is an answer too."""
    crew = ProcessCrew(Settings(), 1)
    yield crew
    crew.stop()


def analysed(crew: ProcessCrew, source: Path, folder: Path) -> Done | Failed:
    crew.start(0, Task(Job(str(source), folder)))
    deadline = time.monotonic() + HANGS_AFTER_S
    while not (answers := crew.ended(1.0)):
        assert time.monotonic() < deadline, "it hangs"
    return answers[0][1]


@patiently
@often
@given(st.sampled_from([*KINDS, *PICTURES]), damages)
def test_fuzzed_media_give_rows_or_a_sentence(
    whole: Files,
    crew: ProcessCrew,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    damage: Damage,
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    source = folder / name
    source.write_bytes(damage.on(whole[name]))
    answer = analysed(crew, source, folder / "out")
    if isinstance(answer, Failed):
        assert name in answer.reason
        assert "fault of duchenne" not in answer.reason
        assert "\n" not in answer.reason
        return
    rows = Recording.load(folder / "out").to_frame()
    assert len(rows) > 0
    assert (np.diff(rows.drop_duplicates("frame")["timestamp"]) > 0).all()
    seen = rows[rows["success"] == 1]
    assert np.isfinite(seen.to_numpy(float)).all()
