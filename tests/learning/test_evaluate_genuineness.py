from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from tests.pedfe_clips import clip_table, drawn_features, write_clips

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.features import ClipFeatures
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.learning.evaluate_genuineness import CURVES, ClipSet, evaluate_genuineness
from duchenne.learning.genuineness_lstm_pb import fit_lstm_pb
from duchenne.learning.genuineness_lstm_pb_learning import LstmPbSettings
from duchenne.learning.genuineness_models import MODELS


@pytest.fixture(scope="module")
def leaking() -> ClipSet:
    """Each person's two sessions differ in a way that says nothing about other people."""
    clips = clip_table(8)
    return ClipSet(clips, drawn_features(clips, leak=2.0))


@pytest.mark.parametrize("model", ["mlp-aus", "svm-statistics"])
def test_random_folds_look_better_where_people_leak(leaking: ClipSet, model: str) -> None:
    fair = evaluate_genuineness(leaking, model, "subject")
    mixed = evaluate_genuineness(leaking, model, "random")
    assert mixed.scores.auc.value > 0.85
    assert fair.scores.auc.value < 0.65
    assert (fair.folds, mixed.folds) == ("subject", "random")


@pytest.mark.parametrize("model", MODELS)
def test_a_planted_signal_is_found_in_unseen_people(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = LstmPbSettings(components=2, bias=2, hidden=12, epochs=12, batch_size=24, steps=15)
    monkeypatch.setitem(fit_lstm_pb.__globals__, "LstmPbSettings", lambda: quick)
    clips = clip_table(4, repeats=2)
    features = drawn_features(clips, signal=4.0)
    lines: list[str] = []
    found = evaluate_genuineness(ClipSet(clips, features), model, out=tmp_path, say=lines.append)
    assert found.scores.auc.value > 0.7
    assert len(lines) == 4
    assert (tmp_path / "metrics.json").is_file()
    assert (tmp_path / "predictions.csv").is_file()
    assert (tmp_path / CURVES).is_file() == model.startswith("mlp")
    assert found.person_information == model.endswith("person")


def test_the_scored_fold_s_labels_are_not_used() -> None:
    clips = clip_table(4)
    features = drawn_features(clips, signal=1.0)
    rest = ~(clips["subject"] == 1)
    flipped = clips.assign(
        type=clips["type"].where(rest, clips["type"].map({"genuine": "posed", "posed": "genuine"}))
    )
    # A fold a person: with the first one's labels turned round, only the other folds may change.
    told, lied = (
        evaluate_genuineness(ClipSet(c, features), "mlp-aus").judged.p for c in (clips, flipped)
    )
    np.testing.assert_array_equal(told[~rest], lied[~rest])
    assert not np.array_equal(told[rest], lied[rest])


def test_a_folder_laid_out_alike_is_scored(tmp_path: Path, networks: FaceNetworks) -> None:
    face = CanonicalFace.from_bytes(networks.geometry)
    write_clips(tmp_path, clip_table(3, first=90), face)
    found = evaluate_genuineness(tmp_path, "svm-statistics")
    assert found.scores.rows == 36
    assert found.scores.accuracy.value > 0.9  # slow and sudden smiles


def test_an_unknown_model_is_named() -> None:
    clips = clip_table(2)
    blank = np.zeros((24, 1))
    streams = blank.astype(np.float32)
    features = ClipFeatures(tuple(clips["code"]), blank, blank, blank, blank, blank, streams)
    nothing = ClipSet(clips, features)
    with pytest.raises(DataError, match="no genuineness model 'best'; known: mlp-aus"):
        evaluate_genuineness(nothing, "best")
