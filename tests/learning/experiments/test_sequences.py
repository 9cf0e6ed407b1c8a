from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from tests.crop_sets import tiny_crops

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.learning.experiments.catalogue import experiment
from duchenne.learning.experiments.pyramid import equalised, pooled
from duchenne.learning.experiments.sequences import (
    ClipVectors,
    machine_answers,
    statistics_over_time,
    temporal_answers,
)

QUICK = replace(experiment("ours-gru").reduced, epochs=12, batch_size=16)


def _vectors(crops: CropSet) -> np.ndarray:
    """A number for the emotion and one for the kind, with noise."""
    noise = np.random.default_rng(2).normal(0, 0.2, (len(crops.clip), 8))
    noise[np.arange(len(crops.clip)), crops.emotion[crops.clip]] += 2.0
    noise[:, 6] += 2.0 * crops.kind[crops.clip]
    return noise.astype(np.float32)


@pytest.fixture(scope="module")
def crops() -> CropSet:
    return tiny_crops(people=7, frames=3, side=48)


@pytest.fixture(scope="module")
def data(crops: CropSet) -> ClipVectors:
    return ClipVectors.from_crops(crops, _vectors(crops), longest=4)


def _halves(data: ClipVectors) -> tuple[np.ndarray, np.ndarray]:
    return np.flatnonzero(data.people <= 5), np.flatnonzero(data.people > 5)


def _right(joint: np.ndarray, data: ClipVectors, scored: np.ndarray) -> float:
    named = joint.reshape(len(joint), -1).argmax(1)
    return float((named == 2 * data.emotion[scored] + data.kind[scored]).mean())


def test_clips_are_laid_out_with_what_is_missing_marked(data: ClipVectors, crops: CropSet) -> None:
    assert data.frames.shape == (len(crops.clips), 4, 8)
    assert data.there.sum(1).tolist() == [3] * len(crops.clips)
    np.testing.assert_array_equal(data.frames[0, :3], _vectors(crops)[:3])
    longer = ClipVectors.from_crops(crops, _vectors(crops), longest=2)
    np.testing.assert_array_equal(longer.frames[0], _vectors(crops)[[0, 2]])


def test_a_persons_own_scale_takes_the_person_away(crops: CropSet) -> None:
    moved = _vectors(crops) + 50.0 * crops.people[crops.clip][:, None]
    vectors = moved.astype(np.float32)
    own = ClipVectors.from_crops(crops, vectors, 3, own_scale=True)
    for person in np.unique(own.people):
        rows = own.frames[own.people == person].reshape(-1, 8)
        np.testing.assert_allclose(rows.mean(0), 0, atol=1e-3)


def test_vectors_that_are_no_numbers_are_refused(crops: CropSet) -> None:
    with pytest.raises(DataError, match=r"vector of numbers.*: take an experiment without"):
        ClipVectors.from_crops(crops, np.full((len(crops.clip), 2), np.nan, np.float32), 3)


@pytest.mark.parametrize("name", ["ours-gru", "ours-transformer", "ours-frames"])
def test_temporal_networks_learn_what_can_be_seen(name: str, data: ClipVectors) -> None:
    base = experiment(name)
    quick = replace(base, reduced=QUICK, sequence=replace(base.sequence, members=1, width=32))
    train, scored = _halves(data)
    joint = temporal_answers(data, quick, train, scored)
    np.testing.assert_allclose(joint.sum((1, 2)), 1, atol=1e-6)
    assert _right(joint, data, scored) > 0.8
    np.testing.assert_array_equal(joint, temporal_answers(data, quick, train, scored))


def test_machines_learn_what_can_be_seen(data: ClipVectors) -> None:
    train, scored = _halves(data)
    features = statistics_over_time(data)
    joint = machine_answers(features, data, experiment("ours-statistics"), train, scored)
    np.testing.assert_allclose(joint.sum((1, 2)), 1, atol=1e-6)
    assert _right(joint, data, scored) > 0.8


def test_an_emotion_nobody_trained_on_gets_no_share(data: ClipVectors) -> None:
    train, scored = _halves(data)
    features = statistics_over_time(data)
    without = train[data.emotion[train] != 2]
    joint = machine_answers(features, data, experiment("ours-statistics"), without, scored)
    assert joint[:, 2].max() == 0.0


