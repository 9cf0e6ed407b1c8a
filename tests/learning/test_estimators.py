from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")
pytest.importorskip("onnx", reason="learning needs the extra: train")

import sklearn
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.conftest import SHARED
from tests.learning.test_genuineness_kernel import made_up

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
from duchenne.evaluation.distances.descriptions import describe
from duchenne.evaluation.distances.neighbours import nearest, vote
from duchenne.evaluation.distances.results import Settings
from duchenne.evaluation.distances.study import Ground
from duchenne.evaluation.distances.trajectories import Trajectories
from duchenne.evaluation.genuineness.rows import GenuinenessRows
from duchenne.evaluation.statistics.subject_folds import subject_folds
from duchenne.expressions.track import canonical_face
from duchenne.genuineness.clip_model import MODEL, Baseline, KernelModel
from duchenne.learning.estimators import DistanceClassifier, GenuinenessClassifier
from duchenne.learning.genuineness_default import SHIPPED, thresholds, training_rows
from duchenne.learning.genuineness_kernel import fit_kernel

Check = Callable[[Any, Any], None]
with_checks: Callable[[Check], Check] = parametrize_with_checks(
    [DistanceClassifier(), DistanceClassifier(metric="euclidean"), GenuinenessClassifier()]
)


@with_checks
def test_scikit_learn_takes_them_for_its_own(estimator: Any, check: Any) -> None:
    check(estimator)


LABELS = np.array(["posed", "genuine"])


def fitted(**settings: Any) -> GenuinenessClassifier:
    rows = made_up()
    labels = LABELS[rows.genuine.astype(int)]
    return GenuinenessClassifier(**settings).fit(rows.inputs, labels, rows.people)


@pytest.mark.parametrize("by_person", [False, True])
def test_it_says_what_the_kernel_model_says(by_person: bool) -> None:
    rows, fresh = made_up(), made_up(seed=9)
    ours, theirs = fitted(by_person=by_person), fit_kernel(rows, by_person)
    p = theirs(fresh.inputs, fresh.people)
    # "genuine" comes before "posed" in the alphabet.
    assert ours.classes_.tolist() == ["genuine", "posed"]
    assert np.array_equal(ours.predict_proba(fresh.inputs, fresh.people)[:, 0], p)
    assert np.array_equal(ours.predict(fresh.inputs, fresh.people) == "genuine", p > 0.5)
    odds = ours.decision_function(fresh.inputs, fresh.people)
    assert 1 / (1 + np.exp(odds)) == pytest.approx(p)
    assert ours.score(fresh.inputs, LABELS[fresh.genuine.astype(int)], groups=fresh.people) > 0.7


def test_the_larger_label_is_genuine_unless_something_else_is_said() -> None:
    rows = made_up()
    usual = GenuinenessClassifier().fit(rows.inputs, rows.genuine, rows.people)
    turned = GenuinenessClassifier(genuine=0).fit(rows.inputs, 1 - rows.genuine, rows.people)
    assert (usual.genuine_, turned.genuine_) == (True, 0)
    p, q = (one.predict_proba(rows.inputs, rows.people) for one in (usual, turned))
    assert np.array_equal(p[:, 1], q[:, 0])


def test_it_keeps_silent_in_the_band_and_about_strange_clips() -> None:
    model, fresh = fitted(), made_up(seed=9)
    model.band_ = 0.2
    p = model.predict_proba(fresh.inputs)[:, 0]
    inside = (p > 0.3) & (p < 0.7)
    strange = model.familiarity(fresh.inputs) < model.least_familiarity_
    assert np.array_equal(model.undecided(fresh.inputs), inside | strange)
    assert inside.any()
    assert model.undecided(np.full((1, fresh.inputs.shape[1]), 50.0)).all()


