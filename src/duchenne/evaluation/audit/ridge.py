"""A small model that is quick enough to be fitted to a thousand shuffled labels at once.

Ridge regression on indicators of the labels (Hoerl and Kennard, Technometrics 1970), which for two
labels is Fisher's discriminant, shrunk. What it multiplies labels with does not depend on them: one
inversion a fold serves all permutations, so chance is known exactly and not from a formula.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

RIDGE: Final = 0.1
"""Added to the diagonal for each row, and 1 for each column, of standardised inputs."""

FREQUENCIES: Final = 160
_SEED: Final = 7


def scores_out_of_fold(basis: Matrix, targets: Matrix, fold: NDArray[np.intp]) -> Matrix:
    """Scores of each row by a model that never saw its fold.

    Args:
        basis: (n, p) inputs.
        targets: (n, k) indicators, each column a question of its own.
        fold: (n,) which fold each row is scored in.

    Returns:
        (n, k). There is no intercept: it would tell how many of a label the other folds hold.
    """
    inputs = standardised(basis)
    found = np.zeros(targets.shape)
    for number in np.unique(fold):
        test = fold == number
        train = ~test
        middle = inputs[train].mean(axis=0)
        seen = inputs[train] - middle
        wanted = targets[train] - targets[train].mean(axis=0)
        found[test] = (inputs[test] - middle) @ _weights(seen, wanted)
    return found


def _weights(inputs: Matrix, targets: Matrix) -> Matrix:
    rows, columns = inputs.shape
    ridge = RIDGE * rows + columns
    if columns <= rows:
        gram = inputs.T @ inputs + ridge * np.eye(columns)
        return np.asarray(np.linalg.solve(gram, inputs.T @ targets))
    gram = inputs @ inputs.T + ridge * np.eye(rows)
    return np.asarray(inputs.T @ np.linalg.solve(gram, targets))


def standardised(values: Matrix) -> Matrix:
    """(n, p) to mean 0 and standard deviation 1, without the columns that do not vary."""
    spread = values.std(axis=0)
    varies = spread > 1e-9 * (1 + np.abs(values).max(axis=0, initial=0.0))
    return np.asarray((values[:, varies] - values[:, varies].mean(axis=0)) / spread[varies])


def ranked(values: Matrix) -> Matrix:
    """(n, p) as ranks from -1 to 1, ties at their middle; what is not known stands at 0.

    Ranks need no labels, and an outlier weighs no more than its neighbour.
    """
    known = np.isfinite(values)
    ranks = average_ranks(np.where(known, values, np.inf))
    last = np.maximum(known.sum(axis=0) - 1, 1)
    return np.where(known, 2 * ranks / last - 1, 0.0)


def additive_basis(values: Matrix) -> Matrix:
    """(n, p) to (n, up to 4 p): Legendre polynomials of degree 1 to 3 of the ranks, and what is
    missing. So a label may lie high, low, in the middle or at both ends of a nuisance.
    """
    x = ranked(values)
    curves = [x, (3 * x**2 - 1) / 2, (5 * x**3 - 3 * x) / 2]
    missing = (~np.isfinite(values)).astype(np.float64)
    return np.concatenate([*curves, missing], axis=1)


def joint_basis(values: Matrix) -> Matrix:
    """(n, p) to (n, 160): random Fourier features of the ranks (Rahimi and Recht, NIPS 2007).

    They approximate a Gaussian kernel, for what only two nuisances together tell.
    """
    x = standardised(ranked(values))
    columns = max(1, x.shape[1])
    generator = np.random.default_rng(_SEED)
    waves = generator.normal(0, 1 / np.sqrt(columns), (x.shape[1], FREQUENCIES))
    return np.cos(x @ waves + generator.uniform(0, 2 * np.pi, FREQUENCIES))


def average_ranks(values: Matrix) -> Matrix:
    """(n, k) ranks from 0 within each column; equal values share the mean of their ranks."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    place = np.broadcast_to(np.arange(len(values))[:, None], values.shape)
    fresh = np.ones(values.shape, bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(fresh, place, 0), axis=0)
    ends = np.ones(values.shape, bool)
    ends[:-1] = fresh[1:]
    last = np.minimum.accumulate(np.where(ends, place, len(values))[::-1], axis=0)[::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, (first + last) / 2, axis=0)
    return ranks
