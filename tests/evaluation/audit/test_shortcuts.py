from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evaluation.audit.made_up_sets import (
    PLANTED,
    SPOILT,
    clean_set,
    planted_set,
    write_pictures,
)

from duchenne.evaluation.audit import read_audit_set
from duchenne.evaluation.audit.gaps import content_model
from duchenne.evaluation.audit.shortcuts import Shortcut, find_shortcuts, strongest

SETS = 200
DRAWS = 99
_NAMES = {"source": "source", "gender": "gender", "file names": "file names"}
_SORTS = {"intensity": "intensity", "neutral": "neutral"}


def _accused(seed: int) -> bool:
    data = clean_set(seed)
    content = content_model(data)
    assert content is None
    return any(one.found for one in find_shortcuts(data, seed, DRAWS, intervals=False))


@pytest.mark.timeout(3000)
def test_of_200_clean_sets_at_most_one_in_twenty_is_accused() -> None:
    accused = [seed for seed in range(SETS) if _accused(seed)]
    assert len(accused) <= 0.05 * SETS, accused


@settings(max_examples=24, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLANTED), st.integers(0, 10_000))
def test_a_planted_shortcut_is_found_whatever_its_kind(kind: str, seed: int) -> None:
    found = [
        o for o in find_shortcuts(planted_set(kind, seed), 0, DRAWS, intervals=False) if o.found
    ]
    if kind in _NAMES:
        assert _NAMES[kind] in {one.name for one in found}
    elif kind in _SORTS:
        assert _SORTS[kind] in {one.sort for one in found}
    elif kind == "together":
        assert "all nuisances together" in {one.name for one in found}
    elif kind == "missing":
        assert "nuisances" in {one.sort for one in found}
    else:
        assert {"all nuisances, added up", "n0"} <= {one.name for one in found}


def test_the_one_that_carries_it_leads_and_has_an_interval() -> None:
    found = find_shortcuts(planted_set("high", 1), draws=DRAWS)
    best = strongest(found, "single")
    assert best is not None
    assert best.name == "n0"
    assert best.auc is not None
    assert 0.8 < best.auc.low < best.value < best.auc.high
    assert best.p == pytest.approx(1 / (1 + DRAWS))
    assert best.name not in {o.name for o in found if not o.found}


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_pictures_were_spoilt_by_is_found(spoil: str, tmp_path: Path) -> None:
    data = read_audit_set(write_pictures(tmp_path / "set", spoil), look_for_faces=False)
    found = find_shortcuts(data, draws=DRAWS, intervals=False)
    carriers = {
        "brightness": {"brightness", "border"},
        "contrast": {"contrast"},
        "size": {"width", "height"},
        "aspect": {"aspect", "width"},
        "sharpness": {"sharpness"},
        "noise": {"noise"},
        "compression": {"compression", "bytes a pixel", "noise"},
        "colour": {"red", "blue"},
        "border": {"border black"},
        "file format": {"PNG", "other format"},
    }
    named = {one.name for one in found if one.found and one.sort == "single"}
    assert carriers[spoil] & named, _told(found)


def test_pictures_that_nobody_spoilt_are_not_accused(tmp_path: Path) -> None:
    data = read_audit_set(write_pictures(tmp_path / "set"), look_for_faces=False)
    found = find_shortcuts(data, draws=DRAWS, intervals=False)
    assert not any(one.found for one in found), _told(found)


def test_a_label_that_everybody_has_alone_is_judged_by_people_not_by_items() -> None:
    """Ten people, each with a look and a label: many items, but few independent ones."""
    accused = 0
    for seed in range(12):
        data = clean_set(4 * seed + 1, items=120)
        accused += any(o.found for o in find_shortcuts(data, seed, DRAWS, intervals=False))
    assert accused <= 2


def test_without_anything_to_ask_there_are_no_findings() -> None:
    data = clean_set(3)
    bare = type(data)(
        "bare", "features", np.array([f"row {r}" for r in range(72)]), data.label, data.subject,
        np.array([""] * 72), data.split,
    )  # fmt: skip
    assert find_shortcuts(bare, draws=DRAWS) == []


def _told(found: list[Shortcut]) -> str:
    return ", ".join(f"{o.name} {o.value:.2f} p={o.p:.3f}" for o in found[:6])
