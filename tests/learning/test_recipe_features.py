"""Each setting of a recipe does what it says, in trainings of seconds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.learning.augment import to_input
from duchenne.learning.checkpoints import RunFolder, read_checkpoint, read_history
from duchenne.learning.configs import Augmentation, Distillation, EmotionConfig, Mixing
from duchenne.learning.distillation import distillation_loss, look_once, teach
from duchenne.learning.experiments.catalogue import experiment
from duchenne.learning.optimisation import optimiser_for, schedule_for
from duchenne.learning.recipes import EMOTION_RECIPES, emotion_recipe
from duchenne.learning.starting import best_network
from duchenne.learning.train_emotion import stopped_early, train_emotion

PLAIN = replace(emotion_recipe("emotion_cnn"), network="tiny", precision="32-true", batch_size=20)
RICH = replace(
    PLAIN,
    name="rich",
    epochs=3,
    optimiser="adamw",
    schedule="cosine",
    warmup=0.5,
    weight_decay=0.05,
    clip=1.0,
    label_smoothing=0.1,
    balanced=True,
    averaging=0.8,
    augmentation=Augmentation(shift=0.05, zoom=0.1, erasing=0.3),
    mixing=Mixing(0.2, 1.0, 0.5),
)


def _state(folder: RunFolder) -> dict[str, Any]:
    return dict(read_checkpoint(folder.last)["state_dict"])


def _student_of_a_teacher(monkeypatch: pytest.MonkeyPatch, **how: Any) -> EmotionConfig:
    """A recipe that learns from another alone; the labels have no weight."""
    teacher = replace(PLAIN, name="teacher", epochs=4)
    monkeypatch.setitem(EMOTION_RECIPES, "teacher", teacher)
    distillation = Distillation(("teacher",), weight=1.0, **how)
    return replace(PLAIN, name="student", distillation=distillation, seed=1)


def _broken_off(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    from duchenne.learning.module import EmotionModule

    step = EmotionModule.training_step

    def interrupted(self: EmotionModule, batch: Any, index: int) -> Any:
        if self.current_epoch == after:
            raise KeyboardInterrupt
        return step(self, batch, index)

    monkeypatch.setattr(EmotionModule, "training_step", interrupted)


def test_a_recipe_with_everything_resumes_to_the_weights_of_an_unbroken_run(
    tiny_fer: Fer2013, tmp_path: Path
) -> None:
    whole = train_emotion(RICH, tiny_fer, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        _broken_off(patch, after=2)
        with pytest.raises(KeyboardInterrupt):
            train_emotion(RICH, tiny_fer, tmp_path / "broken")
    resumed = train_emotion(RICH, tiny_fer, tmp_path / "broken")
    for name, value in _state(whole.folder).items():
        torch.testing.assert_close(value, _state(resumed.folder)[name], rtol=0, atol=0, msg=name)
    assert read_history(whole.folder.history) == read_history(resumed.folder.history)


def test_what_is_kept_of_an_averaging_run_is_the_average(tiny_fer: Fer2013, tmp_path: Path) -> None:
    folder = train_emotion(replace(PLAIN, averaging=0.9), tiny_fer, tmp_path, epochs=2).folder
    state = read_checkpoint(folder.last)
    name = "network.1.weight"
    assert not torch.equal(state["state_dict"][name], state["current_model_state"][name])
    best = read_checkpoint(folder.best)["state_dict"][name]
    torch.testing.assert_close(
        dict(best_network(PLAIN, tmp_path).named_parameters())["1.weight"], best
    )


def test_a_run_without_progress_ends_when_its_patience_does(
    tiny_fer: Fer2013, tmp_path: Path
) -> None:
    stuck = replace(PLAIN, learning_rate=1e-12, patience=2, epochs=20)
    trained = train_emotion(stuck, tiny_fer, tmp_path)
    assert trained.epochs < 20
    assert stopped_early(stuck, trained.folder)
    before = trained.folder.last.stat().st_mtime_ns
    assert train_emotion(stuck, tiny_fer, tmp_path).epochs == trained.epochs
    assert trained.folder.last.stat().st_mtime_ns == before


def test_a_student_trains_its_teacher_first_and_learns_from_it(
    tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = _student_of_a_teacher(monkeypatch, temperature=2.0)
    folder = train_emotion(student, tiny_fer, tmp_path, epochs=6).folder
    assert len(read_history(RunFolder(tmp_path / "teacher").history)) == 4
    # The loss is the teacher's alone, so that labels turned round change nothing.
    wrong = replace(tiny_fer, labels=6 - tiny_fer.labels)
    again = train_emotion(student, wrong, tmp_path / "again", epochs=1)
    assert again.epochs == 1
    losses = [float(row["train_loss"]) for row in read_history(folder.history)]
    assert losses[-1] < losses[0]
    assert not any(key.startswith("teachers") for key in _state(folder))


def test_teachers_who_look_once_become_part_of_the_labels(
    tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = _student_of_a_teacher(monkeypatch, temperature=1.0, once=True)
    folder = train_emotion(student, tiny_fer, tmp_path, epochs=6).folder
    losses = [float(row["train_loss"]) for row in read_history(folder.history)]
    assert losses[-1] < losses[0]
    # A resumed run asks the teachers no second time, and the checkpoints hold none of them.
    shutil.rmtree(tmp_path / "teacher")
    train_emotion(replace(student, epochs=7), tiny_fer, tmp_path)
    (tmp_path / "student" / "taught.npy").write_bytes(b"cut off")
    with pytest.raises(DataError, match=r"taught\.npy is damaged .*: delete it"):
        train_emotion(replace(student, epochs=8), tiny_fer, tmp_path)


def test_labels_without_weight_change_nothing(
    tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = _student_of_a_teacher(monkeypatch, temperature=1.0, once=True)
    folder = train_emotion(student, tiny_fer, tmp_path, epochs=6).folder
    wrong = replace(tiny_fer, labels=np.where(tiny_fer.usage == "Training", 0, tiny_fer.labels))
    shutil.copytree(tmp_path / "teacher", tmp_path / "again" / "teacher")
    again = train_emotion(student, wrong, tmp_path / "again", epochs=6).folder
    for name, value in _state(folder).items():
        torch.testing.assert_close(value, _state(again)[name], msg=name)


def test_who_looks_once_sees_each_picture_and_its_mirror_image() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(48 * 48, 5)).eval()
    pictures = torch.randint(0, 256, (7, 48, 48), dtype=torch.uint8)
    theirs = look_once([network], pictures, batch=3)
    torch.testing.assert_close(theirs.sum(1), torch.ones(7))
    torch.testing.assert_close(theirs, look_once([network], pictures.flip(-1)))
    with torch.inference_mode():
        both = [torch.softmax(network(to_input(way)), 1) for way in (pictures, pictures.flip(-1))]
    torch.testing.assert_close(theirs, (both[0] + both[1]) / 2)


def test_a_teacher_of_other_classes_is_refused(
    tiny_fer: Fer2013, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    five = replace(PLAIN, name="five", target="talk5", epochs=1)
    monkeypatch.setitem(EMOTION_RECIPES, "five", five)
    student = replace(PLAIN, name="student", distillation=Distillation(("five",)))
    with pytest.raises(DataError, match="five cannot teach student"):
        train_emotion(student, tiny_fer, tmp_path, epochs=1)


def test_five_classes_make_five_outputs(tiny_fer: Fer2013, tmp_path: Path) -> None:
    five = replace(PLAIN, name="five", target="talk5")
    train_emotion(five, tiny_fer, tmp_path, epochs=1)
    assert best_network(five, tmp_path)(torch.zeros(2, 1, 48, 48)).shape == (2, 5)


def test_a_frozen_network_changes_in_its_last_layer_alone(
    tiny_fer: Fer2013, tmp_path: Path
) -> None:
    frozen = replace(PLAIN, name="frozen", network="compact_resnet", frozen=True)
    one = _state(train_emotion(frozen, tiny_fer, tmp_path, epochs=1).folder)
    two = _state(train_emotion(frozen, tiny_fer, tmp_path, epochs=2).folder)
    changed = {name for name in one if not torch.equal(one[name], two[name])}
    assert changed == {"network.fc.weight", "network.fc.bias"}


def test_fixed_parts_keep_their_weights_and_their_statistics(
    tiny_fer: Fer2013, tmp_path: Path
) -> None:
    fixed = ("conv", "norm", "blocks.0", "blocks.1")
    recipe = replace(PLAIN, name="fixed", network="compact_resnet", fixed=fixed, averaging=0.9)
    one = _state(train_emotion(recipe, tiny_fer, tmp_path, epochs=1).folder)
    two = _state(train_emotion(recipe, tiny_fer, tmp_path, epochs=2).folder)
    same = {name for name in one if torch.equal(one[name], two[name])}
    assert same == {
        name for name in one if name.startswith(tuple(f"network.{part}." for part in fixed))
    }


def test_a_part_that_the_network_lacks_cannot_be_fixed(tiny_fer: Fer2013, tmp_path: Path) -> None:
    recipe = replace(PLAIN, fixed=("stem",))
    with pytest.raises(DataError, match="has no part 'stem' to be fixed"):
        train_emotion(recipe, tiny_fer, tmp_path, epochs=1)


def test_learning_from_oneself_costs_nothing_and_from_others_something() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(48 * 48, 5)).eval()
    pictures = torch.rand(6, 1, 48, 48)
    theirs = teach([network], pictures, 3.0)
    torch.testing.assert_close(theirs.sum(1), torch.ones(6))
    with torch.inference_mode():
        own = network(pictures)
    assert float(distillation_loss(own, theirs, 3.0)) == pytest.approx(0.0, abs=1e-5)
    assert float(distillation_loss(-own, theirs, 3.0)) > 1e-3
    torch.testing.assert_close(teach([network, network], pictures, 3.0), theirs)


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
def test_every_optimiser_lowers_the_loss(kind: Any, tiny_fer: Fer2013, tmp_path: Path) -> None:
    rate = 0.05 if kind == "sgd" else 2e-3
    recipe = replace(PLAIN, optimiser=kind, learning_rate=rate, weight_decay=1e-4)
    folder = train_emotion(recipe, tiny_fer, tmp_path, epochs=4).folder
    losses = [float(row["train_loss"]) for row in read_history(folder.history)]
    assert losses[-1] < losses[0]


def test_offsets_and_norms_do_not_decay() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    groups = optimiser_for(network, replace(RICH)).param_groups
    assert [group["weight_decay"] for group in groups] == [0.05, 0.0]
    assert [len(group["params"]) for group in groups] == [1, 3]


def _rates(recipe: EmotionConfig, steps: int) -> list[float]:
    optimiser = optimiser_for(torch.nn.Linear(2, 2), recipe)
    schedule = schedule_for(optimiser, recipe, steps, recipe.epochs)
    assert schedule is not None
    rates = []
    for _ in range(steps):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule["scheduler"].step()
    return rates


def test_the_cosine_warms_up_and_falls_to_nothing() -> None:
    rates = _rates(replace(RICH, epochs=10, warmup=2.0, learning_rate=1.0), 100)
    peak = rates.index(max(rates))
    assert 19 <= peak <= 21
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates[0] < 0.06
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] < 0.001
    assert rates[60] == pytest.approx(0.5, abs=0.01)  # half of the way down


def test_a_plateau_halves_the_rate() -> None:
    recipe = replace(PLAIN, schedule="plateau", learning_rate=1.0)
    optimiser = optimiser_for(torch.nn.Linear(2, 2), recipe)
    schedule = schedule_for(optimiser, recipe, 100, 10)
    assert schedule is not None
    assert schedule["monitor"] == "val_loss"
    for loss in (2.0, 1.0, 1.0, 1.0, 1.0, 1.0):
        before = optimiser.param_groups[0]["lr"]
        schedule["scheduler"].step(loss)
    assert (before, optimiser.param_groups[0]["lr"]) == (1.0, 0.5)


def test_steps_are_of_equal_height_and_length() -> None:
    recipe = replace(experiment("4.7-cnn3d-sgd"), schedule="step", learning_rate=1.0, factor=0.5)
    optimiser = optimiser_for(torch.nn.Linear(2, 2), recipe)
    schedule = schedule_for(optimiser, recipe, 100, 12)
    assert schedule is not None
    rates = []
    for _ in range(12):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule["scheduler"].step()
    assert rates == pytest.approx([1.0] * 3 + [0.5] * 3 + [0.25] * 3 + [0.125] * 3)


def test_a_plateau_is_a_schedule_that_trains(tiny_fer: Fer2013, tmp_path: Path) -> None:
    trained = train_emotion(replace(PLAIN, schedule="plateau"), tiny_fer, tmp_path, epochs=2)
    assert trained.epochs == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"votes": 1.5}, "votes is a share"),
        ({"label_smoothing": -0.1}, "label_smoothing is a share"),
        ({"averaging": 1.0}, "averaging lies between"),
        ({"distillation": Distillation(temperature=0.0)}, "temperature is above 0"),
        ({"distillation": Distillation(once=True)}, "look once teach at temperature 1"),
        ({"factor": 1.0}, "a plateau's factor lies between 0 and 1"),
        ({"plateau_patience": -1}, "patience is 0 or more"),
        ({"learning_rate": -0.1}, "a learning rate is a number from 0 on"),
        ({"learning_rate": float("nan")}, "a learning rate is a number from 0 on"),
        ({"batch_size": 0}, "epochs and batch size are 1 or more"),
        ({"epochs": 0}, "epochs and batch size are 1 or more"),
    ],
)
def test_impossible_recipes_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        replace(PLAIN, **changes)


def test_unknown_optimisers_and_schedules_are_not_taken_for_others() -> None:
    network = torch.nn.Linear(2, 2)
    other: Any = "lion"
    with pytest.raises(DataError, match="No optimiser 'lion'; there are: adagrad, adam"):
        optimiser_for(network, replace(PLAIN, optimiser=other))
    with pytest.raises(DataError, match="No schedule 'lion'; there are: constant, cosine"):
        schedule_for(optimiser_for(network, PLAIN), replace(PLAIN, schedule=other), 10, 1)


def test_dlibs_weights_are_for_its_networks_alone(tiny_fer: Fer2013, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Only dlib_resnet29 and compact_resnet"):
        train_emotion(replace(PLAIN, weights="dlib"), tiny_fer, tmp_path, epochs=1)
