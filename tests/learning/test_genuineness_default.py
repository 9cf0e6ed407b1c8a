from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from tests.pedfe_clips import clip_table, write_clips

from duchenne.cli import genuineness_default
from duchenne.errors import DataError
from duchenne.evaluation.genuineness.rows import VIEWS, GenuinenessRows
from duchenne.evaluation.genuineness.shipped import strangers
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.genuineness.clip_model import KernelModel
from duchenne.genuineness.reference import Reference
from duchenne.learning.genuineness_default import SHIPPED, training_rows, try_shipped
from duchenne.learning.genuineness_export import export_shipped
from duchenne.weights.card import load_card

PEOPLE = 6
FIRST = 901


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, networks: FaceNetworks) -> Path:
    face = CanonicalFace.from_bytes(networks.geometry)
    clips = clip_table(PEOPLE, first=FIRST).assign(gender="F")
    return write_clips(tmp_path_factory.mktemp("pedfe"), clips, face)


@pytest.fixture(scope="module")
def rows(folder: Path) -> GenuinenessRows:
    return GenuinenessRows.from_folder(folder)


def test_every_view_has_a_row_a_clip_and_is_kept(rows: GenuinenessRows, tmp_path: Path) -> None:
    rows.save(tmp_path / "rows.npz")
    again = GenuinenessRows.load(rows.clips, tmp_path / "rows.npz")
    for view in VIEWS:
        assert len(rows.view(view)) == len(rows) == 12 * PEOPLE
        assert np.array_equal(again.view(view), rows.view(view), equal_nan=True)
    assert not np.array_equal(rows.noisy, rows.whole)


def test_copies_stand_below_the_originals(rows: GenuinenessRows) -> None:
    learned = training_rows(rows, SHIPPED["genuineness"], np.arange(4))
    assert learned.original.tolist() == [True] * 4 + [False] * 4
    assert np.array_equal(learned.inputs[:4], rows.whole[:4])


def test_slow_and_sudden_smiles_are_told_apart_and_shipped(
    rows: GenuinenessRows, tmp_path: Path
) -> None:
    name = "genuineness"
    tried = list(try_shipped(rows, name).values())
    assert tried[0].evaluation.scores.auc.value > 0.9
    card = export_shipped(rows, name, tried, tmp_path)
    written = KernelModel(load_card(tmp_path / f"{name}.onnx"))
    p = written.judge(rows.whole).p_genuine
    assert ((p > 0.5) == rows.genuine).mean() > 0.9
    assert Reference.load(card).percent("bs_mouthSmileLeft_mean", 0.0) == 0.0
    assert card.reliability_plot.is_file()
    data = [result.data for result in card.numbers]
    assert data[0] == "PEDFE, people not seen, whole clips"
    assert {"PEDFE, anger", "PEDFE, person by person"} <= set(data)


def test_the_shipped_weights_are_tried_as_they_are_on_strangers(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genuineness_default.evaluate(folder, tmp_path, True, False)
    found = json.loads(capsys.readouterr().out)
    assert found["model"] == "genuineness, whole clips, shipped weights"
    others = [other["model"].split(",")[0] for other in found["others"]]
    assert others == ["genuineness_person", "genuineness_aus", "genuineness_landmarks"]
    assert json.loads((tmp_path / "metrics.json").read_text()) == found
    # A second time the clips are not read again.
    (kept,) = tmp_path.glob("clips-*.npz")
    before = kept.stat().st_mtime_ns
    genuineness_default.evaluate(folder, tmp_path, False, False)
    assert "genuineness_person" in capsys.readouterr().out
    assert kept.stat().st_mtime_ns == before


def test_people_who_trained_it_are_no_strangers(rows: GenuinenessRows) -> None:
    known = load_card("genuineness").settings["people"]
    own = rows.clips.assign(subject=known[0])
    mixed = rows.clips.assign(subject=np.where(np.arange(len(rows)) % 2 == 0, known[0], FIRST))
    tables = {view: rows.view(view) for view in VIEWS}
    assert strangers(rows)
    assert not strangers(GenuinenessRows(own, **tables))
    with pytest.raises(DataError, match="folder of their own"):
        strangers(GenuinenessRows(mixed, **tables))


def test_cards_are_not_updated_by_evaluating(folder: Path) -> None:
    with pytest.raises(DataError, match="--ship"):
        genuineness_default.evaluate(folder, None, False, True)


@pytest.fixture
def one_model(rows: GenuinenessRows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first model is shipped, and the clips are read already."""
    few = {"genuineness": SHIPPED["genuineness"]}
    monkeypatch.setattr("duchenne.learning.genuineness_default.SHIPPED", few)
    monkeypatch.setattr(genuineness_default, "_read", lambda *_: rows)


@pytest.mark.usefixtures("one_model")
def test_training_writes_each_model_and_what_it_reached(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genuineness_default.train(folder, tmp_path, ship=False, as_json=True)
    told = capsys.readouterr()
    first = json.loads(told.out)["evaluations"][0]
    assert first["model"] == "genuineness, whole clips"
    assert f"Written to {load_card(tmp_path / 'genuineness.onnx').path}." in told.err
    assert (tmp_path / "metrics.json").is_file()


@pytest.mark.usefixtures("one_model")
def test_on_its_own_people_the_recipe_is_tried_fold_by_fold(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shipped = "duchenne.evaluation.genuineness.shipped.strangers"
    monkeypatch.setattr(shipped, lambda _: False)
    genuineness_default.evaluate(folder, tmp_path, False, False)
    shown = capsys.readouterr().out
    assert "genuineness, whole clips" in shown
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert 0 <= found["coverage"] <= 1
    parts = pd.read_csv(tmp_path / genuineness_default.PARTS_FILE)
    assert len(parts) > 3
