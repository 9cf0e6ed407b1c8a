"""Annotations stay inside the picture, near the face, and are there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.report import annotate
from tests.report.made_up import table

Pixels = NDArray[np.uint8]


def _picture(width: int = 640, height: int = 480, shade: int = 128) -> Pixels:
    return np.full((height, width, 3), shade, np.uint8)


def _rows(*boxes: tuple[float, float, float, float]) -> pd.DataFrame:
    rows = table(1, max(1, len(boxes)))
    rows[["face_x", "face_y", "face_width", "face_height"]] = boxes
    return rows


def _changed(before: Pixels, after: Pixels) -> NDArray[np.bool_]:
    return np.asarray((before != after).any(axis=2))


def test_the_box_is_drawn_and_the_face_stays_free() -> None:
    before = _picture()
    changed = _changed(before, annotate(before, _rows((200, 200, 120, 150))))
    assert changed[210:340, 199:202].any(axis=1).all()
    assert not changed[210:340, 210:310].any()


def test_nothing_is_drawn_far_from_the_face() -> None:
    before = _picture()
    rows, columns = np.nonzero(_changed(before, annotate(before, _rows((200, 200, 120, 150)))))
    assert rows.min() > 120
    assert rows.max() < 360
    assert columns.min() > 190
    assert columns.max() < 480


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_words_stand_out_on_every_ground(shade: int) -> None:
    after = annotate(_picture(shade=shade), _rows((200, 200, 120, 150)))
    label = after[130:196, 200:330].astype(int)
    assert label.max() - label.min() > 180


def test_the_picture_handed_in_is_not_touched() -> None:
    before = _picture()
    annotate(before, _rows((200, 200, 120, 150)))
    assert (before == 128).all()


@pytest.mark.parametrize("box", [(-60, -40, 120, 150), (580, 400, 120, 150), (0, 0, 640, 480)])
def test_faces_at_the_border_keep_a_whole_label(box: tuple[float, float, float, float]) -> None:
    before = _picture()
    after = annotate(before, _rows(box))
    assert after.shape == before.shape
    assert (after.min(axis=2) > 200).sum() > 100  # white letters


def test_labels_of_neighbours_do_not_hide_each_other() -> None:
    boxes = [(40.0 + 150 * i, 200.0, 120.0, 150.0) for i in range(4)]
    alone = [
        (annotate(_picture(), _rows(*boxes)[i : i + 1]).min(axis=2) > 240).sum() for i in range(4)
    ]
    together = (annotate(_picture(), _rows(*boxes)).min(axis=2) > 240).sum()
    assert together > 0.9 * sum(alone)


def test_rows_without_a_face_or_a_box_draw_nothing() -> None:
    before = _picture()
    empty = table(1, 0)
    unknown = _rows((np.nan, 1, 2, 3))
    outside = _rows((2000, 2000, 50, 50))
    for rows in (empty, unknown, outside, table(0)):
        np.testing.assert_array_equal(annotate(before, rows), before)


def test_landmarks_are_drawn_where_known() -> None:
    before, rows = _picture(), _rows((200, 200, 120, 150), (400, 200, 120, 150))
    points = np.random.default_rng(0).uniform(220, 300, (2, 478, 3)).astype(np.float32)
    points[1] = np.nan
    inner = np.s_[222:298, 222:298]
    assert not _changed(before, annotate(before, rows))[inner].any()
    assert _changed(before, annotate(before, rows, points))[inner].mean() > 0.2
    assert not _changed(before, annotate(before, rows, points))[210:340, 410:510].any()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.lists(
        st.tuples(*[st.floats(-200, 200)] * 2, *[st.floats(0.01, 300)] * 2),
        min_size=1,
        max_size=3,
    ),
)
def test_any_size_and_any_box_will_do(
    width: int, height: int, boxes: list[tuple[float, float, float, float]]
) -> None:
    after = annotate(_picture(width, height), _rows(*boxes))
    assert after.shape == (height, width, 3)
    assert after.dtype == np.uint8


@pytest.mark.parametrize(
    ("pixels", "landmarks", "words"),
    [
        (np.zeros((4, 4), np.uint8), None, "uint8 RGB"),
        (np.zeros((4, 4, 3), np.float32), None, "float32"),
        (np.zeros((0, 4, 3), np.uint8), None, r"\(0, 4, 3\)"),
        (_picture(), np.zeros((2, 478, 3), np.float32), r"\(1, 478, 3\)"),
    ],
)
def test_other_shapes_are_refused(
    pixels: Pixels, landmarks: NDArray[np.float32] | None, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        annotate(pixels, _rows((1, 1, 2, 2)), landmarks)


def test_missing_columns_and_repeated_labels_are_refused() -> None:
    rows = _rows((1, 1, 2, 2))
    with pytest.raises(DataError, match="AU12_r"):
        annotate(_picture(), rows.drop(columns="AU12_r"))
    with pytest.raises(DataError, match="reset_index"):
        annotate(_picture(), pd.concat([rows, rows]))
