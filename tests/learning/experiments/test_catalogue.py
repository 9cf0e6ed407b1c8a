from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.learning.experiments.catalogue import EXPERIMENTS, TABLES, experiment
from duchenne.learning.experiments.config import Size
from duchenne.learning.networks.further import CLIP_FACTS

# Rows of the thesis' tables, and the best figure of each, in percent.
ROWS = {"4.3": 9, "4.4": 2, "4.5": 3, "4.6": 6, "4.7": 8}
BEST = {
    ("4.3", "overall"): 29.062,
    ("4.4", "emotion"): 53.721,
    ("4.5", "genuine"): 55.322,
    ("4.6", "overall"): 30.150,
    ("4.6", "emotion"): 54.609,
    ("4.6", "genuine"): 55.893,
    ("4.7", "overall"): 23.333,
}


def test_every_row_of_the_thesis_is_an_experiment() -> None:
    rows = Counter(each.table for each in EXPERIMENTS.values() if each.thesis)
    assert rows == ROWS
    assert set(TABLES) == {*ROWS, "ours"}
    assert {each.table for each in EXPERIMENTS.values()} == set(TABLES)


@pytest.mark.parametrize(("table", "task"), BEST)
def test_the_thesis_best_figures_are_there(table: str, task: str) -> None:
    rows = [
        each.thesis[task] for each in EXPERIMENTS.values() if each.table == table and each.thesis
    ]
    assert max(rows) == BEST[table, task]


def test_all_six_combinations_of_losses_run_with_our_student() -> None:
    def losses(network: str) -> set[tuple[str, str, str]]:
        return {
            (each.emotion_loss, each.genuine_loss, each.combination)
            for each in EXPERIMENTS.values()
            if each.table == "4.6" and each.network == network
        }

    assert len(losses("inception_resnet_v1")) == 6
    assert losses("inception_resnet_v1") < losses("compact_resnet")


def test_approaches_have_networks_of_their_kind() -> None:
    for each in EXPERIMENTS.values():
        assert (each.approach == "clips") == (each.network in CLIP_FACTS)
        assert each.split == ("folds" if each.table == "ours" else "holdout")


def test_names_are_those_that_are_asked_for() -> None:
    assert experiment("4.3-vgg16").network == "vgg16"
    with pytest.raises(DataError, match="an experiment"):
        experiment("4.9")


def test_only_users_can_bring_most_published_weights() -> None:
    wanted = {each.network for each in EXPERIMENTS.values() if each.needs_file}
    assert wanted == {
        *("vgg16", "efficientnet_v2_m", "vit_b_16", "inception_resnet_v1", "x3d_s", "slow_r50"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"factor": float("nan")},
        {"factor": 1.0},
        {"reduced": Size(48, 0, 1, 1)},
        {"network": "mine"},
    ],
)
def test_settings_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        replace(experiment("4.3-vgg16"), **changes)


@pytest.mark.parametrize("changes", [{"schedule": "plateau"}, {"combination": "precision"}])
def test_nothing_over_embeddings_waits_for_a_validation(changes: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="ours-gru: networks over embeddings are not validated"):
        replace(experiment("ours-gru"), **changes)
