"""One HTML file with everything that was found in a data set."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import SPLITS, Fer2013
from duchenne.evaluation.emotion.explore import Exploration
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report import explore_words as words
from duchenne.report.explore_pictures import (
    DARKER,
    LIGHTER,
    average_uri,
    contrast_uri,
    face_uri,
)
from duchenne.report.palette import ink_on
from duchenne.report.templating import write_page
from duchenne.report.words import count, short_percent

MOST_GROUPS: Final = 60
MOST_PAIRS: Final = 40
"""Copies with conflicting labels, and pairs of near copies, shown; explore.json has them all."""


@dataclass(frozen=True)
class _Class:
    """One class: its colour and size, its average and its samples."""

    name: str
    colour: str
    rows: str
    average: str
    samples: list[_Sample]


@dataclass(frozen=True)
class _Sample:
    """A picture of the data set with what is known about its row."""

    src: str
    title: str


@dataclass(frozen=True)
class _Bar:
    """One class's part of one split."""

    name: str
    colour: str
    ink: str
    count: int
    share: float
    percent: str


@dataclass(frozen=True)
class _Split:
    """The balance of one split."""

    name: str
    rows: int
    bars: list[_Bar]


@dataclass(frozen=True)
class _Cell:
    """A cell of the contrast table; on its diagonal, an average."""

    src: str
    alt: str


@dataclass(frozen=True)
class _Named:
    """A label of copies, and how many rows of which splits carry it."""

    label: str
    colour: str
    splits: str
    rows: str


@dataclass(frozen=True)
class _Group:
    """Copies of one picture, or a pair of near copies."""

    pictures: list[_Sample]
    names: list[_Named]


def write_explore_page(exploration: Exploration, data: Fer2013, path: str | Path) -> Path:
    """Write one self-contained HTML page about a data set: it loads nothing from elsewhere.

    It holds pictures of the data set, and so is under the same rules as the data set.

    Args:
        exploration: what to show.
        data: what was explored, for the pictures.
        path: of the HTML file; its folder is made where it is missing.

    Returns:
        The path.

    Raises:
        DataError: the exploration is of other data, or the file cannot be written.
    """
    if len(data) != exploration.rows:
        raise DataError(
            f"The exploration is of {count(exploration.rows, 'row')} and the data set has "
            f"{len(data):,}: give the data set that was explored."
        )
    return write_page("explore.html", _content(exploration, data), path)


def _content(found: Exploration, data: Fer2013) -> dict[str, Any]:
    blank = [EMOTIONS[data.labels[row]] for row in found.blank]
    return {
        "title": f"FER-2013, {found.split}" if found.split else "FER-2013",
        "version": version("duchenne"),
        "summary": words.overview(found),
        "warning": found.warning,
        "methods": words.METHODS,
        "splits": [_split(s, found) for s, c in zip(SPLITS, found.counts, strict=True) if c.any()],
        "classes": _classes(found, data),
        **_contrasts(found),
        "copies": words.of_copies(found),
        "copied": _crossing(found, found.copied),
        "conflicting": [_group(rows, data) for rows in found.conflicting[:MOST_GROUPS]],
        "more_conflicting": max(0, len(found.conflicting) - MOST_GROUPS),
        "near": words.of_near_copies(found),
        "near_copied": _crossing(found, found.near_copied),
        "near_words": words.NEAR,
        **_pairs(found, data),
        "blank": words.of_blank(found, blank) if blank else "",
        "blank_words": words.BLANK_WORDS,
    }


def _split(split: str, found: Exploration) -> _Split:
    counts = found.counts[SPLITS.index(split)]
    total = int(counts.sum())
    bars = []
    for label, name in enumerate(EMOTIONS):
        share, colour = float(counts[label] / total), EMOTION_COLOURS[name]
        bar = _Bar(name, colour, ink_on(colour), int(counts[label]), share, short_percent(share))
        bars.append(bar)
    return _Split(name=split, rows=total, bars=bars)


def _classes(found: Exploration, data: Fer2013) -> list[_Class]:
    low, high = _range(found.averages)
    classes = []
    for label, name in enumerate(EMOTIONS):
        rows = int(found.class_counts[label])
        average = average_uri(found.averages[label], low, high) if rows else ""
        samples = [_sample(row, data) for row in found.samples[label].tolist()]
        said = count(rows, "picture")
        classes.append(_Class(name, EMOTION_COLOURS[name], said, average, samples))
    return classes


