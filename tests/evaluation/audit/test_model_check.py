from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from tests.evaluation.audit.made_up_sets import texture

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.audit.edits import EDITS
from duchenne.evaluation.audit.items import AuditSet, nobody
from duchenne.evaluation.audit.known_sets import fer2013_set, loaders
from duchenne.evaluation.audit.model_check import PictureScorer, Unseen, check_model, speaks_for
from duchenne.evaluation.audit.scorers import (
    SCORERS,
    ScoreColumn,
    ScoreFile,
    SmileScorer,
    in_our_words,
    scorer_of,
)
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.expressions.phases import COLUMNS


@dataclass(frozen=True)
class Brightness:
    """Calls bright pictures genuine."""

    name: str = "brightness"
    classes: tuple[str, ...] = ("",)

    def score(self, data: AuditSet) -> NDArray[np.float64]:
        assert data.pictures is not None
        return self.score_pictures([load() for load in data.pictures])

    def score_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
        grey = np.array([picture.mean() for picture in pictures])
        return 1 / (1 + np.exp(-(grey - 127) / 10))[:, None]

    def unseen(self, data: AuditSet) -> Unseen:
        return Unseen(data)


@pytest.fixture(scope="module")
def lit() -> AuditSet:
    """160 pictures, genuine ones lighter; a score that knows the label without the light."""
    rng = np.random.default_rng(3)
    genuine = np.arange(160) % 2 == 0
    shift = np.where(genuine, 14, -14) + rng.normal(0, 14, 160)
    pictures = np.stack([texture(rng, 48)[..., 0] for _ in range(160)]).astype(float)
    pictures += (127 + shift - pictures.mean(axis=(1, 2)))[:, None, None]
    shown = np.clip(pictures, 0, 255).astype(np.uint8)
    return AuditSet(
        name="lit",
        kind="pictures",
        names=np.array([f"row {n}" for n in range(160)]),
        label=np.where(genuine, "genuine", "posed"),
        subject=nobody(160),
        source=nobody(160),
        split=nobody(160),
        nuisances={"brightness": shown.mean(axis=(1, 2))},
        pictures=loaders(shown),
        table=pd.DataFrame({"honest": np.where(genuine, 1.0, -1.0) + rng.normal(size=160)}),
    )


def test_a_model_of_light_has_nothing_left_in_pairs_of_equal_light(lit: AuditSet) -> None:
    assert isinstance(Brightness(), PictureScorer)
    found = check_model(lit, Brightness())
    (score,) = found.scores
    assert score.name == "genuine"
    assert score.auc is not None
    assert score.matched is not None
    assert score.partial is not None
    assert score.auc.value > 0.8
    assert score.matched.low < 0.5
    assert score.matched.value < score.auc.value - 0.12
    assert abs(score.partial.value) < 0.3
    assert score.by_nuisances.value > 0.9
    assert set(found.flips) == set(EDITS)
    assert found.flips["mirrored"].value == 0
    assert found.flips["brighter"].low > 0.2
    assert found.edited == 160


def test_a_model_of_the_display_keeps_what_it_knows(lit: AuditSet) -> None:
    found = check_model(lit, ScoreColumn("honest"))
    (score,) = found.scores
    assert score.auc is not None
    assert score.matched is not None
    assert score.auc.value > 0.85
    assert score.matched.low > 0.7
    assert found.flips == {}


def test_a_model_that_learned_from_the_items_says_so(lit: AuditSet) -> None:
    known = replace(lit, name="UvA-NEMO smile dynamics")
    assert SmileScorer().unseen(known).learned
    assert not SmileScorer().unseen(lit).learned


def test_a_score_finds_its_label() -> None:
    assert speaks_for("happy", ("happy", "sad")) == "happy"
    assert speaks_for("", ("genuine", "posed")) == "genuine"
    assert speaks_for("", ("deliberate", "spontaneous")) == "spontaneous"
    assert speaks_for("", ("a", "b", "c")) is None
    assert speaks_for("angry", ("genuine", "posed")) is None


