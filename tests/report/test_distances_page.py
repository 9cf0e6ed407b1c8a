from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.evaluation.distances.results import DistanceStudy, Settings
from duchenne.evaluation.distances.study import study_distances
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.expressions.track import canonical_face
from duchenne.report.distances_face import HEIGHT, WIDTH, face_map
from duchenne.report.distances_page import _because, write_distances_page
from tests.evaluation.distances.test_study import ground
from tests.report.pages import Page


@pytest.fixture(scope="module")
def study() -> DistanceStudy:
    return study_distances(ground(5, own_face=1.0), Settings(landmarks="expressive"))


def test_the_page_says_what_was_found(study: DistanceStudy, tmp_path: Path) -> None:
    path = write_distances_page(study, canonical_face(), tmp_path / "new" / "distances.html")
    page = Page(path.read_text(encoding="utf-8"))
    accuracy = 100 * study.result.reports["loso"].accuracy.value
    assert f"{accuracy:.1f} %" in page.text
    assert "The poster's method" in page.text
    assert "surprise" in page.text
    sources = [attrs.get("href", attrs.get("src", "")) for _, attrs in page.tags]
    assert all(s.startswith("data:") or not s for s in sources)
    with pytest.raises(DataError, match="cannot be written"):
        write_distances_page(study, canonical_face(), path / "below")


def test_pairs_lie_where_their_landmarks_are(study: DistanceStudy) -> None:
    drawn = face_map(study.pairs, canonical_face())
    assert len(drawn.lines) == len(study.pairs)
    assert drawn.lines[-1].width == max(line.width for line in drawn.lines)
    ends = np.array([[line.x1, line.y1, line.x2, line.y2] for line in drawn.lines])
    assert (ends >= 0).all()
    assert (ends <= [WIDTH, HEIGHT, WIDTH, HEIGHT]).all()
    # The person's right side is on the left, and brows lie above the lips.
    places: dict[int, tuple[float, float]] = {}
    for pair, line in zip(study.pairs, drawn.lines[::-1], strict=True):
        places |= {pair.first: (line.x1, line.y1), pair.second: (line.x2, line.y2)}
    head = canonical_face().points
    for first, (x1, y1) in places.items():
        for second, (x2, y2) in places.items():
            assert (x1 < x2) == (head[first, 0] < head[second, 0]) or abs(x1 - x2) < 0.2
            assert (y1 < y2) == (head[first, 1] > head[second, 1]) or abs(y1 - y2) < 0.2


def test_a_learned_metric_has_no_curve(tmp_path: Path) -> None:
    settings = Settings(metric="discriminant", landmarks="expressive", neighbours=3)
    learned = study_distances(ground(5), settings)
    path = write_distances_page(learned, canonical_face(), tmp_path / "page.html")
    assert "With more clips" not in Page(path.read_text(encoding="utf-8")).text


@pytest.mark.parametrize(
    ("gap", "part", "said"),
    [
        ((0.3, -0.1, 0.5), 0.9, "within chance"),
        ((0.3, 0.1, 0.5), 0.9, "without them accuracy falls by 25.0 points, without as many of "
         "other people's clips it changes by −5.0 points."),
        ((0.3, 0.1, 0.5), 0.2, "Of the difference of 30.0 points, 20.0 are owed"),
    ],
)  # fmt: skip
def test_what_explains_the_difference(
    study: DistanceStudy, gap: tuple[float, float, float], part: float, said: str
) -> None:
    own = replace(
        study.own_plain,
        gap=Estimate(*gap),
        part=Estimate(part, part, part),
        random=Estimate(0.9, 0.8, 1.0),
        own_removed=Estimate(0.65, 0.6, 0.7),
        others_removed=Estimate(0.85, 0.8, 0.9),
        owed=Estimate(0.2, 0.1, 0.3),
    )
    assert said in _because(own)
