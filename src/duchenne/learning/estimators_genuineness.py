"""The machine behind the shipped genuineness models as a scikit-learn estimator."""

# X: scikit-learn's tools look for this name.
# ruff: noqa: N803

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import (
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from duchenne.genuineness.clip_model import CLASSES, KernelModel
from duchenne.learning.estimators_checks import ClassifierOfPeople, EstimatorError, people_of
from duchenne.learning.genuineness_default import thresholds
from duchenne.learning.genuineness_kernel import INNER, Fitted, Rows, fit_kernel, too_little

Matrix = NDArray[np.float64]


class GenuinenessClassifier(ClassifierOfPeople, BaseEstimator):  # type: ignore[misc]
    """Tells spontaneous from posed displays: normal scores, a rotation, a Gaussian kernel.

    The default model of ``duchenne train genuineness`` for any table of two kinds of clips, usually
    ``genuineness.clip_inputs``. C, the kernel's width, calibration, band and familiarity come from
    inner folds in which nobody is on both sides: give ``groups``, or what people look like leaks
    into all of them. NaN counts as typical.

    What it says is about displays: near 1 resembles the recordings labelled genuine. It does not
    tell what anybody experiences.

    Metadata routing: ``groups`` are asked for by ``fit`` and ``score``, so that with
    ``sklearn.set_config(enable_metadata_routing=True)`` a search hands the people to the estimator
    and to ``GroupKFold`` alike.

    Args:
        by_person: also look at how a clip differs from the same person's others; it then matters
            to every method which rows are given together, with which ``groups``.
        genuine: the label of spontaneous displays; None takes "genuine" where there is that label,
            else the larger one (1, True).
        random_state: of the deal of people into inner folds.

    Attributes:
        classes_: (2,) the labels, sorted.
        genuine_: the label of spontaneous displays.
        n_features_in_: inputs of a clip.
        learned_from_: (n,) bool of the original rows, True for genuine, and (n,) whose they are
            (row numbers where nobody said).
        fitted_: the machine with its calibration (``learning.genuineness_kernel.Fitted``).
        band_: p this near to one half is no better than a coin, 0 to 0.3.
        least_familiarity_: below it a clip is unlike those that were learned from, 0 to 1.
    """

    def __init__(self, by_person: bool = False, genuine: Any = None, random_state: int = 0) -> None:
        self.by_person = by_person
        self.genuine = genuine
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        groups: ArrayLike | None = None,
        original: ArrayLike | None = None,
    ) -> GenuinenessClassifier:
        """Choose the settings, calibrate, and fit.

        Args:
            X: (n, inputs); NaN counts as typical, infinity is refused.
            y: (n,) labels of two classes.
            groups: (n,) whose clips they are, four people or more; None: nobody said, and rows are
                dealt at random, each kind evenly, which flatters where people have several.
            original: (n,) bool, False for noisy or cut copies of other rows, which teach but do
                not calibrate; None: all are.

        Raises:
            EstimatorError: not two classes, or too few people or clips of a kind.
            ValueError: X or y is no such table.
        """
        inputs, labels = validate_data(
            self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2
        )
        self.classes_ = _two_classes(labels)
        self.genuine_ = _genuine_label(self.classes_, self.genuine)
        genuine = np.asarray(labels == self.genuine_, bool)
        people = people_of(groups, inputs)
        if people is None:
            people = _dealt(genuine, self.random_state)
        kept = np.full(len(genuine), True) if original is None else column_or_1d(original)
        check_consistent_length(inputs, kept)
        rows = Rows(inputs, genuine, people, np.asarray(kept, bool))
        why = too_little(rows, self.random_state)
        if why is not None:
            raise EstimatorError(why)
        whose = np.arange(len(people)) if groups is None else people
        self.learned_from_ = (genuine[rows.original], whose[rows.original])
        self.fitted_: Fitted = fit_kernel(rows, self.by_person, self.random_state)
        self.band_, self.least_familiarity_ = thresholds(self.fitted_, self.learned_from_[0])
        return self

    def decision_function(
        self,
        X: ArrayLike,
        groups: ArrayLike | None = None,
    ) -> Matrix:
        """(n,) calibrated log odds of ``classes_[1]``.

        Args:
            X: (n, inputs).
            groups: (n,) whose clips they are; matters with ``by_person`` only, where each row is
                taken for a person of its own if nobody says.
        """
        value, _ = self._seen(X, groups)
        odds = self._log_odds(value)
        return odds if self.classes_[1] == self.genuine_ else -odds

    def predict(self, X: ArrayLike, groups: ArrayLike | None = None) -> NDArray[Any]:
        """(n,) labels, never undecided (see ``undecided``); arguments as above."""
        odds = self.decision_function(X, groups)
        named: NDArray[Any] = self.classes_[(odds > 0).astype(np.intp)]
        return named

    def predict_proba(
        self,
        X: ArrayLike,
        groups: ArrayLike | None = None,
    ) -> Matrix:
        """(n, 2) probabilities in the order of ``classes_``; they hold where both kinds are equally
        common, and were calibrated (Platt 1999) on people that the machine had not seen.
        """
        value, _ = self._seen(X, groups)
        p = self.fitted_.curve(value)
        both = np.column_stack([1 - p, p])
        return both if self.classes_[1] == self.genuine_ else both[:, ::-1]

    def familiarity(self, X: ArrayLike, groups: ArrayLike | None = None) -> Matrix:
        """(n,) 0 to 1, how near the nearest clip lies that was learned from."""
        return self._seen(X, groups)[1]

    def undecided(
        self,
        X: ArrayLike,
        groups: ArrayLike | None = None,
    ) -> NDArray[np.bool_]:
        """(n,) True where a verdict should be withheld: p inside the band, or a strange clip."""
        value, familiarity = self._seen(X, groups)
        inside = np.abs(self.fitted_.curve(value) - 0.5) < self.band_
        return np.asarray(inside | (familiarity < self.least_familiarity_))

    def to_onnx(
        self, path: str | Path, *, data: str, licence: str, names: Sequence[str] | None = None
    ) -> KernelModel:
        """Write the machine as an ``.onnx`` file with its card, to be used without scikit-learn.

        Args:
            path: where the weight file goes; its stem becomes the model's name.
            data: what it was fitted on, with its source.
            licence: of the weights.
            names: of the inputs; None takes those of the fitted table, else x0, x1 ...

        Returns:
            The written model; ``KernelModel(path)`` of ``genuineness.clip_model`` opens it again.

        Raises:
            EstimatorError: another number of names than inputs, or no ``.onnx`` file.
            DataError: the file cannot be written.
            ModelError: it says something else than the estimator, or the card cannot be written.
        """
        from duchenne.learning.estimators_onnx import About, write_model

        check_is_fitted(self)
        if names is None:
            known = getattr(self, "feature_names_in_", range(self.n_features_in_))
            names = [name if isinstance(name, str) else f"x{name}" for name in known]
        return write_model(self, Path(path), About(data, licence, tuple(names)))

    def _seen(self, X: ArrayLike, groups: ArrayLike | None) -> tuple[Matrix, Matrix]:
        """The machine's values and familiarities."""
        check_is_fitted(self)
        inputs = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False
        )
        people = people_of(groups, inputs)
        if people is None:
            people = np.arange(len(inputs))
        return self.fitted_.machine(inputs, people)

    def _log_odds(self, value: Matrix) -> Matrix:
        """Log odds of genuine; the probability's own would be infinite far out."""
        curve = self.fitted_.curve
        return curve.slope * (value - curve.centre) / curve.spread + curve.offset

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags


