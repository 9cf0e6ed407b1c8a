from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("lightning", reason="learning needs the extra: train")

from tests.crop_sets import tiny_crops

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import fer_crop
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.learning.experiments.catalogue import experiment
from duchenne.learning.experiments.config import Plan, Size
from duchenne.learning.experiments.data import SampleBatches, network_input, samples_of
from duchenne.learning.experiments.module import macro_precision


@pytest.fixture(scope="module")
def crops() -> CropSet:
    return tiny_crops(people=3, frames=11)


def _plan(name: str, frames: int, side: int | None = 32) -> Plan:
    size = Size(side, frames, 1, 8)
    return Plan(replace(experiment(name), reduced=size), "reduced", "none")


def test_frames_come_from_the_middle_of_a_clip(crops: CropSet) -> None:
    samples = samples_of(crops, _plan("4.3-vgg16", 3, side=112))
    assert samples.pixels.shape == (3 * len(crops.clips), 112, 112)
    # Frames 4 to 9 of 0 to 10 are 40 to 90 %.
    first = [int((crops.pixels[:11] == frame).all((1, 2)).argmax()) for frame in samples.pixels[:3]]
    assert first == [4, 6, 9]
    np.testing.assert_array_equal(samples.labels[:, 0], crops.emotion[samples.clip])
    np.testing.assert_array_equal(samples.labels[:, 1], crops.kind[samples.clip])


def test_sequences_span_the_whole_clip(crops: CropSet) -> None:
    samples = samples_of(crops, _plan("4.7-cnn3d-sgd", 4, side=112))
    assert samples.pixels.shape == (len(crops.clips), 4, 112, 112)
    np.testing.assert_array_equal(samples.pixels[0, 0], crops.pixels[0])
    np.testing.assert_array_equal(samples.pixels[0, -1], crops.pixels[10])


def test_short_clips_give_what_they_have_or_repeat() -> None:
    short = tiny_crops(people=3, frames=2)
    assert len(samples_of(short, _plan("4.3-vgg16", 5)).clip) == 2 * len(short.clips)
    assert samples_of(short, _plan("4.7-lstm", 5)).pixels.shape[1] == 5


def test_our_networks_see_the_face_where_fer2013_has_it(crops: CropSet) -> None:
    samples = samples_of(crops, _plan("4.3-student", 1, side=None))
    place = int((samples.clip == 0).argmax())
    middle = fer_crop(crops.pixels[4])
    np.testing.assert_array_equal(samples.pixels[place], middle)


def test_pictures_are_made_small_but_never_larger(crops: CropSet) -> None:
    assert samples_of(crops, _plan("4.3-vgg16", 1, side=32)).pixels.shape[1:] == (32, 32)
    assert samples_of(crops, _plan("4.3-vgg16", 1, side=224)).pixels.shape[1:] == (112, 112)


def test_a_batch_needs_as_many_rows(crops: CropSet) -> None:
    samples = samples_of(crops, _plan("4.3-vgg16", 1))
    with pytest.raises(DataError, match="do not fill one batch"):
        SampleBatches(samples.of(np.array([0, 1])), samples, _plan("4.3-vgg16", 1))


def test_inputs_lie_from_minus_one_to_one() -> None:
    pixels = torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1)
    assert network_input(pixels).flatten().tolist() == [-1.0, 1.0]
    assert network_input(torch.zeros(2, 5, 4, 4, dtype=torch.uint8)).shape == (2, 1, 5, 4, 4)


def test_macro_precision_is_the_mean_over_classes() -> None:
    labels, named = torch.tensor([0, 0, 1, 2]), torch.tensor([0, 1, 1, 1])
    # Class 0: 1 of 1; class 1: 1 of 3; class 2: never called.
    assert macro_precision(labels, named, 3) == pytest.approx((1 + 1 / 3 + 0) / 3)