def test_models_have_names_and_columns_come_first(lit: AuditSet) -> None:
    assert isinstance(scorer_of("honest", lit), ScoreColumn)
    assert isinstance(scorer_of("smile", lit), SmileScorer)
    assert "smile" in SCORERS


def test_models_of_other_things_are_refused(lit: AuditSet) -> None:
    with pytest.raises(DataError, match="75 features of the lips"):
        check_model(lit, SmileScorer())
    with pytest.raises(DataError, match="no column 'nothing'"):
        check_model(lit, ScoreColumn("nothing"))
    empty = replace(lit, table=pd.DataFrame({"honest": [np.nan] * 160}))
    with pytest.raises(DataError, match="0 of 160 items only"):
        check_model(empty, ScoreColumn("honest"))
    with pytest.raises(DataError, match="reads pictures"):
        check_model(replace(lit, pictures=None), scorer_of("emotion_compact", lit))


def test_a_network_is_checked_on_what_it_did_not_learn_from(tiny_fer: Fer2013) -> None:
    data = fer2013_set(tiny_fer)
    found = check_model(data, scorer_of("emotion_compact", data))
    assert found.rows == found.edited == (tiny_fer.usage == "PrivateTest").sum()
    assert "PrivateTest only" in found.caution
    assert not found.learned
    assert {one.name for one in found.scores} == set(EMOTIONS)
    assert all(0 <= share.value <= 1 for share in found.flips.values())


def test_scores_of_a_file_are_those_of_its_rows(lit: AuditSet, tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    scores = np.linspace(0, 1, len(lit.names))
    shuffled = 1 + np.random.default_rng(0).permutation(len(scores) - 1)
    table = pd.DataFrame({"code": lit.names, "type": "x", "p_genuine": scores})
    table.iloc[shuffled].to_csv(path, index=False)
    scorer = scorer_of(str(path), lit)
    assert isinstance(scorer, ScoreFile)
    assert scorer.classes == ("genuine",)
    found = scorer.score(lit)[:, 0]
    assert np.isnan(found[0])
    assert found[1:] == pytest.approx(scores[1:])


@pytest.mark.parametrize("text", ["code,score\nnobody,1\n", ""])
def test_a_file_of_other_items_is_refused(lit: AuditSet, tmp_path: Path, text: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=r"scores\.csv"):
        ScoreFile(path).score(lit)


def test_the_smile_model_scores_tables_of_its_features(lit: AuditSet) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.uniform(0.01, 1, (160, len(COLUMNS))), columns=list(COLUMNS))
    found = SmileScorer().score(replace(lit, table=table))
    assert found.shape == (160, 1)
    assert ((found > 0) & (found < 1)).all()
    assert np.ptp(found) > 0


def test_a_score_that_belongs_to_no_label_is_explained_but_not_judged(lit: AuditSet) -> None:
    coloured = replace(lit, label=np.resize(np.array(["red", "green", "blue", "grey"]), 160))
    (score,) = check_model(coloured, ScoreColumn("honest")).scores
    assert (score.auc, score.partial, score.matched) == (None, None, None)
    assert score.to_dict()["by_nuisances"] == score.by_nuisances.to_dict()


def test_scores_of_the_wrong_shape_are_refused(
    lit: AuditSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Brightness, "score", lambda self, data: np.zeros(3))
    with pytest.raises(DataError, match=r"gave scores \(3,\) for 160 items"):
        check_model(lit, Brightness())


def test_a_whole_picture_is_read_by_the_face_in_it(
    lit: AuditSet, astronaut: NDArray[np.uint8]
) -> None:
    scorer = scorer_of("emotion_compact", lit)
    assert isinstance(scorer, PictureScorer)
    blank = np.zeros((60, 80), np.uint8)
    found = scorer.score_pictures([astronaut, blank])
    assert scorer.classes[int(np.argmax(found[0]))] == "happy"
    assert np.isnan(found[1]).all()


def test_pedfes_emotions_are_found_in_our_words(lit: AuditSet) -> None:
    named = replace(lit, label=np.resize(np.array(["anger", "happiness"]), 160))
    assert in_our_words(named).classes == ("angry", "happy")
    assert in_our_words(lit) is lit
