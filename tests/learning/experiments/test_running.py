from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from tests.crop_sets import tiny_crops

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.learning.checkpoints import read_checkpoint
from duchenne.learning.experiments import networks_on_crops
from duchenne.learning.experiments.catalogue import EXPERIMENTS, experiment
from duchenne.learning.experiments.config import Experiment, Size
from duchenne.learning.experiments.following import COLUMNS
from duchenne.learning.experiments.module import ExperimentModule
from duchenne.learning.experiments.running import (
    Place,
    is_finished,
    plan_for,
    run_experiment,
)
from duchenne.learning.experiments.tables import compare, table_frame, tables_markdown
from duchenne.learning.networks.two_tasks import whole_network
from duchenne.learning.running import fit

SIZE = Size(16, 3, 4, 16)


@pytest.fixture(scope="module")
def crops() -> CropSet:
    return tiny_crops(people=7, frames=4)


def _tiny(name: str, **changes: Any) -> Experiment:
    base = experiment(name)
    network = "tiny_clips" if base.approach == "clips" else "tiny_frames"
    settings: dict[str, Any] = {
        "network": network,
        "weights": "none",
        "learning_rate": 0.05,
        "reduced": SIZE,
    }
    return replace(base, **(settings | changes))


def _place(out: Path) -> Place:
    return Place(out, size="reduced")


@pytest.mark.parametrize(
    "name",
    [
        *("4.3-vgg16-plateau", "4.4-hydra", "4.5-frozen-augmented"),
        *("4.6-student-ce-ce-uncertainty", "4.7-cnn3d-rmsprop", "4.7-cnn3d-adagrad"),
    ],
)
def test_each_kind_of_experiment_runs_and_says_what_it_did(
    name: str, crops: CropSet, tmp_path: Path
) -> None:
    said: list[str] = []
    one = _tiny(name)
    scores = run_experiment(one, crops, _place(tmp_path), said.append)
    assert scores is not None
    assert said[0].startswith(name)
    # The people scored are in nobody's training.
    split = json.loads((tmp_path / "split_holdout.json").read_text())
    assert set(scores.clips["subject"].astype(str)) == set(split["parts"][0])
    content = json.loads((tmp_path / name / "metrics.json").read_text())
    assert content["epochs_run"] == SIZE.epochs
    assert content["thesis"] == dict(one.thesis)
    history = pd.read_csv(tmp_path / name / "round_0" / "history.csv")
    assert tuple(history.columns) == COLUMNS
    assert (tmp_path / name / "round_0" / "curves.png").is_file()
    # A finished experiment is left alone.
    assert is_finished(one, _place(tmp_path))
    assert run_experiment(one, crops, _place(tmp_path)) is None


def test_what_can_be_seen_is_learned(crops: CropSet, tmp_path: Path) -> None:
    one = _tiny("4.6-ce-ce-sum", reduced=replace(SIZE, epochs=12))
    scores = run_experiment(one, crops, _place(tmp_path))
    assert scores is not None
    assert scores.emotion.accuracy.value > 0.8


def test_precision_weights_follow_the_validation(crops: CropSet, tmp_path: Path) -> None:
    run_experiment(_tiny("4.6-ce-ce-precision"), crops, _place(tmp_path))
    history = pd.read_csv(tmp_path / "4.6-ce-ce-precision" / "round_0" / "history.csv")
    weights = history[["weight_emotion", "weight_genuine"]]
    assert weights.to_numpy().min() >= 0
    assert weights.to_numpy().max() <= 1
    assert len(weights.drop_duplicates()) > 1


