from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="learning needs the extra: train")
pytest.importorskip("onnx", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.genuineness.clip_model import Baseline, KernelModel
from duchenne.learning.genuineness_kernel import Fitted, Rows, fit_kernel, rotate
from duchenne.learning.genuineness_onnx import kernel_onnx
from duchenne.weights.card import ModelCard, sha256_of
from duchenne.weights.facts import ModelInput

INPUTS = 12


def made_up(people: int = 8, clips: int = 16, habit: float = 0.0, seed: int = 0) -> Rows:
    """Genuine clips lie higher in two inputs; people have habits of their own."""
    random = np.random.default_rng(seed)
    whose = np.repeat(np.arange(people), clips)
    genuine = np.tile(np.arange(clips) % 2 == 0, people)
    inputs = random.normal(size=(len(whose), INPUTS))
    inputs[:, :2] += 1.2 * genuine[:, None] + habit * random.normal(size=people)[whose][:, None]
    return Rows(inputs, genuine, whose, np.full(len(whose), True))


def as_card(fitted: Fitted, folder: Path, by_person: bool) -> ModelCard:
    path = folder / "tiny.onnx"
    path.write_bytes(kernel_onnx(fitted.machine))
    curve = fitted.curve
    return ModelCard(
        *("tiny", "genuineness", "s", path.name, sha256_of(path), "MIT", "d", "s"),
        ModelInput("made up", (INPUTS,)),
        {},
        "r",
        ("made up",),
        (),
        folder=folder,
        settings={
            "inputs": [str(number) for number in range(INPUTS)],
            "by_person": by_person,
            "slope": curve.slope / curve.spread,
            "intercept": curve.offset - curve.slope * curve.centre / curve.spread,
            "band": 0.05,
            "least_familiarity": 0.01,
        },
    )


def test_a_planted_difference_is_found_in_people_not_seen() -> None:
    fitted, fresh = fit_kernel(made_up()), made_up(seed=9)
    assert area_under_curve(fitted(fresh.inputs), fresh.genuine) > 0.85


def test_a_persons_own_clips_help_against_habits() -> None:
    rows, fresh = made_up(habit=3.0), made_up(habit=3.0, seed=9)
    alone = fit_kernel(rows)(fresh.inputs)
    beside = fit_kernel(rows, by_person=True)(fresh.inputs, fresh.people)
    assert area_under_curve(beside, fresh.genuine) > area_under_curve(alone, fresh.genuine) + 0.05


def test_labels_that_mean_nothing_teach_nothing() -> None:
    rows = made_up()
    shuffled = np.random.default_rng(3).permutation(rows.genuine)
    fitted = fit_kernel(Rows(rows.inputs, shuffled, rows.people, rows.original))
    # Out of fold: machines and curves had not seen the person.
    assert area_under_curve(fitted.p, shuffled) < 0.65


def test_copies_do_not_count_as_clips_of_their_own() -> None:
    rows = made_up()
    copies = Rows(
        np.concatenate([rows.inputs, rows.inputs + 0.01]),
        np.tile(rows.genuine, 2),
        np.tile(rows.people, 2),
        np.repeat([True, False], len(rows.genuine)),
    )
    assert len(fit_kernel(copies).p) == len(rows.genuine)


@pytest.mark.parametrize("by_person", [False, True])
def test_the_written_file_says_what_the_machine_says(tmp_path: Path, by_person: bool) -> None:
    rows = made_up()
    rows.inputs[3, 4] = np.nan
    fitted = fit_kernel(rows, by_person)
    model = KernelModel(as_card(fitted, tmp_path, by_person))
    own = rows[rows.people == 2]
    baseline = Baseline.from_inputs(model, own.inputs) if by_person else None
    found = model.judge(own.inputs, baseline)
    assert found.p_genuine == pytest.approx(fitted(own.inputs, own.people), abs=0.01)
    assert model.scores(own.inputs) == pytest.approx(fitted.machine.scorer(own.inputs), abs=1e-3)
    # A training clip is its own neighbour, at least where it became a support vector.
    assert found.familiarity.max() == pytest.approx(1.0, abs=1e-2)
    strange = model.judge(np.full((1, INPUTS), 50.0), baseline).familiarity
    assert strange[0] < found.familiarity.min()


def test_contributions_name_the_inputs_that_speak(tmp_path: Path) -> None:
    model = KernelModel(as_card(fit_kernel(made_up()), tmp_path, False))
    clip = np.zeros(INPUTS)
    clip[:2] = 3.0
    found = model.contributions(clip, {"planted": [0, 1], "idle": list(range(2, INPUTS))})
    assert found["planted"] > 1.0
    assert abs(found["idle"]) < found["planted"] / 3


def test_baselines_too_few_and_too_many(tmp_path: Path) -> None:
    model = KernelModel(as_card(fit_kernel(made_up()), tmp_path, False))
    with pytest.raises(DataError, match="needs 8 expressions, there are 3"):
        Baseline.from_inputs(model, np.zeros((3, INPUTS)))
    with pytest.raises(ValueError, match="takes no baseline"):
        model.judge(np.zeros((1, INPUTS)), Baseline.from_scores(np.zeros((8, INPUTS))))
    with pytest.raises(ValueError, match="Inputs are"):
        model.judge(np.zeros((1, INPUTS + 1)))


@pytest.mark.parametrize("columns", [5, 60])
def test_a_rotation_keeps_lengths_as_far_as_it_has_directions(columns: int) -> None:
    seen = np.random.default_rng(0).normal(size=(30, columns))
    axes = rotate(seen)
    assert axes.T @ axes == pytest.approx(np.eye(axes.shape[1]), abs=1e-8)
    assert np.linalg.norm(seen @ axes, axis=1) == pytest.approx(np.linalg.norm(seen, axis=1))


@pytest.mark.parametrize("case", ["one kind", "one person"])
def test_rows_that_cannot_teach(case: str) -> None:
    rows = made_up(people=1 if case == "one person" else 8)
    kinds = np.full(len(rows.genuine), True) if case == "one kind" else rows.genuine
    with pytest.raises(DataError, match="Training needs"):
        fit_kernel(Rows(rows.inputs, kinds, rows.people, rows.original))


def test_one_kind_shown_by_one_person_alone_is_told() -> None:
    rows = made_up()
    with pytest.raises(DataError, match="Training needs genuine clips of more people"):
        fit_kernel(Rows(rows.inputs, rows.people == 0, rows.people, rows.original))


def test_copies_cannot_stand_in_for_a_kind_of_which_there_is_no_clip() -> None:
    rows = made_up()
    with pytest.raises(DataError, match="clips of both types"):
        fit_kernel(Rows(rows.inputs, rows.genuine, rows.people, rows.genuine))
