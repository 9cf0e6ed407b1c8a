from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion.explore import explore
from duchenne.report.explore_page import MOST_GROUPS, MOST_PAIRS, write_explore_page
from duchenne.report.explore_pictures import average_uri, contrast_uri, face_uri
from tests.report.pages import Page


def _data(rows: int = 42, copies: int = 0, near: int = 0) -> Fer2013:
    """Noise; the last rows are copies, before them near copies, of the first rows."""
    rng = np.random.default_rng(5)
    images = rng.integers(0, 250, (rows, 48, 48), dtype=np.uint8)
    labels = np.arange(rows) % 7
    usage = np.array(["Training"] * (rows - rows // 3) + ["PrivateTest"] * (rows // 3))
    for i in range(copies):
        images[-1 - i], labels[-1 - i] = images[i], (labels[i] + 1) % 7
    for i in range(copies, copies + near):
        images[-1 - i] = images[i] + rng.integers(0, 6, (48, 48), dtype=np.uint8)
    return Fer2013(images, labels, usage)


def _page(data: Fer2013, folder: Path, split: str | None = None) -> Page:
    path = write_explore_page(explore(data, split), data, folder / "new" / "explore.html")
    return Page(path.read_text("utf-8"))


def _blank(data: Fer2013) -> Fer2013:
    return replace(data, images=np.zeros_like(data.images))


def _one_class(data: Fer2013) -> Fer2013:
    return replace(data, labels=np.full_like(data.labels, 3))


KINDS: dict[str, Fer2013] = {
    "plain": _data(),
    "copies": _data(copies=2, near=3),
    "blank": _blank(_data(9)),
    "one class": _one_class(_data(9)),
    "one row": _data(1),
    "warned": replace(_data(9), warning="<b>mixed</b>"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_whole_and_loads_nothing(kind: str, tmp_path: Path) -> None:
    made = _page(KINDS[kind], tmp_path)
    assert not re.search(r"https?://", made.html)
    assert not made.all("link")
    assert not made.all("script")
    assert all(image["src"].startswith("data:image/png") for image in made.all("img"))
    assert all(image["alt"] for image in made.all("img"))
    (policy,) = made.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'")
    assert not re.search(r"\b(nan|None|inf)\b", made.text)
    assert not re.search(r"feels|lie detector", made.text)


def test_the_page_says_what_was_found(tmp_path: Path) -> None:
    made = _page(KINDS["copies"], tmp_path)
    assert "FER-2013 has 42 pictures. The largest class, " in made.text
    assert (
        "Of the 14 pictures of PrivateTest, 2 stand pixel for pixel in Training, and 3 more "
        "nearly do: 36" in made.text
    )
    assert "Two pictures stand in more than one row, in 4 altogether. Two of them" in made.text
    assert "Three pairs of different pictures are nearly the same" in made.text
    assert made.all("td", class_="leak")
    assert len(made.all("ul", class_="groups")) == 2


def test_where_nothing_was_found_the_page_says_so(tmp_path: Path) -> None:
    made = _page(KINDS["plain"], tmp_path)
    assert "Each of 7 classes has 6 pictures." in made.text
    assert "No picture stands in it twice, and none has a near copy." in made.text
    assert "No picture stands in the data set twice, pixel for pixel." in made.text
    assert not made.all("td", class_="leak")
    assert not made.all("ul", class_="groups")
    assert "Blank pictures" not in made.text


def test_every_pair_of_classes_has_a_contrast_and_every_class_an_average(tmp_path: Path) -> None:
    made = _page(KINDS["plain"], tmp_path)
    titles = [image.get("title", "") for image in made.all("img")]
    for one in EMOTIONS:
        assert f"average {one}" in titles
        for other in EMOTIONS:
            if one != other:
                assert sum(t.startswith(f"{one} minus {other}:") for t in titles) == 1
    # 7 averages, 49 cells, and each of the 42 pictures on its sheet.
    assert len(titles) == 7 + 49 + 42


def test_blank_pictures_are_told_with_their_labels(tmp_path: Path) -> None:
    made = _page(KINDS["blank"], tmp_path)
    assert "Nine pictures show nothing, labelled 2 as angry, 2 as disgust, 1 as fear" in made.text
    alone = _page(_one_class(KINDS["blank"]), tmp_path)
    assert "Nine pictures show nothing, labelled happy." in alone.text


def test_one_class_has_nothing_to_be_told_from(tmp_path: Path) -> None:
    made = _page(KINDS["one class"], tmp_path)
    assert "What tells the classes apart" not in made.text
    assert "Average face of 9 pictures labelled happy" in made.html


def test_a_split_is_named_and_stands_alone_in_the_tables_of_copies(tmp_path: Path) -> None:
    made = _page(KINDS["copies"], tmp_path, "PrivateTest")
    assert "FER-2013, PrivateTest" in made.text
    assert "PrivateTest of FER-2013 has 14 pictures." in made.text
    assert "Two pictures of PrivateTest stand in more than one row" in made.text
    assert "Three pairs of different pictures, one of them at least in PrivateTest," in made.text


def test_warnings_are_text_and_never_tags(tmp_path: Path) -> None:
    made = _page(KINDS["warned"], tmp_path)
    assert "<b>mixed</b>." in made.text


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    many = _page(_data(240, copies=MOST_GROUPS + 3), tmp_path)
    assert "3 more stand in explore.json." in many.text
    made = _page(_data(240, near=MOST_PAIRS + 5), tmp_path)
    assert f"{MOST_PAIRS} of {MOST_PAIRS + 5} pairs" in made.text


def test_the_page_of_another_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is of 42 rows and the data set has 9"):
        write_explore_page(explore(_data()), _data(9), tmp_path / "explore.html")


def _opened(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


def test_faces_are_shown_unchanged() -> None:
    face = _data(1).images[0]
    assert np.array_equal(_opened(face_uri(face)), face)


def test_contrasts_are_orange_above_blue_below_and_clear_at_zero() -> None:
    values = np.zeros((6, 9))
    values[:, :3], values[:, 6:] = 20.0, -10.0
    shown = _opened(contrast_uri(values, 20.0)).astype(int)
    assert shown.shape == (18, 27, 4)
    left, middle, right = shown[9, 2], shown[9, 13], shown[9, 24]
    assert (left[3], middle[3]) == (255, 0)
    assert abs(right[3] - 128) <= 2
    assert left[0] > left[2]
    assert right[2] > right[0]


def test_averages_run_from_black_to_white() -> None:
    shown = _opened(average_uri(np.repeat([[60.0], [160.0]], 8, axis=0).repeat(8, axis=1), 60, 160))
    assert (shown[0, 0], shown[-1, -1]) == (0, 255)
