from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")
pytest.importorskip("safetensors", reason="learning needs the extra: train")

from duchenne.errors import DataError, ModelError
from duchenne.learning.genuineness_ebsvm import (
    EbsvmSettings,
    boost,
    fit_ebsvm,
    load_ebsvm,
    save_ebsvm,
)

QUICK = EbsvmSettings(kept=12, subset=6, machines=8)


def planted(rows: int, seed: int, signal: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    genuine = np.arange(rows) % 2 == 0
    features = generator.normal(size=(rows, 40))
    features[:, :4] += signal * (genuine[:, None] - 0.5)
    return features, genuine


def test_a_planted_signal_is_found_and_its_features_are_kept() -> None:
    features, genuine = planted(200, 0)
    fitted = fit_ebsvm(features, genuine, np.arange(200) // 10, QUICK)
    assert set(fitted.ensemble.chosen[:4]) == {0, 1, 2, 3}
    asked, kinds = planted(200, 1)
    asked[0, 0] = np.nan
    p = fitted(asked)
    assert ((p > 0.5) == kinds).mean() > 0.8
    assert ((p > 0) & (p < 1)).all()


def test_probabilities_are_for_people_it_did_not_see() -> None:
    features, genuine = planted(200, 0, signal=0.0)
    fitted = fit_ebsvm(features, genuine, np.arange(200) // 10, QUICK)
    assert np.abs(fitted(planted(100, 1)[0]) - 0.5).mean() < 0.15


def test_the_machines_decide_as_scikit_learn_s_do() -> None:
    from sklearn.svm import SVC

    features, genuine = planted(80, 2)
    one = boost(features, genuine, EbsvmSettings(kept=40, subset=40, machines=1))
    machine = SVC(C=1.0, gamma=0.5 / 40).fit(features, genuine)
    asked = planted(60, 3)[0]
    np.testing.assert_array_equal(one(asked) > 0, machine.predict(asked))


def test_votes_and_weights_follow_the_errors() -> None:
    features, genuine = planted(150, 4, signal=0.8)
    ensemble = boost(features, genuine, QUICK)
    assert ensemble.votes.sum() == pytest.approx(1.0)
    assert (ensemble.votes >= 0).all()
    assert all(len(set(columns)) == 6 for columns in ensemble.columns.tolist())
    assert len({tuple(columns) for columns in ensemble.columns.tolist()}) > 1
    assert np.abs(ensemble(features)).max() <= 1 + 1e-12


def test_a_vote_is_what_samme_says() -> None:
    from sklearn.svm import SVC

    features, genuine = planted(120, 5, signal=0.8)
    everything = EbsvmSettings(kept=40, subset=40, machines=2)
    votes, weight = [], np.ones(120)
    order = boost(features, genuine, everything).chosen
    for _ in range(2):
        machine = SVC(C=1.0, gamma=0.5 / 40).fit(features[:, order], genuine, sample_weight=weight)
        wrong = machine.predict(features[:, order]) != genuine
        error = weight[wrong].sum() / weight.sum()
        votes.append(np.log((1 - max(error, 1e-3)) / max(error, 1e-3)))
        weight = np.where(wrong, weight * np.exp(votes[-1]), weight)
        weight /= weight.mean()
    assert votes[0] != pytest.approx(votes[1])
    found = boost(features, genuine, everything).votes
    np.testing.assert_allclose(found, np.array(votes) / sum(votes))


def test_the_seed_decides() -> None:
    features, genuine = planted(80, 0)
    first, same, other = (boost(features, genuine, QUICK, seed)(features) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_fewer_features_than_wanted_are_all_seen() -> None:
    features, genuine = planted(60, 0)
    ensemble = boost(features[:, :5], genuine, QUICK)
    assert ensemble.columns.shape == (8, 5)


def test_what_is_saved_answers_the_same(tmp_path: Path) -> None:
    features, genuine = planted(60, 0)
    fitted = fit_ebsvm(features, genuine, np.arange(60) // 6, QUICK)
    path = tmp_path / "ebsvm.safetensors"
    save_ebsvm(fitted, path)
    np.testing.assert_array_equal(load_ebsvm(path)(features), fitted(features))
    with pytest.raises(ModelError, match="is not an EBSVM"):
        load_ebsvm(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be written"):
        save_ebsvm(fitted, tmp_path / "no" / "folder")


def test_one_type_cannot_be_learned_from() -> None:
    with pytest.raises(DataError, match="clips of both types"):
        fit_ebsvm(np.zeros((3, 3)), np.ones(3, bool), np.arange(3), QUICK)
