"""Whether a source may be read in spans: by workers who know nothing of what lies before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duchenne.media import open_media
from tests.media.test_video_damage import overwrite_packets
from tests.media.test_video_kinds import write_reordered_avi
from tests.media.videos import write_video


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm"])
def test_late_starts_reach_to_the_last_frame(tmp_path: Path, suffix: str) -> None:
    codec = "libvpx-vp9" if suffix == "webm" else "libx264"
    path = write_video(tmp_path / f"a.{suffix}", [0, 40, 200, 3000, 9000], codec=codec)
    media = open_media(path)
    assert media.late_starts_until() == pytest.approx(9.0)
    assert not media.flawed


def test_what_must_be_decoded_to_be_numbered_has_no_late_starts(tmp_path: Path) -> None:
    vp8 = write_video(tmp_path / "a.webm", range(0, 400, 40), codec="libvpx")
    assert open_media(vp8).late_starts_until() is None
    assert open_media(write_reordered_avi(tmp_path / "a.avi")).late_starts_until() is None
    pictures = [Image.new("L", (8, 8), i) for i in range(3)]
    pictures[0].save(tmp_path / "a.gif", save_all=True, append_images=pictures[1:])
    assert open_media(tmp_path / "a.gif").late_starts_until() is None
    assert open_media(tmp_path / "a.gif", end=0.1).late_starts_until() is None


def test_a_stamp_out_of_this_world_allows_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [0, 40, 80, 120, 10**6], codec="libx264")
    assert open_media(path).late_starts_until() is None


def test_a_hole_is_known_where_the_span_ends_before_the_warning(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mov", range(0, 4000, 40), codec="prores_ks",
                       rate=25, pix_fmt="yuv422p10le")  # fmt: skip
    overwrite_packets(path, range(70, 72))
    before, over = open_media(path, end=2.0), open_media(path, start=2.4, end=3.2)
    assert len(list(before)) == 50
    assert not before.flawed
    assert [f.index for f in over] == [*range(60, 70), *range(72, 80)]
    assert over.flawed
    assert over.warnings == []
    # Another look forgets the one before.
    next(iter(over))
    assert not over.flawed


def test_a_broken_picture_of_a_folder_is_a_flaw(tmp_path: Path) -> None:
    for i in range(4):
        Image.fromarray(np.full((8, 8), i, np.uint8)).save(tmp_path / f"{i}.png")
    (tmp_path / "2.png").write_bytes(b"broken")
    first, second = open_media(tmp_path, end=0.08), open_media(tmp_path, start=0.08)
    assert first.late_starts_until() == pytest.approx(3 / 25)
    assert [f.index for f in first] == [0, 1]
    assert [f.index for f in second] == [3]
    assert (first.flawed, second.flawed) == (False, True)
