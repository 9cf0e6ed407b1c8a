"""From surrogates to decisions: which windows of which features are synchronous beyond chance.

p-values count the data among their surrogates, (1 + exceeding) / (1 + all), so that none is 0
(Phipson and Smyth 2010). The tails, above and below, are tested apart, each at ``alpha``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duchenne.synchrony.clusters import heaviest, weights

Values = NDArray[np.float64]


@dataclass(eq=False)
class Tail:
    """One tail, gathered feature by feature; the lower one is fed with everything negated.

    Attributes:
        alpha: error rate.
        highest: (surrogates, n) highest t-ISC over the features so far.
        heaviest: (surrogates,) greatest weight of a run over the features so far.
        p: (n,) for each feature: against its own surrogates, all windows together.
        weights: (n,) for each feature: each window's run's weight.
    """

    alpha: float
    highest: NDArray[np.float32] | None = None
    heaviest: Values | None = None
    p: list[Values] = field(default_factory=list)
    weights: list[Values] = field(default_factory=list)

    def add(self, isc: Values, null: NDArray[np.float32]) -> None:
        """One more feature: (n,) t-ISC and (surrogates, n) of its surrogates."""
        pool = np.sort(null[np.isfinite(null)])
        self.p.append(p_values(isc, pool))
        # Runs are made of windows that chance alone exceeds at the rate alpha.
        threshold = float(np.quantile(pool, 1 - self.alpha)) if len(pool) else np.inf
        self.weights.append(weights(isc, threshold))
        runs = heaviest(null, threshold)
        if self.highest is None or self.heaviest is None:
            self.highest, self.heaviest = null.copy(), runs
        else:
            np.fmax(self.highest, null, out=self.highest)
            np.maximum(self.heaviest, runs, out=self.heaviest)

    def corrected(self, isc: Values, correction: str) -> tuple[Values, Values]:
        """p-values with a correction.

        Args:
            isc: (n, features) t-ISC.
            correction: ``max``, ``features``, ``cluster`` or ``fdr``.

        Returns:
            (n, features) p, NaN where t-ISC is, and the (n,) threshold that t-ISC must exceed;
            NaN where a correction has no threshold of t-ISC.
        """
        assert self.highest is not None
        assert self.heaviest is not None
        none = np.full(len(isc), np.nan)
        if correction == "fdr":
            return false_discovery(np.stack(self.p, axis=1)), none
        if correction == "cluster":
            found = p_values(np.stack(self.weights, axis=1), np.sort(self.heaviest))
            return np.where(np.isfinite(isc), found, np.nan), none
        if correction == "max":
            peaks = np.sort(_peak(self.highest))
            return p_values(isc, peaks), np.full(len(isc), threshold_of(peaks, self.alpha))
        columns = [np.sort(column[np.isfinite(column)]) for column in self.highest.T]
        found = np.stack([p_values(row, c) for row, c in zip(isc, columns, strict=True)])
        return found, np.array([threshold_of(column, self.alpha) for column in columns])


def p_values(values: Values, null: NDArray[Any]) -> Values:
    """Share of the sorted surrogates that reach each value, the value itself counted among them."""
    reaching = len(null) - np.searchsorted(null, values)
    return np.where(np.isfinite(values), (1 + reaching) / (1 + len(null)), np.nan)


def threshold_of(null: NDArray[Any], alpha: float) -> float:
    """What a value must exceed for p <= alpha: near the 95th percentile of sorted surrogates."""
    rank = int(alpha * (len(null) + 1) + 1e-9)
    return float(null[-rank]) if 0 < rank <= len(null) else np.inf


def false_discovery(p: Values) -> Values:
    """Benjamini and Hochberg's (1995) adjusted p of all finite ones together, any shape."""
    known = np.isfinite(p)
    found = np.full(p.shape, np.nan)
    values = p[known]
    order = np.argsort(-values, kind="stable")
    scaled = values[order] * len(values) / np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    found[known] = adjusted
    return found


def _peak(highest: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.where(np.isfinite(highest), highest, -np.inf).max(axis=1))
