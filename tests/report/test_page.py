"""The page says what the recording says, safely, whatever the recording holds."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from duchenne.action_units.names import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.media.frame import Frame
from duchenne.recording.recording import Recording
from duchenne.report import key_moments, write_report
from duchenne.report.page import MOST_FACES
from tests.report.made_up import frame, recording, table
from tests.report.pages import Page

Made = Callable[..., Page]
UNIT_COLUMNS = [f"{name}_r" for name in ACTION_UNITS]
EMOTION_COLUMNS = [f"emotion_{name}" for name in EMOTIONS]


def _page(made: Recording, path: Path, frames: list[Frame] | None = None) -> Page:
    shown = [frame(m.frame) for m in key_moments(made)] if frames is None else frames
    return Page(write_report(made, path, shown).read_text("utf-8"))


@pytest.fixture
def page(tmp_path: Path) -> Made:
    """Writes a report of a recording, with pictures of its key moments, and reads it."""

    def make(made: Recording, frames: list[Frame] | None = None) -> Page:
        return _page(made, tmp_path / "report.html", frames)

    return make


def _with(rows: pd.DataFrame, columns: list[str], value: float) -> pd.DataFrame:
    return rows.assign(**dict.fromkeys(columns, value))


KINDS: dict[str, Callable[[], Recording]] = {
    "one face": recording,
    "two faces with a gap": lambda: recording(table(50, 2, without=range(20, 30))),
    "no face": lambda: recording(table(5, 0)),
    "no frame": lambda: recording(table(0)),
    "picture": lambda: recording(table(1, 3), "picture"),
    "picture without a face": lambda: recording(table(1, 0), "picture"),
    "long": lambda: recording(table(4001)),
    "folder without times": lambda: recording(table().assign(timestamp=np.nan), "folder"),
    "no emotions": lambda: recording(_with(table(), EMOTION_COLUMNS, np.nan)),
    "no action units": lambda: recording(_with(table(), UNIT_COLUMNS, np.nan)),
    "nothing known": lambda: recording(_with(table(), list(table().columns[5:]), np.nan)),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Page]:
    """The page of each kind, written once."""

    @cache
    def make(kind: str) -> Page:
        return _page(KINDS[kind](), tmp_path_factory.mktemp("page") / "report.html")

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_whole_and_loads_nothing(pages: Callable[[str], Page], kind: str) -> None:
    made = pages(kind)
    assert not re.search(r"https?://", made.html)
    assert not made.all("link")
    for _, attributes in made.tags:
        source = attributes.get("src", "data:")
        assert source.startswith("data:")
        assert attributes.get("href", "#").startswith("#")
    (policy,) = made.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'")


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_a_missing_number(pages: Callable[[str], Page], kind: str) -> None:
    made = pages(kind)
    assert not re.search(r"\b(nan|NaN|None|inf)\b", made.text)
    drawn = [path["d"] for path in made.all("path")]
    assert not any("nan" in path for path in drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_words_and_every_link_a_place(
    pages: Callable[[str], Page], kind: str
) -> None:
    made = pages(kind)
    assert all(image["alt"] for image in made.all("img"))
    places = [attributes["id"] for _, attributes in made.tags if "id" in attributes]
    assert len(places) == len(set(places))
    links = [a["href"] for _, a in made.tags if "href" in a]
    assert {link.removeprefix("#") for link in links} <= set(places)


def test_names_are_text_and_never_tags(page: Made) -> None:
    name = '<b>"x" & </title></script><script>alert(1)</script>.mp4'
    made = page(recording(name=name, warnings=("<i>cut short</i>",)))
    assert name in made.text
    assert "<i>cut short</i>" in made.text
    assert len(made.all("script")) == 2
    assert "alert(1)</script>" not in made.html
    assert "<i>cut" not in made.html


def test_one_face(page: Made) -> None:
    made = page(recording())
    assert "One face, seen in all 50 frames." in made.text
    assert "640 \N{MULTIPLICATION SIGN} 480 px" in made.text
    assert "emotion_cnn.onnx 0123456789ab MIT" in made.text
    for code, meaning in ACTION_UNITS.items():
        assert f"{code} {meaning}" in made.text
    assert len(made.all("path", class_="layer")) == len(EMOTIONS)
    assert len(made.all("path", class_="area")) == len(ACTION_UNITS)
    assert len(made.all("path", class_="line")) == 3


def test_the_data_are_the_recordings(page: Made) -> None:
    rows = table(50, 2, without=range(20, 30))
    made = page(recording(rows))
    assert made.data["times"] == pytest.approx(np.arange(50) / 25)
    assert sorted(made.data["faces"]) == ["0", "1"]
    happy = made.data["faces"]["1"]["emotions"][EMOTIONS.index("happy")]
    assert happy[20:30] == [None] * 10
    mine = rows[rows["face_id"] == 1].set_index("frame")["emotion_happy"]
    assert [v for v in happy if v is not None] == pytest.approx((100 * mine).tolist(), abs=0.06)


def test_faces_come_longest_first_and_a_crowd_is_cut(page: Made) -> None:
    rows = table(20, MOST_FACES + 2)
    rows = rows[(rows["face_id"] != 0) | (rows["frame"] < 5)]
    made = page(recording(rows))
    shown = [int(section["data-face"]) for section in made.all("section", class_="face")]
    assert shown == list(range(1, MOST_FACES + 1))
    assert "2 more faces were seen for a shorter time" in made.text


def test_no_face(page: Made) -> None:
    made = page(recording(table(5, 0)))
    assert "No face was found in any of the 5 frames." in made.text
    assert "Why that may be" in made.text
    assert not made.all("section", class_="face")
    assert made.data is None


def test_a_picture_has_bars_and_no_timelines(page: Made) -> None:
    made = page(recording(table(1, 2), "picture"))
    assert len(made.all("figure", class_="large")) == 1
    assert len(made.all("div", class_="bar")) == 2 * (len(EMOTIONS) + len(ACTION_UNITS))
    assert len(made.all("svg")) == 2  # a face of muscles each
    assert not made.all("path", class_="area")
    assert made.data is None


def test_warnings_and_an_interrupted_run_are_told(page: Made) -> None:
    made = page(recording(warnings=("clip.mp4 announces 60 frames and holds 50.",), complete=False))
    assert "announces 60 frames and holds 50" in made.text
    assert "did not reach the end" in made.text
    assert "Please note" not in page(recording()).text


def test_limits_are_always_there(pages: Callable[[str], Page]) -> None:
    for kind in ("one face", "no face", "no frame", "picture"):
        text = pages(kind).text
        assert "Barrett et al. 2019" in text
        assert "Article 5(1)(f)" in text
        assert "estimate of action units" in text.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_stay_within_what_is_known(pages: Callable[[str], Page], kind: str) -> None:
    assert not re.search(r"\bfeel|\blie\b|lying|deceptive", pages(kind).text.lower())


def test_quality_counts_what_is_wrong(page: Made) -> None:
    rows = table(50, without=range(10))
    rows.loc[rows["frame"] >= 40, "pose_yaw"] = 45.0
    text = page(recording(rows)).text
    assert "No face 10 of 50 frames (20 %)" in text
    assert "Head turned far 10 of 40 frames with a face (25 %)" in text
    assert "Small face never" in text


def test_a_long_recording_says_that_it_was_thinned(pages: Callable[[str], Page]) -> None:
    made = pages("long")
    assert len(made.data["times"]) <= 1500
    assert "Each point stands for 3 frames" in made.text
    assert "Each point stands for" not in pages("one face").text


def test_key_frames_are_drawn_on_and_shrunk(page: Made) -> None:
    moment = key_moments(recording())[-1]
    made = page(recording(), [frame(moment.frame, (960, 1280))])
    shown = [image for image in made.all("img") if image.get("width") != "64"]
    (image,) = shown
    raw = base64.b64decode(image["src"].removeprefix("data:image/jpeg;base64,"))
    pixels = np.asarray(Image.open(io.BytesIO(raw)))
    assert pixels.shape == (360, 480, 3)
    assert pixels.std() > 1


def test_frames_are_matched_by_time_where_numbers_differ(page: Made) -> None:
    moment = max(key_moments(recording()), key=lambda m: m.time)
    there = Frame(frame().pixels, 999, moment.time + 0.01)
    elsewhere = Frame(frame().pixels, 999, moment.time + 0.03)
    assert len(page(recording(), [there]).all("img")) > 0
    assert page(recording(), [elsewhere]).all("img") == []


def test_moments_without_frames_are_told_in_words(page: Made) -> None:
    made = page(recording(), [])
    assert not made.all("img")
    assert "happy at its highest" in made.text


def test_marks_stand_at_their_moments(page: Made) -> None:
    made = page(recording())
    moments = key_moments(recording())
    marks = [m for m in made.all("a") if m["href"].startswith("#moment-")]
    places = [float(mark["style"].removeprefix("left:").removesuffix("%")) for mark in marks]
    assert places == pytest.approx([100 * m.time / (49 / 25) for m in moments], abs=0.01)


def test_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "page.html"
    assert write_report(recording(), path) == path
    assert path.read_text("utf-8").startswith("<!doctype html>")


def test_a_file_name_that_is_not_utf_8_has_a_page(tmp_path: Path) -> None:
    path = write_report(recording(name=os.fsdecode(b"M\xfcller.mp4")), tmp_path / "page.html")
    assert "M?ller.mp4" in path.read_text("utf-8")


def test_what_cannot_be_written_or_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        write_report(recording(), tmp_path)
    lame = recording()
    bare = Recording(lame.table.drop_columns(["AU12_r"]), lame.metadata)
    with pytest.raises(DataError, match="AU12_r"):
        write_report(bare, tmp_path / "x.html")


def test_a_ten_second_clip_stays_small(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = table(250)
    noisy = [*EMOTION_COLUMNS, *UNIT_COLUMNS, "pose_yaw", "pose_pitch", "pose_roll"]
    rows[noisy] = random.uniform(0, 1, (250, len(noisy)))
    rows[EMOTION_COLUMNS] = rows[EMOTION_COLUMNS].div(rows[EMOTION_COLUMNS].sum(axis=1), axis=0)
    path = write_report(recording(rows), tmp_path / "r.html")
    assert path.stat().st_size < 250_000
