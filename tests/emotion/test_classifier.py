from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duchenne.emotion.classifier import DEFAULT, EmotionClassifier, softmax
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import ModelError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.weights.card import WEIGHTS, ModelCard, sha256_of

shipped = pytest.mark.skipif(
    not (WEIGHTS / f"{DEFAULT}.onnx").exists(), reason="no weights are shipped yet"
)


def test_each_face_gets_probabilities(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    probabilities = EmotionClassifier(tiny_model.path).predict(tiny_fer.images)
    assert probabilities.shape == (len(tiny_fer), 7)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(probabilities.argmax(axis=1)[:161], tiny_fer.labels[:161])


def test_faces_of_a_batch_do_not_mix(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    classifier = EmotionClassifier(tiny_model)
    together = classifier.predict(tiny_fer.images[:70])
    alone = np.concatenate([classifier.predict(image[None]) for image in tiny_fer.images[:70]])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_no_face_gives_no_rows(tiny_model: ModelCard) -> None:
    assert EmotionClassifier(tiny_model).predict(np.zeros((0, 48, 48), np.uint8)).shape == (0, 7)


def test_the_input_is_scaled_as_the_card_says(tiny_model: ModelCard) -> None:
    # Its weights sum to nothing, so that the offset falls out and the scale remains.
    crop = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    scaled = EmotionClassifier(tiny_model).logits(crop)
    raw = replace(tiny_model, input=replace(tiny_model.input, scale=1.0, offset=0.0))
    np.testing.assert_allclose(EmotionClassifier(raw).logits(crop), 127.5 * scaled, atol=0.02)
    assert np.abs(scaled).max() > 0.05


def test_temperature_softens_without_changing_the_order(
    tiny_model: ModelCard, tiny_fer: Fer2013
) -> None:
    plain = EmotionClassifier(tiny_model).predict(tiny_fer.images)
    soft = EmotionClassifier(replace(tiny_model, temperature=3.0)).predict(tiny_fer.images)
    np.testing.assert_array_equal(soft.argmax(axis=1), plain.argmax(axis=1))
    assert (soft.max(axis=1) < plain.max(axis=1)).all()


@pytest.mark.parametrize(
    "crops",
    [
        np.zeros((48, 48), np.uint8),
        np.zeros((1, 48, 47), np.uint8),
        np.zeros((1, 48, 48, 3), np.uint8),
        np.zeros((1, 48, 48), np.float32),
    ],
)
def test_other_shapes_are_told(crops: np.ndarray, tiny_model: ModelCard) -> None:
    with pytest.raises(ValueError, match=r"\(n, 48, 48\) uint8 grey, got \("):
        EmotionClassifier(tiny_model).predict(crops)


@pytest.mark.parametrize(
    "changes", [{"task": "genuineness"}, {"classes": EMOTIONS[::-1]}, {"classes": ()}]
)
def test_a_model_for_something_else_is_refused(
    changes: dict[str, Any], tiny_model: ModelCard
) -> None:
    with pytest.raises(ModelError, match="not the emotions"):
        EmotionClassifier(replace(tiny_model, **changes))


def test_other_classes_are_taken_when_asked_for(tiny_model: ModelCard, tiny_fer: Fer2013) -> None:
    other = replace(tiny_model, classes=tuple("abcdefg"))
    classifier = EmotionClassifier(other, classes=None)
    np.testing.assert_array_equal(
        classifier.predict(tiny_fer.images[:3]),
        EmotionClassifier(tiny_model).predict(tiny_fer.images[:3]),
    )
    assert EmotionClassifier(other, classes=other.classes).card.classes[0] == "a"
    with pytest.raises(ModelError, match="not the emotions anger, joy"):
        EmotionClassifier(other, classes=("anger", "joy"))


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ((), "two or more different classes"),
        (("happy",), "two or more different classes"),
        (("happy", "happy"), "two or more different classes"),
        (EMOTIONS[:5], "has 7 outputs, but its card names 5 classes"),
    ],
)
def test_a_card_that_does_not_fit_its_network_is_refused(
    classes: tuple[str, ...], message: str, tiny_model: ModelCard
) -> None:
    with pytest.raises(ModelError, match=message):
        EmotionClassifier(replace(tiny_model, classes=classes), classes=None)


def test_a_file_that_is_no_network_is_refused(tiny_model: ModelCard) -> None:
    tiny_model.path.write_bytes(b"not a network")
    replace(tiny_model, sha256=sha256_of(tiny_model.path)).save()
    with pytest.raises(ModelError, match="cannot be run"):
        EmotionClassifier(tiny_model.path)


@given(arrays(np.float32, (3, 7), elements=st.floats(-3e4, 3e4, width=32)))
def test_softmax_is_a_probability_for_logits_of_any_size(logits: np.ndarray) -> None:
    probabilities = softmax(logits)
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    top = logits[np.arange(3), probabilities.argmax(axis=1)]
    # Logits nearer to each other than float32 can tell share their probability.
    np.testing.assert_allclose(top, logits.max(axis=1), atol=1e-6, rtol=1e-6)


def test_importing_the_classifier_loads_no_runtime() -> None:
    code = "import sys, duchenne.emotion.classifier; print('onnxruntime' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


@shipped
def test_the_shipped_model_gives_probabilities_and_shows_its_card() -> None:
    classifier = EmotionClassifier()
    assert classifier.card.name == DEFAULT
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    probabilities = classifier.predict(crops)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(probabilities, classifier.predict(crops))
