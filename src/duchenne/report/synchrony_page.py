"""One HTML file about who moves with whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from duchenne.report import synchrony_words as words
from duchenne.report.axis import grid, ticks
from duchenne.report.diagram import HEIGHT, WIDTH
from duchenne.report.explore_pictures import DARKER, LIGHTER
from duchenne.report.paths import runs
from duchenne.report.synchrony_charts import agreement_curve, curves, named, strongest
from duchenne.report.synchrony_face import face_map
from duchenne.report.synchrony_pictures import correlations_uri, limit_of
from duchenne.report.templating import write_page
from duchenne.report.words import clock, listed, short_percent
from duchenne.synchrony.peaks import Agreement
from duchenne.synchrony.synchrony import Synchrony

MOST_MOMENTS: Final = 12
MOST_ROWS: Final = 40
_MOST_NAMES: Final = 45
_MOST_TOGETHER: Final = 3
_MOST_LINKS: Final = 8


@dataclass(frozen=True)
class Moment:
    """A time at which features lie above chance, the highest first; its t-ISC and its people."""

    begin: str
    end: str
    features: str
    isc: float
    people: int


def write_synchrony_page(
    synchrony: Synchrony, path: str | Path, title: str, agreement: Agreement | None = None
) -> Path:
    """Write one self-contained HTML page: it loads nothing from elsewhere and shows no pictures.

    Args:
        synchrony: what was measured.
        path: of the HTML file; its folder is made where it is missing.
        title: above everything.
        agreement: of rated peaks with it.

    Returns:
        The path.

    Raises:
        ModelError: landmarks were compared, and the head to draw them on cannot be had.
        DataError: the file cannot be written.
    """
    content = _content(synchrony, agreement) | {"title": title}
    return write_page("synchrony.html", content, path)


def _moments(synchrony: Synchrony) -> list[Moment]:
    """Runs of windows in which anything lies above chance, the highest ones, in time."""
    above = np.asarray(synchrony.significant == 1)
    found = []
    for first, stop in runs(np.any(above, axis=1)):
        part = np.where(above[first:stop], synchrony.isc[first:stop], -np.inf)
        highest = part.max(axis=0)
        order = [int(k) for k in np.argsort(-highest, kind="stable") if np.isfinite(highest[k])]
        where = first + int(part[:, order[0]].argmax())
        names = [named(synchrony.features[k]) for k in order[:_MOST_TOGETHER]]
        names += [f"{len(order) - len(names)} more"] if len(order) > len(names) else []
        begin, end = clock(synchrony.starts[first]), clock(synchrony.ends[stop - 1])
        people = int(synchrony.taking_part[where, order[0]])
        moment = Moment(begin, end, listed(names), float(highest[order[0]]), people)
        found.append((first, moment))
    chosen = sorted(found, key=lambda pair: -pair[1].isc)[:MOST_MOMENTS]
    return [moment for _, moment in sorted(chosen, key=lambda pair: pair[0])]


def _content(synchrony: Synchrony, agreement: Agreement | None) -> dict[str, Any]:
    edges = np.array([synchrony.starts[0], synchrony.ends[-1]])
    marks = ticks(edges, "s")
    order = strongest(synchrony)
    return {
        "version": version("duchenne"),
        "summary": words.summary(synchrony),
        "facts": words.facts(synchrony),
        "notes": synchrony.notes,
        "methods": words.methods(synchrony),
        "windows": len(synchrony.starts),
        "ticks": marks,
        "grid": grid(marks),
        "curves": curves(synchrony),
        "thresholds": bool(np.isfinite(synchrony.upper).any()),
        "alpha": f"{100 * synchrony.settings.alpha:g}",
        "map": _map(synchrony, order),
        "face": face_map(synchrony),
        "diagram_width": WIDTH,
        "diagram_height": HEIGHT,
        "moments": _moments(synchrony),
        "features": [_feature(synchrony, k) for k in order[:MOST_ROWS]],
        "more_features": max(0, len(order) - MOST_ROWS),
        "pairs": _pairs(synchrony),
        "agreement": None if agreement is None else _agreement(synchrony, agreement),
        "lighter": LIGHTER,
        "darker": DARKER,
    }


def _map(synchrony: Synchrony, order: list[int]) -> dict[str, Any] | None:
    """Feature by time, the most synchronous feature on top."""
    if len(synchrony.features) < 2 or len(synchrony.starts) < 2:
        return None
    values, found = synchrony.isc.T[order], synchrony.significant.T[order] != 0
    limit = limit_of(values)
    few = len(order) <= _MOST_NAMES
    return {
        "src": correlations_uri(values, limit, found),
        "names": [named(synchrony.features[k]) for k in order] if few else [],
        "rows": len(order),
        "limit": f"{limit:.2f}",
    }


def _pairs(synchrony: Synchrony) -> dict[str, Any] | None:
    """Person by person, those who go with the others most first."""
    if len(synchrony.people) < 3:
        return None
    known = np.isfinite(synchrony.matrix)
    totals = np.where(known, synchrony.matrix, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    order = np.argsort(-totals, kind="stable")
    matrix = synchrony.matrix[np.ix_(order, order)]
    limit = limit_of(matrix)
    highest = max(float(np.abs(totals).max()), 1e-9)
    return {
        "src": correlations_uri(matrix, limit),
        "limit": f"{limit:.2f}",
        "count": len(order),
        "people": [
            (synchrony.people[k], _signed(totals[k]), max(0.0, round(totals[k] / highest, 3)))
            for k in order
        ],
    }


def _feature(synchrony: Synchrony, feature: int) -> tuple[str, str, str, str]:
    """One line of the table."""
    mean, low, high = synchrony.feature_means[feature]
    share = short_percent(float(synchrony.shares[feature]))
    name = named(synchrony.features[feature])
    return name, _signed(mean), f"{_signed(low)} to {_signed(high)}", share


def _agreement(synchrony: Synchrony, agreement: Agreement) -> dict[str, Any]:
    rows = zip(agreement.features, agreement.r, agreement.p, agreement.p_corrected, strict=True)
    ordered = sorted(rows, key=lambda row: (row[0] != "mean", -np.nan_to_num(np.abs(row[1]))))
    return {
        "said": words.of_agreement(synchrony, agreement),
        "more": max(0, len(ordered) - _MOST_LINKS),
        "curve": agreement_curve(synchrony, agreement),
        "rows": [
            (named(n), _signed(r), f"{p:.3f}", f"{q:.3f}") for n, r, p, q in ordered[:_MOST_LINKS]
        ],
    }


def _signed(value: float) -> str:
    if not np.isfinite(value):
        return "\N{EN DASH}"
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")
