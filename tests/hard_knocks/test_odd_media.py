"""Pictures and videos as nobody should make them, through the whole pipeline."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.errors import MediaError
from duchenne.recording import Recording
from duchenne.recording.analyzer import Analyzer, Span
from duchenne.recording.batch import jobs_for
from duchenne.recording.manifest import Entry
from duchenne.recording.summary import summarize
from tests.faces.films import MIDDLE, Head, scene
from tests.media.videos import rotate_by_matrix, write_video

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def whole(recording: Recording) -> Recording:
    """The same, after a look at what every recording must hold."""
    rows = recording.to_frame()
    seen = rows[rows["success"] == 1]
    assert len(rows) > 0
    assert np.isfinite(seen.to_numpy(float)).all()
    assert recording.metadata.complete
    summarize(recording)
    return recording


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 2000), (2000, 1), (7, 5), (33, 31)])
@pytest.mark.parametrize("suffix", ["png", "jpg", "mov"])
def test_sizes_too_small_for_a_face(
    analyzer: Analyzer, tmp_path: Path, size: tuple[int, int], suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "mov":
        write_video(path, [0, 40], size=size, codec="png", pix_fmt="rgb24")
    else:
        Image.new("RGB", size, (200, 120, 90)).save(path)
    recording = whole(analyzer.run(path))
    assert recording.face_ids == []
    assert (recording.metadata.source.width, recording.metadata.source.height) == size


def test_a_face_in_8k(analyzer: Analyzer, tmp_path: Path, astronaut: Pixels) -> None:
    frame = np.full((4320, 7680, 3), 90, np.uint8)
    frame[1000:3048, 3000:5048] = np.asarray(Image.fromarray(astronaut).resize((2048, 2048)))
    path = write_frames(tmp_path / "a.mov", [frame], codec="mjpeg", pix_fmt="yuvj420p")
    rows = whole(analyzer.run(path)).to_frame()
    assert rows["success"].tolist() == [1]
    assert 300 < rows["face_width"].iloc[0] < 1000


def write_frames(
    path: Path, frames: list[Pixels], *, codec: str = "libx264", pix_fmt: str = "yuv420p",
    rate: int = 25, **context: int,
) -> Path:  # fmt: skip
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def face(astronaut: Pixels) -> Pixels:
    """(256, 256, 3): her head and shoulders."""
    return np.ascontiguousarray(astronaut[:256, 96:352])


def test_a_video_of_one_frame(analyzer: Analyzer, tmp_path: Path, face: Pixels) -> None:
    rows = whole(analyzer.run(write_frames(tmp_path / "a.mp4", [face]))).to_frame()
    assert rows[["frame", "timestamp", "success"]].to_numpy().tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("rate", [1, 24, 240])
def test_rates_from_1_to_240(analyzer: Analyzer, tmp_path: Path, face: Pixels, rate: int) -> None:
    path = write_frames(tmp_path / "a.mp4", [face] * 5, rate=rate)
    rows = whole(analyzer.run(path)).to_frame()
    assert rows["timestamp"].tolist() == pytest.approx([i / rate for i in range(5)])
    assert rows["face_id"].tolist() == [0] * 5


def test_a_variable_rate_keeps_its_clock(analyzer: Analyzer, tmp_path: Path) -> None:
    times = [0, 10, 400, 410, 11_000, 30_500]
    path = write_video(tmp_path / "a.mkv", times, size=(32, 32))
    rows = whole(analyzer.run(path)).to_frame()
    assert rows["timestamp"].tolist() == pytest.approx([t / 1000 for t in times])


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("grey.png", lambda face: Image.fromarray(face).convert("L")),
        ("palette.gif", lambda face: Image.fromarray(face).convert("P")),
        ("cmyk.jpg", lambda face: Image.fromarray(face).convert("CMYK")),
        ("16 bit.png", lambda face: Image.fromarray(face.mean(axis=2).astype(np.uint16) * 257)),
        ("float.tif", lambda face: Image.fromarray((face.mean(axis=2) / 255).astype(np.float32))),
    ],
)
def test_a_face_in_any_kind_of_pixels(
    analyzer: Analyzer, tmp_path: Path, face: Pixels, name: str, make: Callable[..., Image.Image]
) -> None:
    make(face).save(tmp_path / name)
    recording = whole(analyzer.run(tmp_path / name))
    assert recording.face_ids == [0]
    assert 60 < recording.to_frame()["face_width"].iloc[0] < 160


# ITU-T H.273: BT.2020 primaries (9), PQ (16) and HLG (18) transfer, BT.2020 matrix (9).
@pytest.mark.parametrize("transfer", [16, 18])
def test_a_face_in_hdr(analyzer: Analyzer, tmp_path: Path, face: Pixels, transfer: int) -> None:
    path = write_frames(tmp_path / "a.mkv", [face] * 2, codec="ffv1", pix_fmt="yuv420p10le",
                        color_primaries=9, color_trc=transfer, colorspace=9)  # fmt: skip
    assert whole(analyzer.run(path)).face_ids == [0]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_in_a_video_filmed_on_its_side(
    analyzer: Analyzer, tmp_path: Path, face: Pixels, turns: int
) -> None:
    # Stored turned back, marked to be shown upright; portrait where it is a quarter turn.
    wide = np.pad(face, ((0, 0), (0, 64), (0, 0)), mode="edge")
    path = write_frames(tmp_path / "a.mp4", [np.ascontiguousarray(np.rot90(wide, turns))])
    rotate_by_matrix(path, turns)
    recording = whole(analyzer.run(path))
    assert (recording.metadata.source.width, recording.metadata.source.height) == (320, 256)
    assert recording.face_ids == [0]
    assert abs(recording.poses["pose_roll"].iloc[0]) < 20


def test_sound_alone_is_one_sentence(analyzer: Analyzer, tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(MediaError, match="holds no pictures, only audio"):
        analyzer.run(path)


def test_twenty_faces(tmp_path: Path, face: Pixels) -> None:
    small = np.asarray(Image.fromarray(face).resize((160, 160)))
    path = tmp_path / "crowd.png"
    Image.fromarray(np.tile(small, (4, 5, 1))).save(path)
    everybody = whole(Analyzer(max_faces=25).run(path))
    assert len(everybody.face_ids) == 20
    boxes = everybody.to_frame()
    middles = {
        (int((x + w / 2) // 160), int((y + h / 2) // 160))
        for x, y, w, h in boxes[[f"face_{n}" for n in ("x", "y", "width", "height")]].to_numpy()
    }
    assert len(middles) == 20
    assert len(whole(Analyzer(max_faces=10).run(path)).face_ids) == 10


def test_a_face_that_leaves_and_returns_keeps_its_number(
    analyzer: Analyzer, tmp_path: Path, face: Pixels
) -> None:
    empty = np.full_like(face, 90)
    path = write_frames(tmp_path / "a.mp4", [face] * 4 + [empty] * 4 + [face] * 4, rate=8)
    rows = whole(analyzer.run(path)).to_frame()
    assert rows["success"].tolist() == [1] * 4 + [0] * 4 + [1] * 4
    assert set(rows.loc[rows["success"] == 1, "face_id"]) == {0}


def painted(face: Pixels, what: str) -> Pixels:
    """Her face turned or hidden; her eyes are about row 100, her mouth about row 150."""
    picture = face.copy()
    if what == "upside down":
        return np.ascontiguousarray(picture[::-1, ::-1])
    if what == "on its side":
        return np.ascontiguousarray(np.rot90(picture))
    if what == "mask":
        picture[128:185, 85:175] = (120, 180, 220)
    elif what == "sunglasses":
        picture[88:116, 80:180] = 10
    elif what == "half hidden":
        picture[:, :128] = 60
    elif what == "hand":
        picture[60:200, 110:150] = (190, 140, 120)
    elif what == "out of the frame":
        return np.ascontiguousarray(picture[:, 120:])
    return picture


@pytest.mark.parametrize(
    "what",
    ["upside down", "on its side", "mask", "sunglasses", "half hidden", "hand", "out of the frame"],
)
def test_hidden_and_turned_faces_are_read_where_they_are_or_not_at_all(
    analyzer: Analyzer, tmp_path: Path, face: Pixels, what: str
) -> None:
    picture = painted(face, what)
    path = write_frames(tmp_path / "a.mov", [picture] * 3, codec="png", pix_fmt="rgb24")
    rows = whole(analyzer.run(path)).to_frame()
    for _, row in rows[rows["success"] == 1].iterrows():
        x, y = row["face_x"] + row["face_width"] / 2, row["face_y"] + row["face_height"] / 2
        height, width = picture.shape[:2]
        assert 0 < x < width
        assert 0 < y < height
        assert 40 < row["face_width"] < 200
    emotions = rows.filter(like="emotion_").sum(axis=1)
    assert emotions[rows["success"] == 1].tolist() == pytest.approx(
        [1.0] * int(rows["success"].sum()), abs=1e-4
    )


@pytest.mark.parametrize("yaw", [40, 75, -75])
def test_a_profile_is_read_where_it_is_or_not_at_all(
    analyzer: Analyzer, tmp_path: Path, yaw: float, her: Head
) -> None:
    picture = scene((her.turned(yaw), 320, MIDDLE))
    path = write_frames(tmp_path / "a.mov", [picture] * 2, codec="png", pix_fmt="rgb24")
    rows = whole(analyzer.run(path)).to_frame()
    seen = rows[rows["success"] == 1]
    assert (seen["face_x"] + seen["face_width"] / 2).between(240, 400).all()


@pytest.mark.parametrize(
    "name",
    ["-rf.png", "--out.png", "a\nb.png", "表情 😀.png", "..png", "$(id).png", "a%20b=c.png",
     "x" * 250 + ".png", "http:a.png", "é.png"],
)  # fmt: skip
def test_hostile_names(
    analyzer: Analyzer, tmp_path: Path, face: Pixels, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(face[:64, :64]).save(Path(name), format="PNG")
    (job,) = jobs_for([Entry(name)], tmp_path / "out")
    whole(analyzer.write(job.source, job.folder, Span()))
    assert (tmp_path / "out") in job.folder.parents
    assert Recording.load(job.folder).metadata.source.name == name


@pytest.mark.parametrize("source", ["../../etc/passwd", "/etc/passwd", "out/../a.png"])
def test_a_way_out_of_the_output_leads_nowhere(tmp_path: Path, source: str) -> None:
    (job,) = jobs_for([Entry(source)], tmp_path)
    assert job.folder.parent == tmp_path / "recordings"
    assert ".." not in job.folder.name
