"""The summary in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from duchenne.report.rows import report_rows
from duchenne.report.sentences import overview
from duchenne.report.words import (
    clock,
    count,
    counted,
    listed,
    percent,
    short_percent,
    span,
    together,
)
from tests.report.made_up import recording, table


def _overview(**kinds: Any) -> str:
    return " ".join(overview(report_rows(recording(table(**kinds)))))


def test_one_face() -> None:
    assert _overview(frames=51) == (
        "One face, seen in all 51 frames. The display is mostly neutral (71 % of these frames), "
        "then happy (29 %). The clearest expression is happy, 95 % at 1.00 s. The strongest Action "
        "Unit is AU12, lip corner puller (4.5 of 5 at 1.00 s)."
    )


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"frames": 0}, "No frame was analysed"),
        ({"frames": 1, "faces": 0}, "No face was found in this picture."),
        ({"frames": 9, "faces": 0}, "No face was found in any of the 9 frames."),
        ({"frames": 1}, "One face found. The display is read as neutral (71 %)."),
        ({"frames": 8, "without": [0]}, "One face, seen in 7 of 8 frames."),
        ({"frames": 8, "faces": 5}, "Five faces found."),
        ({"frames": 8, "faces": 5}, "Two more faces are described below."),
    ],
)
def test_other_recordings(kinds: dict[str, object], words: str) -> None:
    assert words in _overview(**kinds)


def test_a_weak_peak_is_not_called_clear() -> None:
    rows = table(51)
    rows["emotion_happy"] = rows["emotion_happy"] * 0.3
    text = " ".join(overview(report_rows(recording(rows))))
    assert "No expression is clear; the highest is happy, 28 % at 1.00 s." in text
    assert "clearest" not in text


def test_nothing_known_is_not_described() -> None:
    rows = table(5)
    rows[rows.columns[5:]] = np.nan
    assert overview(report_rows(recording(rows))) == ["One face, seen in all 5 frames."]


@pytest.mark.parametrize(
    ("share", "words", "short"),
    [
        (0, "0 %", "0 %"),
        (1e-4, "under 1 %", "<1 %"),
        (0.005, "under 1 %", "<1 %"),
        (0.5, "50 %", "50 %"),
        (0.999, "over 99 %", ">99 %"),
        (1, "100 %", "100 %"),
    ],
)
def test_percent(share: float, words: str, short: str) -> None:
    assert percent(share) == words
    assert short_percent(share) == short


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (clock(2.725), "2.73 s"),
        (clock(59.997), "1:00"),
        (clock(65), "1:05"),
        (clock(3723), "1:02:03"),
        (clock(12, "frame"), "frame 12"),
        (span(4.2), "4.2 s"),
        (span(59.97), "1 min 0 s"),
        (span(3599.9), "1 h 0 min"),
        (count(1, "frame"), "1 frame"),
        (count(2345, "frame"), "2,345 frames"),
        (counted(2, "face"), "Two faces"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (together("65 % of 3 steps in 2 s"), "65\xa0% of 3 steps in 2\xa0s"),
    ],
)  # fmt: skip
def test_words(said: str, words: str) -> None:
    assert said == words
