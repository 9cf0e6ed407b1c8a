"""Inter-subject correlations of windows, exactly: in double precision and with missing samples.

Pairwise and leave-one-out correlation after Hasson et al. (Science 2004) and Nastase, Gazzola,
Hasson and Keysers (SCAN 2019).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]

# What rounding leaves of a variance that is zero, over the sum of squares that it came from.
_NOTHING: Final = 1e-12
# Fisher's z of a perfect correlation is endless; this one is 7.6.
_HIGHEST: Final = 1 - 1e-6


def pair_correlations(windows: NDArray[Any], least: int) -> Values:
    """Every two people's correlation over the samples that both have.

    Args:
        windows: (people, n, length), NaN where a sample is missing.
        least: samples that two people must share.

    Returns:
        (n, people, people) float64 from -1 to 1, symmetric; NaN on the diagonal, where two people
        share fewer samples, and where one does not change.
    """
    x = np.swapaxes(np.asarray(windows, np.float64), 0, 1)
    seen = np.isfinite(x)
    centred = np.where(seen, x - _mean(x, seen), 0.0)
    # Rounding makes a constant look alive: its window is judged by its range.
    alive = _range(x, seen) > 0
    found = _whole(centred) if seen.all() else _masked(centred, seen.astype(np.float64), least)
    found[~(alive[:, :, None] & alive[:, None, :])] = np.nan
    people = np.arange(x.shape[1])
    found[:, people, people] = np.nan
    return np.clip(found, -1.0, 1.0)


def left_out_correlations(windows: NDArray[Any], least: int, ranked: bool = False) -> Values:
    """Each person's correlation with the mean of the others, where there are any.

    Args:
        windows: (people, n, length), NaN where a sample is missing.
        least: samples that a person must share with the others.
        ranked: correlate ranks: Spearman's.

    Returns:
        (n, people) float64 from -1 to 1, NaN as in ``pair_correlations``.
    """
    x = np.swapaxes(np.asarray(windows, np.float64), 0, 1)
    seen = np.isfinite(x)
    filled = np.where(seen, x, 0.0)
    # Constant people take no part, as nobody knows whether they took part at all.
    alive = _range(x, seen) > 0
    seen, filled = seen & alive[..., None], filled * alive[..., None]
    number = seen.sum(axis=1, keepdims=True) - seen
    both = seen & (number > 0)
    others = (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(number, 1)
    if ranked:
        x = ranks(np.where(both, x, np.nan))
        others = ranks(np.where(both, others, np.nan))
    return _paired(x, others, both, least)


def ranks(windows: NDArray[Any]) -> Values:
    """(..., length) values to their ranks in each window, ties shared, NaN kept."""
    flat = np.asarray(windows, np.float64).reshape(-1, windows.shape[-1])
    return np.asarray(pd.DataFrame(flat.T).rank().to_numpy().T).reshape(windows.shape)


def averaged(correlations: Values, average: str) -> Values:
    """(..., k) correlations to their mean over the last axis, NaN where none is known.

    Args:
        correlations: from -1 to 1, NaN where unknown.
        average: ``r``, or ``z``: the mean of Fisher's z, back as a correlation.
    """
    values = to_z(correlations) if average == "z" else correlations
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    means = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return np.asarray(np.tanh(means) if average == "z" else means)


def to_z(correlations: Values) -> Values:
    """Fisher's z; a perfect correlation is taken as 0.999999."""
    return np.asarray(np.arctanh(np.clip(correlations, -_HIGHEST, _HIGHEST)))


def above_diagonal(pairs: Values) -> Values:
    """(..., people, people) to each pair once, (..., pairs)."""
    return np.asarray(pairs[(..., *np.triu_indices(pairs.shape[-1], 1))])


def _mean(x: Values, seen: NDArray[np.bool_]) -> Values:
    total = np.where(seen, x, 0.0).sum(axis=-1, keepdims=True)
    return np.asarray(total / np.maximum(seen.sum(axis=-1, keepdims=True), 1))


def _range(x: Values, seen: NDArray[np.bool_]) -> Values:
    return np.asarray(
        np.where(seen, x, -np.inf).max(axis=-1) - np.where(seen, x, np.inf).min(axis=-1)
    )


def _whole(centred: Values) -> Values:
    norms = np.sqrt((centred**2).sum(axis=-1, keepdims=True))
    unit = np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 0)
    return np.asarray(unit @ unit.swapaxes(1, 2))


def _masked(x: Values, seen: Values, least: int) -> Values:
    """Pairwise complete: sums over the samples of both, as products of matrices."""
    other = seen.swapaxes(1, 2)
    number, total, squares = seen @ other, x @ other, (x**2) @ other
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = x @ x.swapaxes(1, 2) - total * total.swapaxes(1, 2) / number
        variance = squares - total**2 / number
        variance[variance <= _NOTHING * squares] = np.nan
        found = covariance / np.sqrt(variance * variance.swapaxes(1, 2))
    found[number < max(least, 2)] = np.nan
    return np.asarray(found)


def _paired(one: Values, other: Values, both: NDArray[np.bool_], least: int) -> Values:
    number = both.sum(axis=-1)
    a = np.where(both, one - _mean(one, both), 0.0)
    b = np.where(both, other - _mean(other, both), 0.0)
    squares = (a**2).sum(axis=-1) * (b**2).sum(axis=-1)
    level = np.where(both, other**2, 0.0).sum(axis=-1) * (a**2).sum(axis=-1)
    known = (number >= max(least, 2)) & (squares > _NOTHING * level) & (squares > 0)
    product = (a * b).sum(axis=-1)
    found = np.full(squares.shape, np.nan)
    np.divide(product, np.sqrt(squares), out=found, where=known)
    return np.clip(found, -1.0, 1.0)
