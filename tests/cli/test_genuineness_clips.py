from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from duchenne.cli.genuineness_clips import GENERATED, NAMES, WEIGHTS_FILE, ClipModel, named
from duchenne.cli.genuineness_table import MODULES, module_of
from duchenne.errors import DataError
from duchenne.expressions.track import UNITS
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from tests.conftest import ROOT
from tests.pedfe_clips import clip_table, write_clips

if TYPE_CHECKING:
    from duchenne.learning.evaluate_genuineness import ClipSet

pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, networks: FaceNetworks) -> Path:
    face = CanonicalFace.from_bytes(networks.geometry)
    return write_clips(tmp_path_factory.mktemp("pedfe"), clip_table(3), face, frames=12)


def test_the_names_are_those_of_the_models() -> None:
    from duchenne.learning.genuineness_models import MODELS

    assert tuple(MODELS) == NAMES
    assert [name for name in MODULES if isinstance(module_of(name), ClipModel)] == list(NAMES)


def test_both_kinds_of_folds_are_shown(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named("svm-statistics").evaluate(folder, tmp_path, False, False)
    shown = capsys.readouterr().out
    assert "svm-statistics, unseen people, no person information" in shown
    assert "by random folds, which mix people and so are no result" in shown
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["all"]["rows"] == metrics["by_random_folds"]["rows"] == 36
    assert len(pd.read_csv(tmp_path / "predictions.csv")) == 36


def test_landmarks_come_with_the_check_of_distances(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from duchenne.learning import distance_check

    def checked(clips: ClipSet, face: CanonicalFace) -> pd.DataFrame:
        return pd.DataFrame({"clips": [len(clips.clips)], "points": [len(face.points)]})

    # Eight trainings more: tests/learning/test_distance_check.py looks at them.
    monkeypatch.setattr(distance_check, "distance_check", checked)
    named("mlp-landmarks").evaluate(folder, tmp_path, True, False)
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads((tmp_path / "metrics.json").read_text())
    assert shown["distance_check"] == [{"clips": 36, "points": 468}]


def test_training_writes_weights_that_load(folder: Path, tmp_path: Path) -> None:
    from duchenne.learning.genuineness_mlp import load_mlp

    named("mlp-aus").train(folder, tmp_path, False)
    p = load_mlp(tmp_path / WEIGHTS_FILE)(np.zeros((1, len(UNITS))))
    assert 0 < p[0] < 1
    assert (tmp_path / "curves.png").is_file()


def test_lstm_pb_is_kept_with_a_picture_of_what_it_draws(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duchenne.learning.genuineness_lstm_pb import fit_lstm_pb, load_lstm_pb
    from duchenne.learning.genuineness_lstm_pb_learning import LstmPbSettings
    from duchenne.learning.genuineness_models import MODELS

    quick = LstmPbSettings(components=3, bias=2, hidden=6, epochs=2, steps=3)
    with monkeypatch.context() as patched:
        patched.setitem(fit_lstm_pb.__globals__, "LstmPbSettings", lambda: quick)
        named("lstm-pb").train(folder, tmp_path, False)
    fitted = load_lstm_pb(tmp_path / WEIGHTS_FILE)
    assert fitted.settings.bias == fitted.biases(np.zeros((1, 5, 66, 2))).shape[1]
    assert "streams" in MODELS["lstm-pb"].title
    width, height = Image.open(tmp_path / GENERATED).size
    assert width > 1500
    assert height > 1500


def test_ebsvm_is_kept(folder: Path, tmp_path: Path) -> None:
    from duchenne.learning.genuineness_ebsvm import load_ebsvm

    named("ebsvm-clip").train(folder, tmp_path, False)
    p = load_ebsvm(tmp_path / WEIGHTS_FILE)(np.zeros((1, 1950)))
    assert 0 < p[0] < 1


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="keeps no weights"):
        named("svm-statistics").train(ROOT, tmp_path, False)
    with pytest.raises(DataError, match="does not ship"):
        named("mlp-aus").train(ROOT, tmp_path, True)
    with pytest.raises(DataError, match="no card"):
        named("mlp-aus").evaluate(ROOT, tmp_path, False, True)
    with pytest.raises(DataError, match="No PEDFE"):
        named("mlp-aus").evaluate(tmp_path, None, False, False)