def test_a_broken_off_run_ends_as_an_unbroken_one(
    crops: CropSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = _tiny("4.6-ce-mfl-precision", augmented=True)
    run_experiment(one, crops, _place(tmp_path / "whole"))

    class StoppedError(Exception):
        pass

    def broken(
        module: Any, batches: Any, plan: Any, folder: Any, goal: int, callbacks: Any
    ) -> None:
        fit(module, batches, plan, folder, 2, callbacks)
        raise StoppedError

    monkeypatch.setattr(networks_on_crops, "fit", broken)
    with pytest.raises(StoppedError):
        run_experiment(one, crops, _place(tmp_path / "broken"))
    assert not is_finished(one, _place(tmp_path / "broken"))
    monkeypatch.setattr(networks_on_crops, "fit", fit)
    run_experiment(one, crops, _place(tmp_path / "broken"))
    last = [tmp_path / kind / one.name / "round_0" / "last.ckpt" for kind in ("whole", "broken")]
    left, right = (read_checkpoint(path)["state_dict"] for path in last)
    for key in left:
        torch.testing.assert_close(left[key], right[key], msg=key)
    tables = [pd.read_csv(path.parents[1] / "predictions.csv") for path in last]
    pd.testing.assert_frame_equal(*tables)


def test_a_run_begun_with_other_settings_is_not_gone_on_with(
    crops: CropSet, tmp_path: Path
) -> None:
    one = _tiny("4.6-ce-ce-sum")
    run_experiment(one, crops, _place(tmp_path))
    (tmp_path / one.name / "metrics.json").unlink()
    (tmp_path / one.name / "round_0" / "joint.npy").unlink()
    with pytest.raises(DataError, match="begun with another"):
        run_experiment(replace(one, learning_rate=0.1), crops, _place(tmp_path))


def test_a_training_ends_when_its_minutes_are_over(crops: CropSet, tmp_path: Path) -> None:
    place = Place(tmp_path, size="reduced", minutes=1e-6)
    run_experiment(_tiny("4.3-vgg16"), crops, place)
    content = json.loads((tmp_path / "4.3-vgg16" / "metrics.json").read_text())
    assert content["epochs_run"] == 1


def test_published_weights_are_asked_for_by_name(tmp_path: Path) -> None:
    one = experiment("4.3-vgg16")
    with pytest.raises(ModelError, match=r"give a file of them, or none .* in Place\.files"):
        plan_for(one, _place(tmp_path))
    assert plan_for(one, Place(tmp_path, files={"*": "none"})).weights == "none"
    assert plan_for(one, Place(tmp_path, files={"vgg16": "a.pth"})).weights == "a.pth"
    # A file for a network is not for its experiment from scratch.
    scratch = plan_for(experiment("4.3-vgg16-scratch"), Place(tmp_path, files={"vgg16": "a.pth"}))
    assert scratch.weights == "none"
    # One that is named is taken, even where the network comes with weights.
    lite0 = Place(tmp_path, files={"efficientnet_lite0": "b.pth"})
    assert plan_for(experiment("4.3-lite0"), lite0).weights == "b.pth"
    # Those that come with a package or a training of ours need no file.
    for name in ("4.3-lite0", "4.3-student"):
        plan = plan_for(experiment(name), Place(tmp_path, files={"*": "none"}))
        assert plan.weights == experiment(name).weights


def test_a_users_file_is_what_the_network_starts_from(crops: CropSet, tmp_path: Path) -> None:
    torch.manual_seed(5)
    whole = whole_network("x3d_s", 400)
    torch.save(whole.state_dict(), tmp_path / "x3d.pyth")
    place = Place(tmp_path, files={"x3d_s": str(tmp_path / "x3d.pyth")}, size="reduced")
    plan = plan_for(experiment("4.7-x3d"), place)
    module = ExperimentModule(plan, 6)
    networks_on_crops.start_network(module.network, plan, tmp_path)
    name = "blocks.2.res_blocks.0.branch2.conv_b.weight"
    torch.testing.assert_close(module.network.backbone.state_dict()[name], whole.state_dict()[name])


def test_every_person_is_scored_with_folds(crops: CropSet, tmp_path: Path) -> None:
    one = _tiny("4.6-ce-ce-sum", split="folds", reduced=replace(SIZE, epochs=1))
    scores = run_experiment(one, crops, _place(tmp_path))
    assert scores is not None
    assert len(scores.clips) == len(crops.clips)
    rounds = sorted(path.name for path in (tmp_path / one.name).glob("round_*"))
    assert len(rounds) == 7


def test_embeddings_are_scored_round_by_round(
    crops: CropSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="learning needs the extra: train")
    from duchenne.learning.experiments import running
    from duchenne.learning.experiments.embedding import Embeddings

    def embed(some: CropSet, network: str, folder: Path) -> Embeddings:
        vectors = some.pixels.reshape(len(some.pixels), 8, -1).mean(2).astype(np.float32)
        return Embeddings(vectors, vectors.reshape(-1, 2, 2, 2))

    monkeypatch.setattr(running, "embed", embed)
    for name in ("ours-statistics", "ours-statistics-person", "s10-pyramid"):
        scores = run_experiment(experiment(name), crops, _place(tmp_path))
        assert scores is not None
        assert len(scores.clips) == len(crops.clips)
    few = replace(experiment("ours-transformer-landmarks"), reduced=Size(None, 4, 1, 16))
    assert run_experiment(few, crops, _place(tmp_path)) is not None
    frame = table_frame("ours", tmp_path).set_index("experiment")
    assert frame.loc["`ours-gru`", "run at"] == "not run"
    assert "(" in frame.loc["`ours-statistics`", "both, ours"]
    found = compare("ours-statistics", "s10-pyramid", tmp_path)
    assert found.clips == len(crops.clips)
    with pytest.raises(DataError, match="no finished experiment ours-gru"):
        compare("ours-gru", "s10-pyramid", tmp_path)
    (tmp_path / "s10-pyramid" / "predictions.csv").write_text("")
    with pytest.raises(DataError, match=r"csv is damaged: delete metrics\.json"):
        compare("ours-statistics", "s10-pyramid", tmp_path)


def test_tables_show_ours_beside_the_thesis(crops: CropSet, tmp_path: Path) -> None:
    run_experiment(_tiny("4.6-mfl-mfl-precision"), crops, _place(tmp_path))
    text = tables_markdown(tmp_path, ("4.6",))
    row = next(line for line in text.splitlines() if "`4.6-mfl-mfl-precision`" in line)
    assert "| 54.61 |" in row
    assert "| 30.15 |" in row
    assert row.endswith("16 px, 3 frames, 4 epochs, weights none |")
    people = crops.clips["subject"].nunique()
    assert f"clips of {people // 5} people." in text.splitlines()[2]
    whole = tables_markdown(tmp_path)
    # The thesis gives one figure a row in table 4.3: its empty columns are left out.
    assert "emotion, thesis" in text
    assert "emotion, thesis" not in whole.split("### ")[1]
    assert all(f"`{name}`" in whole for name in EXPERIMENTS)
    with pytest.raises(DataError, match="no table '5'"):
        tables_markdown(tmp_path, ("5",))
    (tmp_path / "4.6-mfl-mfl-precision" / "metrics.json").write_text("{")
    with pytest.raises(DataError, match="damaged"):
        tables_markdown(tmp_path, ("4.6",))
    (tmp_path / "4.6-mfl-mfl-precision" / "metrics.json").write_text('{"emotion": {}}')
    with pytest.raises(DataError, match="not whole: delete it"):
        tables_markdown(tmp_path, ("4.6",))
