"""A video in stretches gives the bytes of one run over all of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from duchenne.media.frame import Frame
from duchenne.recording import Recording, storage
from duchenne.recording.analyzer import Span
from duchenne.recording.batch.staging import Staging
from duchenne.recording.batch.stretches import InOneGoError, Stretch, StretchAnalyzer
from tests.media.test_video_damage import overwrite_packets
from tests.media.test_video_kinds import write_reordered_avi
from tests.media.videos import write_video
from tests.recording.batch.films import FPS, SECONDS

WHOLE = Span()


def planned(
    analyzer: StretchAnalyzer, film: Path, folder: Path, span: Span = WHOLE
) -> list[Stretch]:
    return analyzer.stretches(str(film), folder, span, None, length=1)


def in_stretches(
    analyzer: StretchAnalyzer, film: Path, folder: Path, span: Span = WHOLE
) -> Recording:
    """Analysed from the last stretch to the first, as if many workers had taken turns."""
    for stretch in reversed(planned(analyzer, film, folder, span)):
        analyzer.analyze_stretch(str(film), folder, span, stretch, None)
    return analyzer.join(str(film), folder, span, None)


def test_people_who_cross_keep_their_numbers_and_every_byte(
    analyzer: StretchAnalyzer, crossing_film: Path, staged: Path, unbroken: bytes, tmp_path: Path
) -> None:
    assert planned(analyzer, crossing_film, tmp_path) == [
        Stretch(0, 1), Stretch(1, 2), Stretch(2, None),
    ]  # fmt: skip
    shutil.copytree(staged, tmp_path, dirs_exist_ok=True)
    recording = analyzer.join(str(crossing_film), tmp_path, WHOLE, None)
    # The one who went for good has number 0, and later workers met the others first.
    rows = recording.to_frame()
    assert set(rows.loc[rows["timestamp"] > 10, "face_id"]) == {1, 2}
    assert (tmp_path / storage.TABLE).read_bytes() == unbroken
    assert recording.metadata.complete
    assert recording.metadata.frames == FPS * SECONDS
    assert sorted(p.name for p in tmp_path.iterdir()) == [storage.METADATA, storage.TABLE]


def test_metadata_agrees_too(
    analyzer: StretchAnalyzer, crossing_film: Path, tmp_path: Path
) -> None:
    span = Span(start=1.0, end=22.0, every=4)
    a, b = tmp_path / "a", tmp_path / "b"
    one, many = (
        analyzer.write(crossing_film, a, span),
        in_stretches(analyzer, crossing_film, b, span),
    )
    assert many.metadata == one.metadata
    assert (a / storage.TABLE).read_bytes() == (b / storage.TABLE).read_bytes()


def test_a_broken_off_stretch_goes_on_at_a_segment(
    analyzer: StretchAnalyzer, crossing_film: Path, unbroken: bytes, tmp_path: Path
) -> None:
    seen: list[int] = []

    def stop_at_15_s(frame: Frame, _: object) -> None:
        seen.append(frame.index)
        if frame.time >= 15:
            raise KeyboardInterrupt

    source, whole = str(crossing_film), Stretch(0, None)
    planned(analyzer, crossing_film, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        analyzer.analyze_stretch(source, tmp_path, WHOLE, whole, stop_at_15_s)
    with pytest.raises(InOneGoError):
        analyzer.join(source, tmp_path, WHOLE, None)
    seen.clear()
    planned(analyzer, crossing_film, tmp_path)
    analyzer.analyze_stretch(
        source, tmp_path, WHOLE, whole, lambda frame, _: seen.append(frame.index)
    )
    assert seen[0] == 10 * FPS
    analyzer.join(source, tmp_path, WHOLE, None)
    assert (tmp_path / storage.TABLE).read_bytes() == unbroken


def test_a_broken_off_join_goes_on(
    analyzer: StretchAnalyzer,
    crossing_film: Path,
    staged: Path,
    unbroken: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(staged, tmp_path, dirs_exist_ok=True)
    pieces = Staging.pieces
    asked: list[int] = []

    def broken_at_the_last(self: Staging, segment: int) -> object:
        asked.append(segment)
        if segment == 2:
            raise KeyboardInterrupt
        return pieces(self, segment)

    with monkeypatch.context() as patch:
        patch.setattr(Staging, "pieces", broken_at_the_last)
        with pytest.raises(KeyboardInterrupt):
            analyzer.join(str(crossing_film), tmp_path, WHOLE, None)
    assert not Recording.load(tmp_path).metadata.complete
    asked.clear()

    def noted(self: Staging, segment: int) -> object:
        asked.append(segment)
        return pieces(self, segment)

    with monkeypatch.context() as patch:
        patch.setattr(Staging, "pieces", noted)
        analyzer.join(str(crossing_film), tmp_path, WHOLE, None)
    assert asked == [2]
    assert (tmp_path / storage.TABLE).read_bytes() == unbroken


def test_other_settings_begin_anew(
    analyzer: StretchAnalyzer, crossing_film: Path, tmp_path: Path
) -> None:
    thin, thinner = Span(every=30), Span(every=60)
    first, *_ = planned(analyzer, crossing_film, tmp_path, thin)
    analyzer.analyze_stretch(str(crossing_film), tmp_path, thin, first, None)
    assert Staging(tmp_path).is_finished(0)
    planned(analyzer, crossing_film, tmp_path, thin)
    assert Staging(tmp_path).is_finished(0)
    planned(analyzer, crossing_film, tmp_path, thinner)
    assert not Staging(tmp_path).is_finished(0)


def test_damage_is_found_and_the_source_analysed_in_one_go(
    analyzer: StretchAnalyzer, tmp_path: Path
) -> None:
    film = write_video(tmp_path / "a.mov", range(0, 25_000, 200), codec="prores_ks",
                       rate=25, pix_fmt="yuv422p10le", size=(32, 32))  # fmt: skip
    overwrite_packets(film, range(60, 62))
    folder = tmp_path / "out"
    first, second = planned(analyzer, film, folder)[:2]
    analyzer.analyze_stretch(str(film), folder, WHOLE, first, None)
    with pytest.raises(InOneGoError):
        analyzer.analyze_stretch(str(film), folder, WHOLE, second, None)
    Staging(folder).refuse()
    assert planned(analyzer, film, folder) == []


@pytest.mark.parametrize("name", ["short.mp4", "order.avi", "one.png"])
def test_what_cannot_be_split_is_not(analyzer: StretchAnalyzer, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "one.png":
        Image.new("RGB", (32, 32)).save(path)
    elif name == "short.mp4":
        write_video(path, range(0, 9_000, 500))
    else:
        # AVI has no stamps, and H.264 an order of its own: every frame must be decoded.
        write_reordered_avi(path)
    assert planned(analyzer, path, tmp_path / "out") == []
    assert not (tmp_path / "out" / "recording.stretches").exists()


def test_a_folder_of_pictures_splits(analyzer: StretchAnalyzer, tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    frames.mkdir()
    for i in range(23):
        Image.new("RGB", (32, 32), (i, i, i)).save(frames / f"{i}.png")
    span = Span(fps=1.0)
    a, b = tmp_path / "a", tmp_path / "b"
    one, many = analyzer.write(frames, a, span), in_stretches(analyzer, frames, b, span)
    assert many.metadata == one.metadata
    assert (a / storage.TABLE).read_bytes() == (b / storage.TABLE).read_bytes()
