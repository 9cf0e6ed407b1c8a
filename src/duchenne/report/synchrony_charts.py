"""Curves of t-ISC over time, ready for the template: paths in a chart 100 units high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.names import ACTION_UNITS
from duchenne.report.paths import WIDTH, area, bars, line
from duchenne.report.thinning import group_size, thin_extremes, thin_means, thin_times
from duchenne.synchrony.peaks import Agreement
from duchenne.synchrony.synchrony import Synchrony

Values = NDArray[np.float64]

HEIGHT: Final = 100
MOST_CURVES: Final = 8


@dataclass(frozen=True)
class Curve:
    """One chart.

    Attributes:
        name: what is drawn.
        said: a line about it.
        path: of the curve.
        band: of its interval, "" where it has none.
        found: blocks over the windows beyond chance.
        zero: y of 0.
        limits: paths of the thresholds.
        top: the highest value of the scale, in words.
        bottom: the lowest.
    """

    name: str
    said: str
    path: str
    band: str
    found: str
    zero: float
    limits: str
    top: str
    bottom: str


def middles(synchrony: Synchrony) -> Values:
    """(n,) s, the middles of the windows."""
    return np.asarray((synchrony.starts + synchrony.ends) / 2)


def places(synchrony: Synchrony) -> Values:
    """(n,) x of the middles; the whole width is the time from the first start to the last end."""
    begin, end = float(synchrony.starts[0]), float(synchrony.ends[-1])
    return np.asarray((middles(synchrony) - begin) / (end - begin) * WIDTH)


def curves(synchrony: Synchrony) -> list[Curve]:
    """The mean over features, and the features that are most often synchronous."""
    x, group = places(synchrony), group_size(len(synchrony.starts))
    found = []
    if len(synchrony.features) > 1:
        mean, low, high = synchrony.window_means.T
        said = f"mean of {len(synchrony.features)} features; band: 95 % over people"
        nothing = np.zeros(len(x), bool)
        found.append(_curve("All features", said, x, mean, (low, high), nothing, None, group))
    only = len(synchrony.features) == 1
    for feature in strongest(synchrony)[:MOST_CURVES]:
        share = synchrony.shares[feature]
        said = f"above chance in {100 * share:.0f} % of the windows"
        band = tuple(synchrony.window_means.T[1:]) if only else None
        found.append(
            _curve(
                named(synchrony.features[feature]),
                said,
                x,
                synchrony.isc[:, feature],
                band,
                synchrony.significant[:, feature] == 1,
                (synchrony.lower, synchrony.upper),
                group,
            )
        )
    return found


def agreement_curve(synchrony: Synchrony, agreement: Agreement) -> Curve:
    """The share of raters with a peak, and what chance makes of it."""
    limit = np.full(len(agreement.share), agreement.threshold)
    return _curve(
        "Raters with a peak", f"share of {len(agreement.people)} raters", places(synchrony),
        agreement.share, None, agreement.share > agreement.threshold, (np.full(1, np.nan), limit),
        group_size(len(limit)),
    )  # fmt: skip


def strongest(synchrony: Synchrony) -> list[int]:
    """Features from the most synchronous on: by windows above chance, then by their mean."""
    means = np.nan_to_num(synchrony.feature_means[:, 0], nan=-1.0)
    return [int(k) for k in np.lexsort((-means, -synchrony.shares))]


def named(feature: str) -> str:
    """A feature as people call it: ``AU12_r`` is ``AU12 lip corner puller``."""
    unit = feature.removesuffix("_r")
    if feature.endswith("_r") and unit in ACTION_UNITS:
        return f"{unit} {ACTION_UNITS[unit]}"
    return feature.removeprefix("emotion_").removeprefix("bs_").replace("_", " ")


def _curve(  # noqa: PLR0913, PLR0917 - what a chart consists of
    name: str,
    said: str,
    x: Values,
    values: Values,
    band: tuple[Values, ...] | None,
    found: NDArray[np.bool_],
    limits: tuple[Values, Values] | None,
    group: int,
) -> Curve:
    known = [values, *(band or ()), *(limits or ())]
    finite = np.concatenate([part[np.isfinite(part)] for part in known] + [np.zeros(1)])
    low, high = float(finite.min()), float(max(finite.max(), 1e-3))

    def y(part: Values) -> Values:
        return np.asarray(HEIGHT * (high - part) / (high - low))

    drawn = "".join(
        line(np.array([0.0, WIDTH]), np.full(2, y(part)[0]))
        if np.ptp(part) == 0
        else line(x, y(part))
        for part in limits or ()
        if np.isfinite(part).all()
    )
    across = thin_times(x, group)
    ends = thin_means(y(np.stack(band)), group) if band else None
    return Curve(
        name, said, line(across, thin_extremes(y(values)[None], group)[0]),
        "" if ends is None else area(across, ends[0], ends[1]),
        bars(x, found, HEIGHT) if found.any() else "",
        round(float(y(np.zeros(1))[0]), 1), drawn, _number(high), _number(low) if low < 0 else "0",
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