@pytest.mark.parametrize("by_person", [False, True])
def test_a_written_model_is_opened_by_the_core_package(tmp_path: Path, by_person: bool) -> None:
    model, fresh = fitted(by_person=by_person), made_up(seed=9)
    written = model.to_onnx(tmp_path / "mine.onnx", data="made up", licence="MIT")
    again = KernelModel(tmp_path / "mine.onnx")
    own = fresh.inputs[fresh.people == 1]
    baseline = Baseline.from_inputs(again, own) if by_person else None
    wanted = model.predict_proba(own, np.ones(len(own)))[:, 0]
    assert again.judge(own, baseline).p_genuine == pytest.approx(wanted, abs=0.01)
    assert (again.band, again.names[0]) == (model.band_, "x0")
    auc = {figure.name: figure for figure in written.card.numbers[0].figures}["auc"]
    assert auc.low is not None
    assert auc.high is not None
    assert auc.low <= auc.value <= auc.high
    about: dict[str, Any]
    for wrong in ({"path": tmp_path / "mine.bin"}, {"names": ["a"]}):
        about = {"path": tmp_path / "m.onnx", "data": "d", "licence": "l", **wrong}
        with pytest.raises(DataError, match=r"should end in \.onnx|1 names for 12 inputs"):
            model.to_onnx(**about)


@pytest.mark.parametrize("model", [GenuinenessClassifier(), DistanceClassifier(n_neighbors=3)])
def test_clones_and_pickles_say_the_same(model: Any) -> None:
    rows = made_up()
    first = clone(model).fit(rows.inputs, rows.genuine, rows.people)
    again = pickle.loads(pickle.dumps(first))
    assert np.array_equal(first.predict(rows.inputs), again.predict(rows.inputs))
    assert clone(first).get_params() == model.get_params()


def test_a_search_that_keeps_people_apart_hands_them_on() -> None:
    rows = made_up(habit=3.0)
    seen = []

    class Listening(DistanceClassifier):
        def fit(self, X: Any, y: Any, groups: Any = None) -> Any:  # noqa: N803
            seen.append(groups)
            return super().fit(X, y, groups)

    with sklearn.config_context(enable_metadata_routing=True):
        search = GridSearchCV(
            make_pipeline(StandardScaler(), Listening("euclidean", person_mean=True)),
            {"listening__n_neighbors": [1, 9], "listening__metric": ["euclidean", "correlation"]},
            cv=GroupKFold(4),
            error_score="raise",
        ).fit(rows.inputs, rows.genuine, groups=rows.people)
    assert search.best_params_["listening__n_neighbors"] == 9
    assert len(seen) == 4 * 4 + 1
    # Six of eight people in each fold, all of them at last.
    assert [len(np.unique(groups)) for groups in seen] == [6] * 16 + [8]


def test_people_kept_apart_by_cross_validation() -> None:
    rows = made_up()
    with sklearn.config_context(enable_metadata_routing=True):
        found = cross_val_score(
            GenuinenessClassifier(by_person=True),
            rows.inputs,
            rows.genuine,
            cv=GroupKFold(4),
            params={"groups": rows.people},
            error_score="raise",
        )
    assert found.mean() > 0.7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"groups": np.repeat([0, 1, 2], [40, 40, 48])}, "4 people or more .* there are 3"),
        ({"y": np.arange(128) < 16}, "genuine clips of more people"),
        ({"y": np.zeros(128)}, "there is 1 class"),
        ({"y": np.arange(128) % 3}, "Only binary classification is supported"),
        ({"X": np.full((128, 12), np.inf)}, "infinity"),
        ({"groups": np.zeros(3)}, "inconsistent numbers of samples"),
        ({"original": np.arange(128) < 3}, "there are 1"),
    ],
)
def test_rows_that_cannot_teach_genuineness(change: dict[str, Any], words: str) -> None:
    rows = made_up()
    given = {"X": rows.inputs, "y": rows.genuine, "groups": rows.people} | change
    with pytest.raises(ValueError, match=words):
        GenuinenessClassifier().fit(**given)


@pytest.mark.parametrize("count", [2, 3, 6])
def test_too_few_clips_end_in_a_sentence(count: int) -> None:
    rows = made_up()
    with pytest.raises(DataError, match="Training needs"):
        # The first is genuine, the others are posed.
        GenuinenessClassifier().fit(rows.inputs[:count], np.arange(count) < 1)


