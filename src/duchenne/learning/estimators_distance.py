"""The nearest-description classifier of Study I as a scikit-learn estimator."""

# X: scikit-learn's tools look for this name.
# ruff: noqa: N803

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from duchenne.evaluation.distances.comparing import PLAIN, Plain, compare, without_person
from duchenne.evaluation.distances.neighbours import nearest, vote
from duchenne.evaluation.statistics.subject_folds import Folds
from duchenne.learning.estimators_checks import ClassifierOfPeople, EstimatorError, people_of

Rows = NDArray[np.float32]


class DistanceClassifier(ClassifierOfPeople, BaseEstimator):  # type: ignore[misc]
    """Names a clip by the clips whose descriptions lie nearest to its own.

    After Lionello, Bucci, Sampaolo and Cecchetti (poster, Study I); its two plain metrics. The
    numbers are those of ``duchenne evaluate distances`` with the same settings, for any table of
    descriptions, usually ``evaluation.distances.descriptions.describe``'s.

    Metadata routing: ``groups`` are asked for by ``fit`` and ``score``, so that with
    ``sklearn.set_config(enable_metadata_routing=True)`` a search hands the people to the estimator
    and to ``GroupKFold`` alike.

    Args:
        metric: ``correlation``, 1 less Pearson's correlation between the standardised numbers of
            two clips; ``euclidean``, root of their mean squared difference.
        n_neighbors: how many vote.
        person_mean: whether each person's own mean over clips is removed first, without labels;
            ``groups`` must then be given everywhere, and several clips of each person.

    Attributes:
        classes_: (classes,) the labels.
        n_features_in_: columns of a description.
        rows_: (n, columns) float32, the clips that it compares with.
        labels_: (n,) places of their labels in ``classes_``.
    """

    def __init__(
        self, metric: Plain = "correlation", n_neighbors: int = 1, person_mean: bool = False
    ) -> None:
        self.metric = metric
        self.n_neighbors = n_neighbors
        self.person_mean = person_mean

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        groups: ArrayLike | None = None,
    ) -> DistanceClassifier:
        """Keep the clips.

        Args:
            X: (n, columns) descriptions, finite.
            y: (n,) labels of two or more classes.
            groups: (n,) who each clip shows; used for ``person_mean`` only.

        Raises:
            EstimatorError: a parameter out of its range, or people are needed and not given.
            ValueError: X or y is no such table.
        """
        if self.metric not in PLAIN:
            known = ", ".join(get_args(Plain))
            raise EstimatorError(f"No plain metric {self.metric!r}; there are: {known}.")
        if self.n_neighbors < 1:
            raise EstimatorError(
                f"A clip is named by at least one neighbour, not {self.n_neighbors}."
            )
        rows, labels = validate_data(self, X, y, dtype=np.float32, ensure_min_samples=2)
        check_classification_targets(labels)
        self.classes_, self.labels_ = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise EstimatorError("Naming clips needs two classes or more, and there is 1 class.")
        self.rows_ = self._of_persons(rows, groups)
        return self

    def predict(self, X: ArrayLike, groups: ArrayLike | None = None) -> NDArray[Any]:
        """(n,) labels: most votes; between equals, those of the nearer neighbours.

        Args:
            X: (n, columns) descriptions.
            groups: (n,) who each clip shows; needed with ``person_mean``.
        """
        _, neighbours = self.kneighbors(X, groups)
        named: NDArray[Any] = self.classes_[vote(neighbours, self.labels_)]
        return named

    def kneighbors(
        self,
        X: ArrayLike,
        groups: ArrayLike | None = None,
    ) -> tuple[Rows, NDArray[np.intp]]:
        """The clips that vote.

        Args:
            X: (n, columns) descriptions.
            groups: (n,) who each clip shows; needed with ``person_mean``.

        Returns:
            (n, k) distances and (n, k) row numbers of ``rows_``, the nearest first; k is
            ``n_neighbors``, or the number of clips where they are fewer.
        """
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float32, reset=False)
        fresh = self._of_persons(rows, groups)
        whole = np.concatenate([self.rows_, fresh])
        apart = compare(whole, _OneFold.after(len(self.rows_), len(fresh)), self.metric)
        apart = apart[len(self.rows_) :, : len(self.rows_)]
        found = nearest(apart, self.n_neighbors)
        return np.take_along_axis(apart, found, axis=1), found

    def _of_persons(self, rows: Rows, groups: ArrayLike | None) -> Rows:
        people = people_of(groups, rows)
        if not self.person_mean:
            return rows
        if people is None:
            raise EstimatorError(
                "Removing each person's mean needs to know the people: give groups, or set "
                "person_mean to False."
            )
        return without_person(rows, people)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # scikit-learn tries classifiers on two numbers a row, whose correlation is 1 or -1.
        tags.classifier_tags.poor_score = self.metric == "correlation"
        return tags


class _OneFold(Folds):
    """Two folds of which the first alone is scored: known clips are not compared again."""

    @classmethod
    def after(cls, known: int, fresh: int) -> _OneFold:
        return cls("subject", np.repeat(np.array([1, 0], np.intp), [known, fresh]))

    def splits(self) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        yield next(super().splits())
