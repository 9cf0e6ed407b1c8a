"""The checks of the Action Units: that they measure, that they can fail, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.action_units.names import ACTION_UNITS, INTENSITIES, VERDICTS
from duchenne.action_units.readings import FEATURES, UnitWeights, unit_weights
from duchenne.action_units.recipes import READINGS
from duchenne.errors import DataError
from duchenne.evaluation.action_units import blinks, london, prototypes, synthetic
from duchenne.evaluation.action_units.card import action_units_card, card_with, write_weights
from duchenne.evaluation.action_units.checks import (
    ActionUnitEvaluation,
    evaluate_action_units,
)
from duchenne.evaluation.action_units.fit import fit_action_units
from duchenne.evaluation.action_units.ict_head import IctHead
from duchenne.evaluation.action_units.made_faces import MOST_TURNED, made_faces
from duchenne.evaluation.action_units.measures import (
    Measure,
    auc_between,
    correlation,
    mean_error,
)
from duchenne.evaluation.action_units.pedfe import PedfeFrames
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.pose import PoseSolver
from duchenne.weights.card import load_card

UNITS = list(ACTION_UNITS)


@pytest.fixture(scope="module")
def head(networks: FaceNetworks, shared_media: Path) -> IctHead:
    face = CanonicalFace.from_bytes(networks.geometry)
    return IctHead.from_folder(shared_media.parent / "ict_facekit", face)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_a_damaged_head_is_named(content: bytes, networks: FaceNetworks, tmp_path: Path) -> None:
    for name in ("ict_landmarks68.npz", "ict_narrowface_expressions.npz"):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="is not the ICT FaceKit folder"):
        IctHead.from_folder(tmp_path, CanonicalFace.from_bytes(networks.geometry))


def test_of_no_blinks_found_no_share_is_true(
    networks: FaceNetworks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "single_face.mp4").touch()
    monkeypatch.setattr(blinks, "blinks_of", lambda *_: [])
    found, true = blinks.check_blinks(tmp_path, networks, unit_weights())
    assert (found.rows, found.estimate.value) == (1, 0.0)
    assert true.rows == 0
    assert np.isnan(true.estimate.value)


def test_an_interval_holds_its_value() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=200)
    for found in (
        correlation(truth + random.normal(size=200), truth),
        mean_error(truth + 1, truth),
        auc_between(truth, random.random(200) < 0.5, np.arange(200) // 10),
    ):
        assert found.low <= found.value <= found.high
    assert np.isnan(correlation(np.zeros(10), truth[:10]).value)


def test_made_faces_are_the_same_for_a_seed_and_move_where_they_should(head: IctHead) -> None:
    one, again, other = (made_faces(head, 40, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.landmarks, again.landmarks)
    assert not np.array_equal(one.landmarks, other.landmarks)
    assert one.truth.min() >= 0
    assert one.truth.max() <= 1
    # An opened jaw parts the lips; the left corner of the mouth is the person's.
    smile = head.shapes[head.names.index("mouthSmile_L")]
    assert smile[:, 1].max() > 0.5
    assert np.linalg.norm(smile, axis=1)[head.neutral[:, 0] < -2].max() < 0.05


def test_made_heads_turn_no_further_than_they_say(head: IctHead) -> None:
    made = made_faces(head, 30, 5)
    solver = PoseSolver(head.face, 640, 640)
    angles = np.stack([solver.solve(points)[:3] for points in made.landmarks + 320])
    assert np.abs(angles).max() > 15
    # The solver assumes another camera, and the noise is in it.
    assert np.abs(angles).max() < MOST_TURNED + 12


def test_a_fit_learns_what_a_random_map_does_not(head: IctHead, networks: FaceNetworks) -> None:
    random = np.random.default_rng(0)
    moved = random.normal(0, 0.1, (60, FEATURES)).astype(np.float32)
    clips = pd.DataFrame({"code": list("abcd"), "subject": [1, 1, 2, 2], "emotion": "anger"})
    frames = PedfeFrames(
        moved, np.zeros(60, np.float32), np.zeros(60), np.repeat(np.arange(4), 15), clips
    )
    fit = fit_action_units(head, frames, moved[:20], faces=1500)
    assert set(fit.gains.values()) <= set(np.clip(list(fit.gains.values()), 1, 2))
    found = synthetic.check_synthetic(head, networks, fit.weights, faces=150)
    noise = random.normal(0, 0.01, (FEATURES, len(READINGS))).astype(np.float32)
    bad = UnitWeights(noise, np.zeros(len(READINGS), np.float32), fit.weights.spread)
    blind = synthetic.check_synthetic(head, networks, bad, faces=150)
    # Scaled by noise the blendshapes say little; geometry alone carries these.
    for unit in ("AU10", "AU25", "AU14"):
        learned, guessed = (
            next(m.estimate.value for m in check.measures if m.unit == unit)
            for check in (found, blind)
        )
        assert learned > 0.75
        assert abs(guessed) < 0.5


def test_shipped_weights_follow_made_faces(head: IctHead, networks: FaceNetworks) -> None:
    check = synthetic.check_synthetic(head, networks, unit_weights(), faces=300)
    known = {m.unit: m.estimate.value for m in check.measures if m.name == synthetic.KNOWN}
    assert sum(value >= 0.8 for value in known.values()) >= 14
    assert check.worst_leak("AU12")[1] < 1.5


def test_smiles_rise_within_people(networks: FaceNetworks, shared_media: Path) -> None:
    faces = london.read_london(shared_media.parent / "london_faces", networks)
    found = {(m.unit, m.name): m.estimate.value for m in london.check_london(faces, unit_weights())}
    assert found["AU12", london.WITHIN] >= 0.97
    assert found["AU06", london.WITHIN] >= 0.85
    assert found["AU12", london.RISING] >= 0.95


def test_the_half_that_chose_is_not_the_half_that_is_reported() -> None:
    clips = pd.DataFrame({"code": list("abcdef"), "subject": [3, 5, 9, 3, 5, 9]})
    clips["emotion"], clips["type"] = "anger", "genuine"
    frames = PedfeFrames(
        np.zeros((6, FEATURES), np.float32),
        np.zeros(6, np.float32),
        np.zeros(6),
        np.arange(6),
        clips,
    )
    assert frames.chosen_by.tolist() == [True, False, True] * 2
    assert frames.subject.tolist() == [3, 5, 9, 3, 5, 9]


def made_up(r: float = 0.9, happy: float = 0.99, fear: float = 0.8) -> ActionUnitEvaluation:
    def one(check: str, unit: str, name: str, value: float) -> Measure:
        return Measure(check, unit, name, 20, Estimate(value, value - 0.1, value + 0.1))

    measures = [
        one("synthetic", unit, name, value)
        for unit in UNITS
        for name, value in (
            (synthetic.KNOWN, r), (synthetic.UNKNOWN, r / 2), (synthetic.ERROR, 0.3),
        )
    ]  # fmt: skip
    measures.append(one("pedfe", "AU12", prototypes.separates("happiness"), happy))
    measures.append(one("pedfe", "AU05", prototypes.separates("fear"), fear))
    check = synthetic.SyntheticCheck(tuple(measures), np.eye(len(UNITS)) * 5)
    return ActionUnitEvaluation(tuple(measures), check, ("The blinks check was skipped.",))


@pytest.mark.parametrize(
    ("changes", "unit", "verdict"),
    [
        ({}, "AU12", "checked"),
        ({"happy": 0.9}, "AU12", "experimental"),
        ({}, "AU05", "checked"),
        ({"fear": 0.7}, "AU05", "experimental"),
        ({"fear": float("nan")}, "AU05", "experimental"),
        ({"r": 0.79}, "AU12", "experimental"),
        ({}, "AU28", "synthetic only"),
        ({"r": 0.79}, "AU28", "experimental"),
    ],
)
def test_a_unit_that_fails_a_check_is_experimental(
    changes: dict[str, float], unit: str, verdict: str
) -> None:
    assert made_up(**changes).verdict(unit) == verdict


def test_demands_hold_or_fail() -> None:
    assert all(holds for _, holds in made_up().demands())
    failing = [text for text, holds in made_up(r=0.5, happy=0.9).demands() if not holds]
    assert len(failing) == 2
    assert "happiness" in failing[1]


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    evaluation = made_up()
    evaluation.save(tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {
        "metrics.json", "units.csv", "measures.csv", "prototypes.csv", "leakage.csv",
    }  # fmt: skip
    assert pd.read_csv(tmp_path / "prototypes.csv", index_col=0).at["AU12", "happiness"] == 0.99
    read = json.loads((tmp_path / "metrics.json").read_text())
    assert read["units"]["AU12"]["verdict"] == "checked"
    assert len(pd.read_csv(tmp_path / "units.csv")) == len(UNITS)
    text = evaluation.to_text()
    assert "holds" in text
    assert "The blinks check was skipped." in text


def test_a_card_takes_the_figures_and_the_verdicts(tmp_path: Path) -> None:
    path = write_weights(unit_weights(), tmp_path)
    first = path.read_bytes()
    assert write_weights(unit_weights(), tmp_path).read_bytes() == first
    card = card_with(action_units_card(path, {"AU12": 1.0}, {"faces": 1}), made_up())
    assert card.settings["verdicts"]["AU12"] == "checked"
    assert any(f.name == "AU12 r, neutral known" for f in card.numbers[0].figures)


def test_the_shipped_card_has_every_check_and_every_unit() -> None:
    card = load_card("action_units")
    assert len(card.numbers) == 5
    assert set(VERDICTS) == set(UNITS)
    assert len(INTENSITIES) == len(UNITS) + 26


def test_folders_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none of the folders ict_facekit"):
        evaluate_action_units(tmp_path)
    (tmp_path / "ict_facekit").mkdir()
    with pytest.raises(DataError, match="not the ICT FaceKit folder"):
        evaluate_action_units(tmp_path)


def test_pictures_that_are_not_there_are_told(networks: FaceNetworks, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No London pictures"):
        london.read_london(tmp_path, networks)
