"""What numbers of an audit are said to mean; the numbers themselves are put in by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from tests.evaluation.audit.made_up_sets import clean_set

from duchenne.evaluation.audit.balance import Balance
from duchenne.evaluation.audit.finding import Evidence, Verdict
from duchenne.evaluation.audit.gaps import Content
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.leaks import find_leaks
from duchenne.evaluation.audit.model_check import Explained, ModelCheck
from duchenne.evaluation.audit.shortcuts import Shortcut
from duchenne.evaluation.audit.verdicts import verdicts
from duchenne.evaluation.audit.verdicts_model import model_verdicts
from duchenne.evaluation.statistics.intervals import Estimate

ITEMS = 72


def _evidence(data: AuditSet, *shortcuts: Shortcut, content: Content | None = None) -> Evidence:
    return Evidence(data, shortcuts, content, find_leaks(data), Balance.of(data), (), 0.65)


def _shortcut(
    sort: Literal["nuisances", "single", "intensity", "neutral", "group", "names"],
    value: float,
    p: float,
    name: str = "strength",
) -> Shortcut:
    auc = Estimate(value, value - 0.05, value + 0.05) if p < 0.05 else None
    return Shortcut(name, sort, value, 0.6, p, np.zeros((1, 1)), auc)


def _about(topic: str, found: Evidence) -> Verdict:
    (one,) = [verdict for verdict in verdicts(found) if verdict.topic == topic]
    return one


def test_what_passes_the_bar_by_chance_alone_asks_for_more_people() -> None:
    loud = _evidence(clean_set(7), _shortcut("single", 0.71, 0.2, "width"))
    said = _about("nuisances", loud)
    assert said.level == "note"
    assert said.text == "Nuisances reach 0.71, but shuffled labels do so too often to say more."
    assert said.advice.startswith("Too few people")


def test_length_is_another_lesson_than_the_camera() -> None:
    by_length = _about(
        "nuisances", _evidence(clean_set(7), _shortcut("single", 0.9, 0.001, "duration"))
    )
    assert by_length.level == "bad"
    assert "would teach your network how long its clips are" in by_length.text
    assert "pairs of equal length" in by_length.advice
    by_size = _about("nuisances", _evidence(clean_set(7), _shortcut("single", 0.9, 0.001, "width")))
    assert "the camera" in by_size.text
    assert by_size.advice.startswith("Film or choose both kinds alike")


def test_nuisances_that_tell_only_together_are_said_to() -> None:
    said = _about("nuisances", _evidence(clean_set(7), _shortcut("nuisances", 0.6, 0.01, "all")))
    assert said.level == "note"
    assert "mostly nuisances together" in said.text
    assert "No single one of them does it alone." in said.evidence


@pytest.mark.parametrize(
    ("value", "p", "level", "text"),
    [
        (0.9, 0.001, "bad", "How strong a display is gives its label away."),
        (0.6, 0.001, "note", "How strong a display is gives its label away."),
        (0.7, 0.3, "note", "Strength reaches 0.70, which may be chance."),
        (0.55, 0.3, "good", "Strength tells no more than chance."),
    ],
)
def test_strength_by_how_much_and_how_surely(value: float, p: float, level: str, text: str) -> None:
    said = _about("intensity", _evidence(clean_set(7), _shortcut("intensity", value, p)))
    assert (said.level, said.text) == (level, text)


def test_emotions_may_differ_in_strength_but_not_in_their_quiet_frames() -> None:
    label = np.array(["happy", "sad"])[np.arange(ITEMS) % 2]
    emotions = replace(clean_set(7), label=label)
    strong = _shortcut("intensity", 0.9, 0.001)
    said = _about("intensity", _evidence(emotions, strong))
    assert said.level == "note"
    assert "no flaw" in said.advice
    quiet = _about("neutral", _evidence(emotions, _shortcut("neutral", 0.9, 0.001)))
    assert quiet.level == "bad"


@pytest.mark.parametrize(("value", "level"), [(0.9, "bad"), (0.6, "note")])
def test_a_group_that_foretells_the_label(value: float, level: str) -> None:
    said = _about("groups", _evidence(clean_set(7), _shortcut("group", value, 0.001, "gender")))
    assert said.level == level
    assert "Balance the labels within each gender" in said.advice


def test_file_names_that_tell_are_a_note() -> None:
    said = _about("file names", _evidence(clean_set(7), _shortcut("names", 0.9, 0.001)))
    assert (said.level, said.text) == ("note", "File names give the label away.")


def test_items_of_nobody_named_are_pointed_out() -> None:
    content = Content("features", ITEMS, (), 0.6, 0.6, False)
    unnamed, named = clean_set(7), clean_set(0)
    assert _about("people", _evidence(unnamed, content=content)).text.startswith("Nobody says who")
    assert all(one.topic != "people" for one in verdicts(_evidence(named, content=content)))


def _set(**changes: Any) -> AuditSet:
    plain = replace(clean_set(7), keys=np.array([f"k{n}" for n in range(ITEMS)]))
    return replace(plain, **changes)


def test_people_on_both_sides_of_a_split() -> None:
    subject = np.array([f"s{n // 2}" for n in range(ITEMS)])
    split = np.array(["train", "test"])[np.arange(ITEMS) % 2]
    said = _about("split", _evidence(_set(subject=subject, split=split)))
    assert said.level == "bad"
    assert said.evidence == "Named in two splits: 36 of 36 people."


def test_copies_across_splits_under_two_names_and_two_labels() -> None:
    data = _set()
    keys = data.keys
    assert keys is not None
    keys[-1] = keys[0]
    label = np.array(["a", "b"])[np.arange(ITEMS) % 2]
    subject = np.array([f"s{n}" for n in range(ITEMS)])
    split = np.where(np.arange(ITEMS) < 62, "train", "test")
    found = verdicts(_evidence(replace(data, keys=keys, label=label, subject=subject, split=split)))
    texts = {one.text: one for one in found}
    leak = texts["10.0 % of test stands in train too."]
    assert (leak.level, leak.topic) == ("bad", "split")
    assert "Of 10 items 1 are exact copies" in leak.evidence
    assert "Different people are said to be in 1 group of copies." in texts
    assert texts["Labels contradict in 1 group of copies."].evidence.startswith("2 items")
    assert "No item stands in it twice." not in texts


def test_everybody_has_one_label_and_one_label_is_rare() -> None:
    label = np.where(np.arange(ITEMS) < 60, "a", "b")
    subject = np.array([f"s{n // 6}" for n in range(ITEMS)])
    found = {
        one.topic: one
        for one in verdicts(
            _evidence(_set(label=label, subject=subject, unreadable=("x is gone.",)))
        )
    }
    assert found["people"].text.startswith("Everybody has one label only")
    assert found["people"].evidence == "All 12 people."
    assert found["balance"].text == "a has 5 times the items of b."
    assert found["balance"].evidence == "a 60, b 12."
    assert (found["files"].text, found["files"].evidence) == (
        "1 file cannot be read.",
        "x is gone.",
    )
    assert found["copies"].level == "good"


def _near(value: float, spread: float = 0.04) -> Estimate:
    return Estimate(value, value - spread, value + spread)


def _model(auc: float, matched: float, **more: Any) -> ModelCheck:
    score = Explained("genuine", _near(0.5), _near(0.4), _near(0.2), _near(auc), _near(matched))
    return ModelCheck("net", 200, (score,), **more)


@pytest.mark.parametrize(
    ("auc", "matched", "level", "text"),
    [
        (0.90, 0.51, "bad", "What net knows of genuine is mostly nuisances."),
        (0.90, 0.70, "note", "net leans on nuisances for genuine."),
        (0.80, 0.78, "good", "net tells genuine by more than nuisances."),
        (0.52, 0.51, "note", "net does not tell genuine."),
    ],
)
def test_a_model_beside_nuisances(auc: float, matched: float, level: str, text: str) -> None:
    (said,) = model_verdicts(_model(auc, matched, caution="Some left out."), 0.65)
    assert (said.level, said.text) == (level, text)
    assert said.evidence.endswith("Some left out.")


@pytest.mark.parametrize(("value", "level"), [(0.5, "note"), (0.1, "good")])
def test_a_score_of_no_label_is_held_against_nuisances_only(value: float, level: str) -> None:
    model = ModelCheck("net", 200, (Explained("energy", _near(value)),))
    (said,) = model_verdicts(model, 0.65)
    assert said.level == level
    assert f"r = {value:.2f}" in said.text


def test_a_model_that_learned_from_the_items_is_not_judged() -> None:
    (said,) = model_verdicts(_model(0.99, 0.99, learned=True), 0.65)
    assert said.level == "note"
    assert "how good it is, they cannot say" in said.text


def test_verdicts_that_flip_with_harmless_edits() -> None:
    shaky = _model(0.8, 0.78, flips={"brighter": _near(0.3), "mirrored": _near(0.02)}, edited=50)
    said = list(model_verdicts(shaky, 0.65))[1]
    assert said.level == "note"
    assert said.text == "net changes its verdict on 30 % of pictures that are merely brighter."
    steady = _model(0.8, 0.78, flips={"mirrored": _near(0.02)}, edited=50)
    calm = list(model_verdicts(steady, 0.65))[1]
    assert (calm.level, calm.advice) == ("good", "")
