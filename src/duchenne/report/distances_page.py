"""One HTML page about the landmark-distance classifier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.distances.results import PROTOCOLS, DistanceStudy, Protocol, Result
from duchenne.evaluation.distances.shares import Part
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.faces.canonical import CanonicalFace
from duchenne.report.distances_face import face_map
from duchenne.report.distances_plot import curve_plot
from duchenne.report.templating import write_page

_DASH: Final = "\N{EN DASH}"
_MINUS: Final = "\N{MINUS SIGN}"
_LISTED: Final = 12
_PROTOCOL_NAMES: Final[dict[Protocol, str]] = {
    "kfold": "random 10-fold",
    "loso": "person left out",
}

Cell = tuple[str, str]
"""What stands in a cell, and in small print below it."""


@dataclass(frozen=True)
class _Shade:
    """A cell of the confusion matrix: percent of its row, clips, 0 to 100 for its colour."""

    percent: str
    clips: int
    share: int


def write_distances_page(study: DistanceStudy, face: CanonicalFace, path: str | Path) -> Path:
    """Write one self-contained HTML page about a study: it loads nothing from elsewhere.

    Args:
        study: what to show.
        face: the mean head that pairs of landmarks are drawn on.
        path: of the HTML file; its folder is made where it is missing.

    Returns:
        The path.

    Raises:
        DataError: the file cannot be written.
    """
    return write_page("distances.html", _content(study, face), path)


def _content(study: DistanceStudy, face: CanonicalFace) -> dict[str, Any]:
    settings = study.result.settings
    about = Circumstances.now()
    people = int(study.clips["subject"].nunique())
    return {
        "what": "Six emotions" if settings.target == "emotion" else "Genuine or posed",
        "summary": _summary(study),
        "facts": [
            ("Clips", f"{len(study.clips):,} of {people} people"),
            ("Landmarks", f"{settings.landmarks}"),
            ("Shown in detail", _PROTOCOL_NAMES[study.protocol]),
            ("Measured", f"{about.date} UTC"),
            ("Commit", about.commit),
        ],
        "ways": _ways(study),
        "neighbours": _by_neighbours(study),
        "classes": study.classes,
        "confusion": _confusion(study.report),
        "plot": _plot(study),
        "own": [("the poster's method", _own(study.own_plain))]
        + ([] if study.own is None else [("as asked for", _own(study.own))]),
        "parts": [_part(part) for part in study.parts],
        "kinds": list(dict.fromkeys(kind for kind, _ in map(_kind_and_level, study.levels))),
        "levels": _levels(study.levels),
        "map": face_map(study.pairs, face),
        "pairs": [
            (f"{p.first} {_DASH} {p.second}", _decimal(p.margin), f"{100 * p.share:.3f} %")
            for p in study.pairs[:_LISTED]
        ],
        "protocol": _PROTOCOL_NAMES[study.protocol],
        "name": settings.name(),
        "version": about.duchenne,
    }


def _summary(study: DistanceStudy) -> str:
    seen, unseen = (study.result.reports[p].accuracy.value for p in PROTOCOLS)
    because = "" if study.own is None else _because(study.own)
    return (
        f"{100 * seen:.1f} % of clips are named as they are labelled when other clips of the same "
        f"person may be among those compared with, {100 * unseen:.1f} % when the person is new. "
        f"{because}"
    )


def _because(own: OwnSamples) -> str:
    if own.gap.low <= 0:
        return "The difference is within chance."
    if own.part.low > 0.5:
        return (
            f"The person's own clips explain the difference: without them accuracy falls by "
            f"{100 * (own.random.value - own.own_removed.value):.1f} points, without as many of "
            f"other people's clips it changes by "
            f"{_signed(100 * (own.others_removed.value - own.random.value))} points."
        )
    return (
        f"Of the difference of {100 * own.gap.value:.1f} points, "
        f"{100 * own.owed.value:.1f} are owed to the person's own clips."
    )


def _ways(study: DistanceStudy) -> list[tuple[str, str, list[Cell]]]:
    def cells(reports: Sequence[ClassificationReport]) -> list[Cell]:
        return [f(r) for r in reports for f in (_accuracy, _macro)]

    def row(name: str, result: Result) -> tuple[str, str, list[Cell]]:
        return name, result.settings.name(), cells([result.reports[p] for p in PROTOCOLS])

    times = study.nested[study.protocol].times
    chosen = ", ".join(f"{n} {count} times" for n, count in sorted(times.items()))
    nested = cells([study.nested[p].report for p in PROTOCOLS])
    return [
        row("The poster's method", study.plain),
        row("As asked for", study.result),
        ("Chosen by each fold", f"{_PROTOCOL_NAMES[study.protocol]}: {chosen}", nested),
    ]


def _by_neighbours(study: DistanceStudy) -> list[tuple[str, str, list[Cell]]]:
    return [
        (name, _PROTOCOL_NAMES[protocol], [_percent(e) for e in found.values()])
        for name, result in (("The poster's metric", study.plain), ("As asked for", study.result))
        for protocol, found in result.by_neighbours.items()
    ]


def _confusion(report: ClassificationReport) -> list[tuple[str, int, list[_Shade]]]:
    rows = []
    for name, counts in zip(report.names, report.confusion.tolist(), strict=True):
        total = sum(counts)
        shares = [count / total if total else 0.0 for count in counts]
        cells = [
            _Shade(f"{100 * share:.0f} %", count, round(100 * share))
            for share, count in zip(shares, counts, strict=True)
        ]
        rows.append((name, total, cells))
    return rows


def _plot(study: DistanceStudy) -> Any:
    curves = [(_PROTOCOL_NAMES[p], p, study.curves[p]) for p in PROTOCOLS if p in study.curves]
    return curve_plot(curves) if curves else None


def _own(own: OwnSamples) -> list[tuple[str, Cell]]:
    lines = [
        ("random folds", own.random),
        ("the same, other people's clips taken away", own.others_removed),
        ("the same, the person's own clips taken away", own.own_removed),
        ("person left out", own.unseen),
        ("difference between random folds and person left out", own.gap),
        ("of it owed to the person's own clips", own.owed),
        ("nearest clip is the same person's", own.own_nearest),
        ("right where the nearest clip is the same person's", own.right_by_own),
        ("right where it is somebody else's", own.right_by_others),
    ]
    return [(name, _percent(value)) for name, value in lines]


def _part(part: Part) -> tuple[str, str, str, Cell]:
    return part.name, f"{part.clips:,}", f"{part.training:,.0f}", _percent(part.accuracy)


def _kind_and_level(part: Part) -> tuple[str, str]:
    kind, level = part.name.split(", ")
    return kind, level


def _levels(parts: Sequence[Part]) -> dict[str, dict[str, Cell]]:
    """A row a level, a cell a kind: accuracy, and below it the interval and the clips."""
    rows: dict[str, dict[str, Cell]] = {}
    for part in parts:
        kind, level = _kind_and_level(part)
        value, interval = _percent(part.accuracy)
        rows.setdefault(level, {})[kind] = (value, f"{interval}\n{part.clips:,} clips")
    return rows


def _accuracy(report: ClassificationReport) -> Cell:
    return _percent(report.accuracy)


def _macro(report: ClassificationReport) -> Cell:
    return _decimal(report.macro_f1)


def _percent(estimate: Estimate) -> Cell:
    if math.isnan(estimate.value):
        return _DASH, ""
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:.1f} %".replace("-", _MINUS), f"{low:.1f} to {high:.1f}".replace("-", _MINUS)


def _decimal(estimate: Estimate) -> Cell:
    value, low, high = estimate.value, estimate.low, estimate.high
    return f"{value:.3f}".replace("-", _MINUS), f"{low:.3f} to {high:.3f}".replace("-", _MINUS)


def _signed(points: float) -> str:
    text = f"{points:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", _MINUS)
