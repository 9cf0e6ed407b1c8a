"""Emotion networks on faces of another kind than those they learned from: PEDFE.

The clip's emotion comes from the mean of the probabilities over its crops, neutral dropped, the
other six divided by their sum. People raters chose the emotion too; their hit rates stand beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import KINDS, PEDFE_EMOTIONS, read_clips, read_crops
from duchenne.evaluation.emotion.scores import as_figure
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval, finite_or_none
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.weights.facts import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIX: Final[tuple[str, ...]] = tuple(PEDFE_EMOTIONS.values())

NOTE: Final = (
    "PEDFE's crops are black outside the face, which no picture of FER-2013 is: part of the "
    "distance to the raters may lie there."
)


@dataclass(frozen=True, eq=False)
class ClipResult:
    """The clips of one kind.

    Attributes:
        kind: genuine, posed, or all.
        subjects: how many people.
        report: six emotions; intervals come from drawing people.
        found: share of each emotion's clips that the network names, by FER-2013's names.
        people: mean share of human raters who named the emotion, by the same names and ``all``.
    """

    kind: str
    subjects: int
    report: ClassificationReport
    found: dict[str, Estimate]
    people: dict[str, Estimate]

    @classmethod
    def from_clips(cls, kind: str, clips: pd.DataFrame, scores: NDArray[np.float64]) -> ClipResult:
        """Measure (N, 6) probabilities of ``SIX`` for N clips."""
        labels = np.array([SIX.index(PEDFE_EMOTIONS[e]) for e in clips["emotion"]], np.int64)
        subjects = clips["subject"].to_numpy()
        right = (scores.argmax(axis=1) == labels).astype(np.float64)
        rates = clips["hit_rate_emotion"].to_numpy(np.float64) / 100
        shown = {name: labels == i for i, name in enumerate(SIX) if (labels == i).any()}
        return cls(
            kind,
            len(np.unique(subjects)),
            ClassificationReport.from_predictions(labels, scores, SIX, groups=subjects),
            {name: _mean(right[rows], subjects[rows]) for name, rows in shown.items()},
            {"all": _mean(rates, subjects)}
            | {name: _mean(rates[rows], subjects[rows]) for name, rows in shown.items()},
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        f1 = zip(self.report.names, self.report.f1_intervals, strict=True)
        return {
            "kind": self.kind,
            "subjects": self.subjects,
            **self.report.to_dict(),
            "f1_intervals": {name: each.to_dict() for name, each in f1},
            "found": {name: each.to_dict() for name, each in self.found.items()},
            "people": {name: each.to_dict() for name, each in self.people.items()},
        }


@dataclass(frozen=True, eq=False)
class PedfeResult:
    """An emotion network on PEDFE.

    Attributes:
        model: its name.
        sha256: of its file.
        clips: how many were measured.
        without_crops: clips left out because they have no crop.
        kinds: all, genuine and posed clips, where there are any.
    """

    model: str
    sha256: str
    clips: int
    without_crops: int
    kinds: tuple[ClipResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "data": "PEDFE",
            "model": self.model,
            "sha256": self.sha256,
            "clips": self.clips,
            "without_crops": self.without_crops,
            "note": NOTE,
            "kinds": [kind.to_dict() for kind in self.kinds],
        }

    def results(self) -> list[Result]:
        """What goes into the model's card."""
        command = (
            f"duchenne evaluate emotion-transfer --pedfe DIR --model {self.model} --update-card"
        )
        found = []
        for kind in self.kinds:
            estimates = {"accuracy": kind.report.accuracy, "macro_F1": kind.report.macro_f1}
            estimates |= {f"found_{name}": share for name, share in kind.found.items()}
            name = "PEDFE" if kind.kind == "all" else f"PEDFE {kind.kind}"
            figures = tuple(as_figure(n, e) for n, e in estimates.items())
            found.append(Result(name, kind.report.rows, command, figures))
        return found

    def to_frame(self) -> pd.DataFrame:
        """A row for each kind and emotion, and one for all six together."""
        return pd.DataFrame([row for kind in self.kinds for row in _rows(self.model, kind)])

    def to_text(self) -> str:
        """For the terminal."""
        lines = [
            f"{self.model} on PEDFE, {self.clips:,} clips, six emotions, intervals over people",
            "network: mean probabilities of a clip's crops, neutral dropped; raters: mean hit rate",
            NOTE,
        ]
        for kind in self.kinds:
            lines += ["", f"{kind.kind}: {kind.report.rows:,} clips of {kind.subjects} people"]
            lines.append(f"  accuracy  {_show(kind.report.accuracy)}")
            lines.append(f"  raters    {_show(kind.people['all'])}")
            lines.append(f"  macro F1  {_decimal(kind.report.macro_f1)}")
            lines.append(f"  {'':9} clips  network names it (95 %)     raters name it      F1")
            lines += [_line(kind, name) for name in kind.found]
        return "\n".join(lines)

    def save(self, folder: Path) -> None:
        """Write ``pedfe.csv`` into a folder that is there."""
        self.to_frame().to_csv(folder / "pedfe.csv", index=False)

    def plot(self) -> Figure:
        """Share of each emotion's clips that is found, with intervals, by kind of clip."""
        from duchenne.evaluation.emotion.showing import plot_pedfe

        return plot_pedfe(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import pedfe_html

        return pedfe_html(self)


def evaluate_pedfe(
    classifier: EmotionClassifier,
    folder: str | Path,
    on_progress: Callable[[int], object] | None = None,
) -> PedfeResult:
    """Measure a seven-class network, which has seen nothing of PEDFE, on its clips.

    Args:
        classifier: of the seven classes.
        folder: with ``clips.csv`` and ``crops.parquet``.
        on_progress: told how many more crops are done.

    Raises:
        DataError: the folder does not hold PEDFE.
    """
    clips = read_clips(folder)
    sums = {str(code): np.zeros(len(EMOTIONS)) for code in clips["code"]}
    counts = dict.fromkeys(sums, 0)
    for codes, crops in read_crops(folder):
        for code, row in zip(codes.tolist(), classifier.predict(crops), strict=True):
            if code in sums:
                sums[code] += row
                counts[code] += 1
        if on_progress is not None:
            on_progress(len(codes))
    kept = clips[[counts[code] > 0 for code in clips["code"]]]
    if kept.empty:
        raise DataError(f"None of the clips in {folder} has a crop.")
    scores = six_of_seven(np.stack([sums[code] / counts[code] for code in kept["code"]]))
    return PedfeResult(
        classifier.card.name,
        classifier.card.sha256,
        len(kept),
        len(clips) - len(kept),
        tuple(_kinds(kept, scores)),
    )


def six_of_seven(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 7) probabilities of ``EMOTIONS`` to (N, 6) of ``SIX``: neutral dropped, sums 1 again."""
    kept = probabilities[:, [EMOTIONS.index(name) for name in SIX]]
    # A row that is sure of neutral keeps next to nothing; even so it may name one of the six.
    kept = np.maximum(kept, np.finfo(np.float64).tiny)
    return np.asarray(kept / kept.sum(axis=1, keepdims=True), np.float64)


def _kinds(clips: pd.DataFrame, scores: NDArray[np.float64]) -> list[ClipResult]:
    found = [ClipResult.from_clips("all", clips, scores)]
    for kind in KINDS:
        rows = (clips["type"] == kind).to_numpy()
        if rows.any():
            found.append(ClipResult.from_clips(kind, clips[rows], scores[rows]))
    return found


def _mean(values: NDArray[np.float64], groups: NDArray[Any]) -> Estimate:
    return bootstrap_interval(lambda rows: float(values[rows].mean()), len(values), groups)


def _rows(model: str, kind: ClipResult) -> list[dict[str, object]]:
    first: dict[str, object] = {"model": model, "kind": kind.kind, "emotion": "all six"}
    first |= {"clips": kind.report.rows, "subjects": kind.subjects}
    first |= _bounds("network", kind.report.accuracy) | _bounds("raters", kind.people["all"])
    rows = [first | _bounds("f1", kind.report.macro_f1)]
    names = zip(kind.report.names, kind.report.support, kind.report.f1_intervals, strict=True)
    for name, clips, f1 in names:
        if name not in kind.found:
            continue
        row = first | {"emotion": name, "clips": int(clips)}
        row |= _bounds("network", kind.found[name]) | _bounds("raters", kind.people[name])
        rows.append(row | _bounds("f1", f1))
    return rows


def _bounds(name: str, estimate: Estimate) -> dict[str, object]:
    ends = (("", estimate.value), ("_low", estimate.low), ("_high", estimate.high))
    return {f"{name}{end}": finite_or_none(value) for end, value in ends}


def _line(kind: ClipResult, name: str) -> str:
    number = kind.report.names.index(name)
    f1 = f"{kind.report.f1[number]:6.3f}".replace("nan", "  -")
    return (
        f"  {name:9} {kind.report.support[number]:5d}  {_show(kind.found[name])}  "
        f"{_show(kind.people[name])}  {f1}"
    )


def _show(estimate: Estimate) -> str:
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:5.1f} % ({low:4.1f} to {high:5.1f})"


def _decimal(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