def test_one_emotion_alone_has_all_shares_and_types_are_still_told(data: ClipVectors) -> None:
    train, scored = _halves(data)
    happy = train[data.emotion[train] == 2]
    features = statistics_over_time(data)
    asked = scored[data.emotion[scored] == 2]
    joint = machine_answers(features, data, experiment("ours-statistics"), happy, asked)
    np.testing.assert_allclose(joint[:, 2].sum(1), 1)
    genuine = data.kind[asked] == 0
    assert joint[genuine, 2, 0].mean() > joint[~genuine, 2, 0].mean() + 0.2


def test_machines_say_what_they_lack(data: ClipVectors) -> None:
    train, scored = _halves(data)
    features, plain = statistics_over_time(data), experiment("ours-statistics")
    with pytest.raises(DataError, match="clips of both types"):
        machine_answers(features, data, plain, train[data.kind[train] == 0], scored)
    with pytest.raises(DataError, match="clips of two people"):
        machine_answers(features, data, plain, np.flatnonzero(data.people == 1), scored)


def test_statistics_are_those_of_the_frames_there_are() -> None:
    frames = np.array([[[1.0], [4.0], [2.0], [9.0]]], np.float32)
    there = np.array([[True, True, True, False]])
    one = np.zeros(1, np.int64)
    found = statistics_over_time(ClipVectors(frames, there, one, one, one, 1))
    # mean, spread, highest, lowest, last less first, mean step, mean of 40 to 90 %
    wanted = [7 / 3, float(np.std([1, 4, 2])), 4, 1, 1, 2.5, 3.0]
    np.testing.assert_allclose(found[0], wanted)


def test_pyramid_bins_hold_the_highest_values() -> None:
    maps = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    # Whole; then four bins that overlap in the middle row and column.
    assert pooled(maps, (1, 2))[0].tolist() == [8, 4, 5, 7, 8]
    assert pooled(np.zeros((2, 5, 7, 6), np.float32)).shape == (2, 25)


def test_equalised_crops_use_all_grey_values(crops: CropSet) -> None:
    found = equalised(crops)
    assert found.pixels.shape == crops.pixels.shape
    assert int(found.pixels[0].max()) == 255
    assert int(crops.pixels[0].max()) < 255


@pytest.fixture
def few(crops: CropSet) -> CropSet:
    """Four clips."""
    return replace(
        crops,
        clips=crops.clips[:4],
        pixels=crops.pixels[:12],
        clip=crops.clip[:12],
        measures=crops.measures[:12],
    )


def test_embeddings_made_beside_us_are_not_made_again(
    few: CropSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duchenne.learning.experiments import embedding

    class FinishedMeanwhile:
        """A lock that somebody held who has embedded all of it."""

        def __init__(self, path: Path) -> None:
            self.block = path.with_name("00000000.npz")

        def __enter__(self) -> None:
            np.savez(self.block, vectors=np.zeros((12, 3)), maps=np.zeros((12, 3, 1, 1)))

        def __exit__(self, *_: object) -> None:
            pass

    opened: list[Any] = []
    load = np.load

    def remembered(path: Path) -> Any:
        opened.append(load(path))
        return opened[-1]

    monkeypatch.setattr(embedding, "FileLock", FinishedMeanwhile)
    monkeypatch.setattr(np, "load", remembered)
    assert embedding.embed(few, "emotion_compact", tmp_path).vectors.shape == (12, 3)
    assert [one.zip for one in opened] == [None]  # closed


def test_a_resumed_embedding_is_the_same(few: CropSet, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="learning needs the extra: train")
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.learning.experiments import embedding

    found = embedding.embed(few, "emotion_compact", tmp_path)
    assert found.vectors.shape == (12, 240)
    np.testing.assert_allclose(found.maps.mean((2, 3)), found.vectors, atol=2e-2)
    (place,) = tmp_path.iterdir()
    before = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
    again = embedding.embed(few, "emotion_compact", tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in place.iterdir()} == before
    np.testing.assert_array_equal(again.vectors, found.vectors)
    # What the last layer makes of the vectors is what the shipped classifier says.
    import onnx
    from onnx import numpy_helper

    card = EmotionClassifier("emotion_compact").card
    weights = {w.name: numpy_helper.to_array(w) for w in onnx.load(card.path).graph.initializer}
    logits = found.vectors @ weights["fc.weight"].T + weights["fc.bias"]
    wanted = EmotionClassifier("emotion_compact").logits(few.pixels)
    np.testing.assert_allclose(logits, wanted, atol=1e-3)