def _two_classes(labels: NDArray[Any]) -> NDArray[Any]:
    check_classification_targets(labels)
    classes: NDArray[Any] = np.unique(labels)
    if len(classes) > 2:
        # The first sentence is scikit-learn's own: its tools look for it.
        raise EstimatorError(
            "Only binary classification is supported. The type of the target is "
            f"{type_of_target(labels)}: give the labels {' and '.join(CLASSES)}, or any two."
        )
    if len(classes) < 2:
        raise EstimatorError(
            "Training needs clips of both types, genuine and posed, and there is 1 class."
        )
    return classes


def _genuine_label(classes: NDArray[Any], asked: Any) -> Any:
    if asked is None:
        asked = "genuine" if "genuine" in classes.tolist() else classes[1]
    if asked not in classes.tolist():
        raise EstimatorError(
            f"No clip has the label {asked!r} that is said to mean genuine; "
            f"there are: {', '.join(map(repr, classes.tolist()))}."
        )
    return asked


def _dealt(genuine: NDArray[np.bool_], seed: int) -> NDArray[np.intp]:
    """(n,) as many makeshift people as there are inner folds, each kind dealt evenly."""
    shuffled = np.random.default_rng(seed).permutation(len(genuine))
    by_kind = shuffled[np.argsort(genuine[shuffled], kind="stable")]
    people = np.empty(len(genuine), np.intp)
    people[by_kind] = np.arange(len(genuine)) % INNER
    return people
