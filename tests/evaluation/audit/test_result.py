from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.evaluation.audit.made_up_sets import clean_set, planted_set

from duchenne.errors import DataError
from duchenne.evaluation.audit import AuditSet, run_audit
from duchenne.evaluation.audit.gaps import content_model


def test_a_planted_shortcut_is_said_in_plain_words_and_fails(tmp_path: Path) -> None:
    found = run_audit(planted_set("high", 4))
    assert not found.passed
    assert "n0" in found.headline
    assert "this data set would teach your network the camera" in found.headline
    worst = found.verdicts[0]
    assert (worst.level, worst.topic) == ("bad", "nuisances")
    assert worst.advice
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["shortcuts"][0]["found"]
    found.save(tmp_path / "deep")
    assert json.loads((tmp_path / "deep" / "audit.json").read_text()) == told
    table = pd.read_csv(tmp_path / "deep" / "audit.csv")
    assert table["name"].tolist() == [one.name for one in found.shortcuts]
    assert "\N{BALLOT X}" in found.to_text()


def test_a_higher_bar_makes_it_a_trace() -> None:
    found = run_audit(planted_set("high", 4), bar=0.99)
    assert found.passed
    assert "trace" in found.headline


def test_a_clean_set_passes_and_says_what_was_looked_at() -> None:
    found = run_audit(clean_set(7))
    assert found.passed
    assert found.headline == "No shortcut was found among those that were looked for."
    assert "no better than chance" in found.to_text()


@pytest.mark.parametrize("bar", [0.5, 1.2, -1.0, float("nan")])
def test_a_bar_that_makes_no_sense_is_refused(bar: float) -> None:
    with pytest.raises(DataError, match=r"AUC above 0\.5"):
        run_audit(clean_set(7), bar=bar)


def _known_people(seed: int, clustered: bool) -> AuditSet:
    """Twelve people, each with a look; labels by person, or evenly in everybody."""
    rng = np.random.default_rng(seed)
    who = np.arange(180) % 12
    label = (
        np.where(who % 2 == 0, "a", "b")
        if clustered
        else np.array(["a", "b"])[rng.integers(0, 2, 180)]
    )
    content = rng.normal(size=(12, 8))[who] * 2 + rng.normal(size=(180, 8)) * 0.3
    return replace(
        clean_set(0, 180), label=label, subject=np.array([f"s{w}" for w in who]), content=content
    )


def test_random_folds_that_know_the_people_are_called_out() -> None:
    told = content_model(_known_people(1, clustered=True))
    assert told is not None
    gap = told.gaps[0]
    assert gap.found
    assert gap.random.value > 0.95
    assert gap.kept.value < 0.8
    even = content_model(_known_people(1, clustered=False))
    assert even is not None
    assert not even.gaps[0].found


def test_sources_of_one_label_each_cannot_be_tested() -> None:
    data = planted_set("high", 2)
    parted = replace(
        data,
        source=np.where(data.label == "a", "London", "Padova"),
        content=np.random.default_rng(0).normal(size=(len(data), 4)),
    )
    found = run_audit(parted)
    assert any("no split can tell" in verdict.text for verdict in found.verdicts)
    mixed = replace(parted, source=np.where(np.arange(len(data)) % 3 == 0, "London", "Padova"))
    content = run_audit(mixed).content
    assert content is not None
    assert [gap.apart for gap in content.gaps] == ["sources"]