def test_a_label_that_no_clip_has() -> None:
    rows = made_up()
    with pytest.raises(DataError, match="'real' that is said to mean genuine"):
        GenuinenessClassifier(genuine="real").fit(rows.inputs, rows.genuine)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"metric": "dtw"}, "No plain metric 'dtw'"),
        ({"n_neighbors": 0}, "at least one neighbour"),
        ({"person_mean": True}, "give groups"),
    ],
)
def test_settings_that_the_distances_do_not_have(settings: dict[str, Any], words: str) -> None:
    rows = made_up()
    with pytest.raises(DataError, match=words):
        DistanceClassifier(**settings).fit(rows.inputs, rows.genuine)


def test_neighbours_are_told_with_their_distances() -> None:
    rows = made_up()
    model = DistanceClassifier("euclidean", n_neighbors=200).fit(rows.inputs, rows.genuine)
    apart, who = model.kneighbors(rows.inputs[:5])
    assert apart.shape == who.shape == (5, 128)
    assert who[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert apart[:, 0] == pytest.approx(np.zeros(5), abs=1e-3)
    assert (np.diff(apart, axis=1) >= 0).all()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[GenuinenessRows, Trajectories]:
    """PEDFE's clips of five people, one of each kind."""
    folder = SHARED / "pedfe"
    if not folder.is_dir():
        pytest.skip(f"no PEDFE at {folder}: set DUCHENNE_SHARED_DATA")
    clips = read_judged_clips(folder)
    few = clips[clips["subject"].isin(sorted(clips["subject"].unique())[:5])]
    few = few.groupby(["subject", "type", "emotion"]).head(1).reset_index(drop=True)
    # A small table of its own: the reader holds all frames of a table in memory.
    small = tmp_path_factory.mktemp("pedfe")
    chosen = pq.read_table(folder / "frames.parquet", filters=[("code", "in", list(few["code"]))])
    pq.write_table(chosen, small / "frames.parquet")
    frames = list(read_clip_frames(small, few, canonical_face()))
    moving = Trajectories.from_frames(frames, "expressive")
    return GenuinenessRows.from_frames(few, frames), moving


def test_on_real_clips_genuineness_is_that_of_the_code_behind_the_shipped_model(
    real: tuple[GenuinenessRows, Trajectories],
) -> None:
    rows, _ = real
    number = 2
    train, test = list(subject_folds(rows.clips).splits())[number]
    learned = training_rows(rows, SHIPPED[MODEL], train)
    theirs = fit_kernel(learned, seed=number)
    ours = GenuinenessClassifier(random_state=number).fit(
        learned.inputs, learned.genuine, learned.people, learned.original
    )
    assert np.array_equal(ours.predict_proba(rows.whole[test])[:, 1], theirs(rows.whole[test]))
    band = thresholds(theirs, learned.genuine[learned.original])
    assert (ours.band_, ours.least_familiarity_) == band


@pytest.mark.parametrize("metric", ["correlation", "euclidean"])
@pytest.mark.parametrize("person_mean", [True, False])
def test_on_real_clips_distances_are_those_of_the_study(
    real: tuple[GenuinenessRows, Trajectories], metric: Any, person_mean: bool
) -> None:
    rows, moving = real
    ground = Ground(rows.clips, moving)
    settings = Settings("emotion", metric, landmarks="expressive", person_mean=person_mean)
    labels, names = ground.labels("emotion")
    apart = ground.distances(ground.rows(settings), settings, "loso")
    test = rows.people == rows.people[0]
    wanted = vote(nearest(apart[test], 5), labels)
    described = describe(moving)
    ours = DistanceClassifier(metric, 5, person_mean).fit(
        described[~test], np.array(names)[labels[~test]], rows.people[~test]
    )
    near, _ = ours.kneighbors(described[test], rows.people[test])
    assert near == pytest.approx(np.sort(apart[test], axis=1)[:, :5], abs=1e-5)
    found = ours.predict(described[test], rows.people[test])
    assert found.tolist() == np.array(names)[wanted].tolist()
