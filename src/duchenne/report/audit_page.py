"""One HTML page about an audit: plain verdicts, each with its evidence, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.model_check import ModelCheck
from duchenne.evaluation.audit.result import Audit
from duchenne.evaluation.audit.shortcuts import Shortcut, strongest
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.notebook.colours import EMOTION_COLOURS
from duchenne.report.audit_plots import Curves, Histogram, curves, forest, histogram
from duchenne.report.audit_words import METHODS, TOPICS
from duchenne.report.explore_pictures import face_uri
from duchenne.report.templating import write_page
from duchenne.report.words import count, counted, short_percent

SHOWN: Final = 24
MOST_PAIRS: Final = 12
MOST_LINES: Final = 30
_OKABE_ITO: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#9aa0a6")


@dataclass(frozen=True)
class _Sample:
    """A small picture, what it is, and the colour of its label."""

    src: str
    title: str
    colour: str


@dataclass(frozen=True)
class _Strip:
    """Pictures from the least to the most of a nuisance, and the curves of each label."""

    name: str
    samples: list[_Sample]
    curves: Curves


def write_audit(audit: Audit, path: str | Path) -> Path:
    """Write one self-contained HTML page about an audit: it loads nothing from elsewhere.

    It holds small pictures of the data set, and so is under the same rules as the data set.

    Args:
        audit: what to show.
        path: of the HTML file; its folder is made where it is missing.

    Returns:
        The path.

    Raises:
        DataError: the file cannot be written.
    """
    return write_page("audit.html", _content(audit), path)


def _content(audit: Audit) -> dict[str, Any]:
    data = audit.data
    colours = _colours(data.classes)
    models = [one for one in audit.shortcuts if one.sort != "single"]
    singles = [one for one in audit.shortcuts if one.sort == "single"]
    lines = [*models, *singles[: MOST_LINES - len(models)]]
    return {
        "title": data.name,
        "version": version("duchenne"),
        "headline": audit.headline,
        "passed": audit.passed,
        "facts": _facts(audit),
        "notes": data.notes,
        "verdicts": audit.verdicts,
        "topics": TOPICS,
        "forest": forest(lines, audit.bar) if lines else None,
        "hidden": len(models) + len(singles) - len(lines),
        "bar": f"{audit.bar:g}",
        "histogram": _histogram(audit.shortcuts),
        "strip": _strip(audit, colours),
        "content": audit.content,
        "crossing": audit.leaks.crossing(),
        "copied": f"{copied(audit)} {nearly(audit)}".strip(),
        "copies": _copies(audit, colours),
        "pairs": _pairs(audit, colours),
        "leaks": audit.leaks,
        "shares": _shares(audit, colours),
        "balance": audit.balance,
        "colours": colours,
        "models": [_model(model) for model in audit.models],
        "unreadable": data.unreadable[:10],
        "more_unreadable": max(0, len(data.unreadable) - 10),
        "methods": METHODS,
        "interval": interval,
    }


def interval(estimate: Estimate) -> tuple[str, str]:
    """A value, and its interval in small print; empty where there is none."""
    if np.isnan(estimate.value):
        return "\N{EN DASH}", ""
    text = f"{estimate.value:.2f}".replace("-", "\N{MINUS SIGN}")
    if np.isnan(estimate.low):
        return text, ""
    return text, f"{estimate.low:.2f} to {estimate.high:.2f}".replace("-", "\N{MINUS SIGN}")


def copied(audit: Audit) -> str:
    """A sentence about exact copies."""
    groups, conflicts = len(audit.leaks.copies), len(audit.leaks.conflicting)
    if not groups:
        return "No item stands in it twice."
    said = f"{counted(groups, 'item stands', 'items stand')} in it more than once"
    if not conflicts:
        return f"{said}, under labels that agree."
    return f"{said}, {conflicts:,} of them under labels that contradict."


def nearly(audit: Audit) -> str:
    """A sentence about near copies; none where no pictures could be compared."""
    if not audit.leaks.compared:
        return ""
    pairs = len(audit.leaks.near)
    said = f"{counted(pairs, 'pair', 'pairs')} of pictures {'is' if pairs == 1 else 'are'} nearly"
    said += " the same."
    if pairs > len(audit.data):
        said += " So many mean that all pictures are cut alike: look at them before you call them"
        said += " copies."
    return said


def _colours(classes: Sequence[str]) -> dict[str, str]:
    if set(classes) <= set(EMOTION_COLOURS):
        return {name: EMOTION_COLOURS[name] for name in classes}
    return {name: _OKABE_ITO[place % len(_OKABE_ITO)] for place, name in enumerate(classes)}


def _facts(audit: Audit) -> list[tuple[str, str]]:
    data = audit.data
    people = audit.leaks.named
    facts = [
        ("Items", f"{len(data):,}"),
        ("Labels", ", ".join(data.classes) if len(data.classes) < 8 else str(len(data.classes))),
        ("People", f"{people:,}" if people else "not named"),
        ("Measured", count(len(data.nuisances), "nuisance")),
        ("Bar", f"AUC {audit.bar:g}"),
    ]
    sources = len(np.unique(data.source))
    return [*facts[:3], ("Sources", str(sources)), *facts[3:]] if sources > 1 else facts


def _histogram(shortcuts: Sequence[Shortcut]) -> tuple[str, Histogram] | None:
    best = strongest(shortcuts, "nuisances", "single")
    some = [one for one in shortcuts if one.sort == "nuisances"]
    shown = best or max(some, key=lambda one: one.value, default=None)
    return None if shown is None else (shown.name, histogram(shown))


def _strip(audit: Audit, colours: dict[str, str]) -> _Strip | None:
    """The nuisance that tells most by itself."""
    found = strongest(audit.shortcuts, "single")
    if found is None:
        return None
    data = audit.data.known()
    values = data.nuisances[found.name]
    each = {name: values[data.label == name] for name in data.classes}
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    places = np.unique(np.linspace(0, len(order) - 1, SHOWN).round().astype(int))
    samples = []
    if data.thumbnails is not None:
        for row in order[places].tolist():
            label = str(data.label[row])
            title = f"{found.name} {values[row]:.3g}, {label}, {data.names[row]}"
            samples.append(_Sample(face_uri(data.thumbnails[row]), title, colours[label]))
    return _Strip(found.name, samples, curves(found.name, values, each, list(colours.values())))


def _copies(audit: Audit, colours: dict[str, str]) -> list[list[_Sample]]:
    groups = audit.leaks.conflicting or audit.leaks.strangers or audit.leaks.copies
    return [_samples(audit, group[:6], colours) for group in groups[:MOST_PAIRS]]


def _pairs(audit: Audit, colours: dict[str, str]) -> list[list[_Sample]]:
    """Near copies, evenly spread from the most alike to the least."""
    pairs = audit.leaks.near.pairs
    if not len(pairs):
        return []
    shown = np.unique(np.linspace(0, len(pairs) - 1, MOST_PAIRS).round().astype(int))
    return [_samples(audit, pairs[place], colours) for place in shown]


def _samples(audit: Audit, rows: NDArray[np.int64], colours: dict[str, str]) -> list[_Sample]:
    data = audit.data
    if data.thumbnails is None:
        return []
    return [
        _Sample(
            face_uri(data.thumbnails[row]),
            ", ".join(t for t in (data.names[row], data.label[row], data.split[row]) if t),
            colours[str(data.label[row])],
        )
        for row in rows.tolist()
    ]


def _shares(audit: Audit, colours: dict[str, str]) -> list[tuple[str, str, str, float, str]]:
    counts = audit.balance.labels
    total = int(counts.sum())
    return [
        (str(name), colours[str(name)], f"{int(n):,}", n / total, short_percent(n / total))
        for name, n in counts.items()
    ]


def _model(model: ModelCheck) -> tuple[ModelCheck, list[tuple[str, float, str, str]]]:
    """The model, and its edits, those that change most first."""
    flips = sorted(model.flips.items(), key=lambda item: -item[1].value)
    lines = [
        (
            name,
            share.value,
            short_percent(share.value),
            f"{100 * share.low:.0f} to {100 * share.high:.0f} %",
        )
        for name, share in flips
    ]
    return model, lines
