from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from duchenne.errors import DataError
from duchenne.evaluation.statistics.metrics import ClassificationReport, expected_calibration_error

NAMES = ("cat", "dog", "owl")
LABELS = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
CHOICES = [0, 0, 1, 2, 1, 1, 0, 2, 2, 1]


def test_a_case_worked_out_by_hand() -> None:
    report = ClassificationReport.from_predictions(LABELS, CHOICES, NAMES)
    assert report.confusion.tolist() == [[2, 1, 1], [1, 2, 0], [0, 1, 2]]
    assert report.accuracy.value == 0.6
    np.testing.assert_allclose(report.precision, [2 / 3, 2 / 4, 2 / 3])
    np.testing.assert_allclose(report.recall, [2 / 4, 2 / 3, 2 / 3])
    np.testing.assert_allclose(report.f1, [4 / 7, 4 / 7, 2 / 3])
    assert report.macro_f1.value == pytest.approx((4 / 7 + 4 / 7 + 2 / 3) / 3)
    assert report.support.tolist() == [4, 3, 3]
    assert report.calibration_error is None


labelled = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


@given(labelled)
def test_the_matrix_adds_up(pairs: list[tuple[int, int]]) -> None:
    labels, choices = np.array(pairs).T
    report = ClassificationReport.from_predictions(labels, choices, NAMES)
    assert report.rows == len(pairs)
    assert report.confusion.sum(axis=1).tolist() == report.support.tolist()
    assert report.support.tolist() == np.bincount(labels, minlength=3).tolist()
    assert report.accuracy.value == pytest.approx((labels == choices).mean())
    assert 0.0 <= report.macro_f1.low <= report.macro_f1.high <= 1.0


@given(labelled, st.permutations([0, 1, 2]))
def test_renaming_the_classes_changes_nothing(
    pairs: list[tuple[int, int]], order: list[int]
) -> None:
    labels, choices = np.array(pairs).T
    renamed = np.array(order)
    one = ClassificationReport.from_predictions(labels, choices, NAMES)
    other = ClassificationReport.from_predictions(renamed[labels], renamed[choices], NAMES)
    assert other.macro_f1.value == pytest.approx(one.macro_f1.value)
    assert other.accuracy == one.accuracy
    np.testing.assert_allclose(other.f1[renamed], one.f1)


def test_a_perfect_classifier_is_perfect() -> None:
    report = ClassificationReport.from_predictions(LABELS, LABELS, NAMES)
    assert report.accuracy.value == report.accuracy.high == 1.0
    assert report.macro_f1.value == report.macro_f1.low == 1.0


def test_a_class_nobody_names_is_undefined_and_left_out_of_the_mean() -> None:
    report = ClassificationReport.from_predictions([0, 0, 1], [0, 1, 1], NAMES)
    assert np.isnan(report.f1[2])
    assert report.macro_f1.value == pytest.approx(2 / 3)
    assert report.to_dict()["classes"]["owl"] == {
        "precision": None, "recall": None, "f1": None, "support": 0,
    }  # fmt: skip
    json.dumps(report.to_dict(), allow_nan=False)
    assert "nan" not in report.to_text()


def test_probabilities_choose_the_likeliest_class_and_are_checked_for_calibration() -> None:
    scores = np.eye(3)[CHOICES] * 0.7 + 0.1
    report = ClassificationReport.from_predictions(LABELS, scores, NAMES)
    by_choice = ClassificationReport.from_predictions(LABELS, CHOICES, NAMES)
    np.testing.assert_array_equal(report.confusion, by_choice.confusion)
    # Says 0.8 each time, is right 0.6 of the time.
    assert report.calibration_error == pytest.approx(0.2)


def test_calibration_error_is_the_mean_gap_over_bins() -> None:
    # Two rows at 0.9, one right; two rows at 0.6, both right: (|0.9 - 0.5| + |0.6 - 1|) / 2.
    scores = [[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]]
    assert expected_calibration_error([0, 1, 0, 0], scores) == pytest.approx(0.4)


def test_a_sure_and_right_classifier_is_calibrated() -> None:
    assert expected_calibration_error([0, 1], np.eye(2)) == 0.0


def test_groups_widen_the_intervals() -> None:
    rng = np.random.default_rng(0)
    subjects = np.repeat(np.arange(12), 30)
    labels = rng.integers(0, 3, 360)
    # Half of the subjects are read well, half not at all.
    choices = np.where(subjects % 2 == 0, labels, (labels + 1) % 3)
    rows = ClassificationReport.from_predictions(labels, choices, NAMES)
    grouped = ClassificationReport.from_predictions(labels, choices, NAMES, groups=subjects)
    for name in ("accuracy", "macro_f1"):
        narrow, wide = getattr(rows, name), getattr(grouped, name)
        assert wide.value == narrow.value
        assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_tables_say_the_same_as_the_report() -> None:
    report = ClassificationReport.from_predictions(LABELS, CHOICES, NAMES)
    frame = report.to_frame()
    assert list(frame.columns) == ["precision", "recall", "f1", "support"]
    assert frame.loc["dog", "recall"] == pytest.approx(2 / 3)
    assert report.confusion_frame().loc["cat", "owl"] == 1
    assert "60.00 %" in report.to_text()
    assert report.to_dict()["accuracy"]["value"] == 0.6


@pytest.mark.parametrize(
    ("labels", "predicted", "message"),
    [
        ([], [], "no rows"),
        ([0, 1], [0], "2 labels for 1 predictions"),
        ([0, 3], [0, 1], "labels should be whole numbers from 0 to 2"),
        ([0, -1], [0, 1], "labels should be whole numbers"),
        ([0, 1], [0.0, 1.0], "predictions should be whole numbers"),
        ([[0]], [0], "a row of class indices"),
        ([0], [[0.5, 0.5]], "2 probabilities a row for 3 classes"),
        ([0], [[0.5, 0.5, 0.5]], "sum to 1"),
        ([0], [[np.nan, 0.5, 0.5]], "sum to 1"),
        ([0], [[1.5, -0.5, 0.0]], "sum to 1"),
    ],
)
def test_bad_input_is_named(labels: list[int], predicted: ArrayLike, message: str) -> None:
    with pytest.raises(DataError, match=message):
        ClassificationReport.from_predictions(labels, predicted, NAMES)


def test_each_f1_lies_in_its_interval() -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 600)
    predicted = np.where(generator.random(600) < 0.7, labels, generator.integers(0, 3, 600))
    report = ClassificationReport.from_predictions(labels, predicted, ("a", "b", "c"))
    assert [e.value for e in report.f1_intervals] == pytest.approx(report.f1.tolist())
    for each in report.f1_intervals:
        assert each.low < each.value < each.high
        assert each.high - each.low < 0.15
