from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from duchenne.errors import ModelError
from duchenne.evaluation.datasets.face_attributes import HEADS
from duchenne.evaluation.emotion.attribute_network import AttributeEvaluation, AttributeNetwork
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.weights.card import ModelCard

SETTINGS = {"heads": {head: list(classes) for head, classes in HEADS.items()}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "answers emotion, not attributes"),
        ({"task": "attributes"}, "does not name the heads emotion, gender, age, ethnicity"),
        (
            {"task": "attributes", "settings": {"heads": {"age": ["old"]}}},
            "does not name the heads",
        ),
        ({"task": "attributes", "settings": {"heads": ["age"]}}, "does not name the heads"),
        ({"task": "attributes", "settings": SETTINGS}, "has no output 'emotion' of 7 classes"),
    ],
)
def test_other_files_are_refused(
    changes: dict[str, Any], message: str, tiny_model: ModelCard
) -> None:
    with pytest.raises(ModelError, match=message):
        AttributeNetwork(replace(tiny_model, **changes))


def test_a_file_that_is_no_network_is_named(tiny_model: ModelCard) -> None:
    tiny_model.path.write_bytes(b"nothing")
    card = replace(tiny_model, task="attributes", settings=SETTINGS)
    with pytest.raises(ModelError, match="cannot be run by ONNX Runtime"):
        AttributeNetwork(card)


def test_beside_each_accuracy_stands_the_blind_answers() -> None:
    truth, answers = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 0])
    report = ClassificationReport.from_predictions(truth, answers, HEADS["gender"])
    evaluation = AttributeEvaluation("RAF-DB Test", 9, {"gender": report})
    result = evaluation.result("duchenne ...")
    values = {figure.name: figure.value for figure in result.figures}
    assert (values["gender_accuracy"], values["gender_most_frequent_class"]) == (0.5, 0.75)
    assert result.rows == 9
    line = "gender: accuracy 50.00 % of 4 rows (always answering the most frequent class: 75.00 %)"
    assert evaluation.to_text() == line
