import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from duchenne.action_units.names import ACTION_UNITS
from duchenne.expressions import distances
from duchenne.report import synchrony_charts
from duchenne.report.synchrony_charts import curves, named
from duchenne.report.synchrony_face import face_map
from duchenne.report.synchrony_page import write_synchrony_page
from duchenne.report.synchrony_pictures import correlations_uri, limit_of
from duchenne.synchrony import Aligned, Settings, Synchrony
from duchenne.synchrony.faces import VERTICES
from duchenne.synchrony.peaks import agree
from duchenne.synchrony.simulation import Scene, make_up
from tests.report.pages import Page

SCENE = Scene(people=6, features=4, seconds=90, rate=10.0, events=5, strength=3.0)


def measured(names: tuple[str, ...] | None = None, **changes: Any) -> Synchrony:
    made = make_up(SCENE, 1)
    aligned = made.aligned if names is None else replace(made.aligned, features=names)
    return Synchrony.from_aligned(aligned, Settings(surrogates=39, **changes))


def page(synchrony: Synchrony, path: Path, **more: Any) -> Page:
    return Page(
        write_synchrony_page(synchrony, path / "page.html", "A film & more", **more).read_text()
    )


def test_the_page_shows_everything(tmp_path: Path) -> None:
    found = measured(("AU12_r", "AU06_r", "emotion_happy", "AU99_new"))
    events = make_up(SCENE, 1).events.mean(axis=1)
    peaks = dict.fromkeys("abc", events)
    shown = page(found, tmp_path, agreement=agree(peaks, found))
    assert "A film & more" in shown.text
    for heading in ("When", "Rated peaks", "Which features, when", "Where on the face",
                    "The most synchronous moments", "Who with whom", "Features"):  # fmt: skip
        assert heading in shown.text
    assert "AU12 lip corner puller" in shown.text
    assert "person 6" in shown.text
    for image in shown.all("img"):
        assert image["src"].startswith("data:image/png;base64,")
    assert "feels" not in shown.text.lower()
    assert not re.search(r"\bnan\b", shown.text.lower())


def test_nothing_synchronous_is_said(tmp_path: Path) -> None:
    alone = make_up(replace(SCENE, events=0), 4).aligned
    found = Synchrony.from_aligned(alone, Settings(surrogates=39))
    found = replace(found, p_above=np.ones_like(found.p_above))
    shown = page(found, tmp_path)
    assert "In none of them" in shown.text
    assert "most synchronous moments" not in shown.text


def test_one_feature_and_one_window(tmp_path: Path) -> None:
    made = make_up(SCENE, 1).aligned
    one = Aligned(made.values[:1], made.people, ("rating",), made.rate)
    whole = Synchrony.from_aligned(one, Settings(window=np.inf, surrogates=39))
    shown = page(whole, tmp_path)
    assert "the whole time" in shown.text
    assert "Which features, when" not in shown.text
    windows = page(Synchrony.from_aligned(one, Settings(surrogates=39)), tmp_path)
    assert len(windows.all("path", class_="band")) == 1


def test_a_long_measurement_is_thinned_without_losing_its_peak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = measured()
    isc = np.zeros_like(found.isc)
    isc[5] = 1.0
    whole = curves(replace(found, isc=isc))[1].path
    monkeypatch.setattr(synchrony_charts, "group_size", lambda count: 4)
    thinned = curves(replace(found, isc=isc))[1].path
    assert len(thinned) < len(whole)
    steps = np.array(re.findall(r"-?\d+", thinned), int).reshape(-1, 2)
    assert steps.cumsum(axis=0)[:, 1].min() == 0


@pytest.mark.parametrize("correction", ["cluster", "fdr"])
def test_corrections_without_a_threshold_draw_none(tmp_path: Path, correction: str) -> None:
    shown = page(measured(correction=correction), tmp_path)
    assert not shown.all("path", class_="limit")
    assert len(page(measured(), tmp_path).all("path", class_="limit")) > 0


def test_the_face_shows_muscles_points_or_distances() -> None:
    units = tuple(f"{unit}_r" for unit in list(ACTION_UNITS)[:4])
    muscles = face_map(measured(units))
    assert muscles is not None
    titles = [muscle.title for muscle in muscles.muscles]
    assert len(titles) == 8  # AU01, AU02, AU04 and AU05 lie on both sides
    assert all(title.startswith(units) for title in titles)
    dots = face_map(measured(VERTICES[:4]))
    assert dots is not None
    assert len(dots.dots) == 4
    lines = face_map(measured(distances.NAMES[:4]))
    assert lines is not None
    assert 1 <= len(lines.lines) <= 4
    assert face_map(measured()) is None


def test_features_have_names_people_use() -> None:
    assert named("AU12_r") == "AU12 lip corner puller"
    assert named("emotion_happy") == "happy"
    assert named("rating") == "rating"


def test_limits_are_round_and_pictures_small() -> None:
    values = np.random.default_rng(0).normal(0, 0.1, (478, 720))
    assert limit_of(values) == pytest.approx(0.3)
    assert limit_of(np.full((2, 2), np.nan)) == 1.0
    faint = correlations_uri(values, 0.3, np.zeros(values.shape, bool))
    assert faint != correlations_uri(values, 0.3)