def _range(averages: NDArray[np.float64]) -> tuple[float, float]:
    """One stretch of grey values for all averages, so that they can be compared."""
    return float(np.nanmin(averages)), float(np.nanmax(averages))


def _sample(row: int, data: Fer2013) -> _Sample:
    label, split = EMOTIONS[data.labels[row]], data.usage[row]
    return _Sample(face_uri(data.images[row]), f"row {row}, {label}, {split}")


def _contrasts(found: Exploration) -> dict[str, Any]:
    """A table of classes; the averages stand on its diagonal."""
    present = [name for name, rows in zip(EMOTIONS, found.class_counts, strict=True) if rows]
    pairs = [(one, other) for one in present for other in present if one != other]
    levelled = {pair: _levelled(found.contrast(*pair)) for pair in pairs}
    limit = _limit(list(levelled.values()))
    return {
        "present": present if pairs else [],
        "contrasts": {pair: _cell(levelled[pair], pair, limit) for pair in pairs},
        "contrast_limit": f"{limit:.0f}",
        "contrast_words": words.CONTRASTS,
        "lighter": LIGHTER,
        "darker": DARKER,
    }


def _levelled(contrast: NDArray[np.float64]) -> NDArray[np.float64]:
    # How brightly a class was photographed would drown what its faces do.
    return np.asarray(contrast - contrast.mean(), np.float64)


def _limit(contrasts: list[NDArray[np.float64]]) -> float:
    """A whole grey value that one pixel in two hundred exceeds: a few extremes pale the rest."""
    if not contrasts:
        return 0.0
    return max(1.0, float(np.ceil(np.quantile(np.abs(contrasts), 0.995))))


def _cell(values: NDArray[np.float64], pair: tuple[str, str], limit: float) -> _Cell:
    one, other = pair
    low, high = (f"{v:+.0f}".replace("-", "\N{MINUS SIGN}") for v in (values.min(), values.max()))
    return _Cell(contrast_uri(values, limit), f"{one} minus {other}: {low} to {high} grey values")


def _crossing(found: Exploration, table: NDArray[np.int64]) -> dict[str, Any]:
    """The table without the splits that this copy of the data set lacks."""
    totals = found.counts.sum(axis=1)
    there = [s for s in range(len(SPLITS)) if totals[s]]
    shown = [s for s in there if found.split in (None, SPLITS[s])]
    lines = [
        (SPLITS[s], int(totals[s]), [_part(int(table[s, t]), int(totals[s])) for t in there])
        for s in shown
    ]
    return {"columns": [SPLITS[t] for t in there], "lines": lines}


def _part(number: int, total: int) -> tuple[str, str]:
    return f"{number:,}", short_percent(number / total) if number else ""


def _group(rows: NDArray[np.int64], data: Fer2013) -> _Group:
    """One picture for all its copies, and the labels that they carry."""
    labels = [label for label in range(len(EMOTIONS)) if (data.labels[rows] == label).any()]
    names = [_named(rows[data.labels[rows] == label], data) for label in labels]
    return _Group([_sample(int(rows[0]), data)], names)


def _named(rows: NDArray[np.int64], data: Fer2013) -> _Named:
    """Rows with the same label, counted by split."""
    label, usage = EMOTIONS[data.labels[rows[0]]], data.usage[rows].tolist()
    times = "\N{MULTIPLICATION SIGN}"
    splits = [f"{usage.count(s)} {times} {s}" for s in SPLITS if usage.count(s) > 1]
    splits += [s for s in SPLITS if usage.count(s) == 1]
    numbers = "row " if len(rows) == 1 else "rows "
    numbers += ", ".join(str(row) for row in rows.tolist())
    return _Named(label, EMOTION_COLOURS[label], ", ".join(splits), numbers)


def _pairs(found: Exploration, data: Fer2013) -> dict[str, Any]:
    """Evenly spread from the most alike to the least, so that the limits can be judged."""
    pairs = found.near.pairs
    shown = np.unique(np.linspace(0, max(len(pairs) - 1, 0), MOST_PAIRS).round().astype(int))
    chosen = pairs[shown] if len(pairs) else pairs
    groups = [
        _Group(
            [_sample(row, data) for row in two.tolist()], [_named(two[[k]], data) for k in (0, 1)]
        )
        for two in chosen
    ]
    return {"pairs": groups, "all_pairs": len(pairs)}
