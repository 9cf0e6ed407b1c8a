"""How well scores tell spontaneous from deliberate smiles, over repeated cross validations."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.statistics.calibration import CalibrationScores
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.weights.facts import Figure, Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

_DRAWS: Final = 400


@dataclass(frozen=True)
class SmileScores:
    """One model on one set of smiles; every figure is a mean over the repeats.

    Attributes:
        model: what scored.
        data: what was scored.
        rows: how many smiles.
        repeats: how often all of them were scored, each time by other folds.
        accuracy: share of right rows at 0.5, 0 to 1, with an interval over groups of rows.
        auc: area under the ROC curve, 0 to 1, with an interval over groups of rows.
        lowest: lowest accuracy of a repeat.
        highest: highest accuracy of a repeat.
        ece: expected calibration error of the probabilities, 0 to 1.
        brier: mean squared distance of the probability to 0 or 1, 0 to 1; 0.25 says nothing.
    """

    model: str
    data: str
    rows: int
    repeats: int
    accuracy: Estimate
    auc: Estimate
    lowest: float
    highest: float
    ece: float
    brier: float

    @classmethod
    def from_repeats(
        cls,
        names: tuple[str, str],
        probabilities: NDArray[np.float64],
        spontaneous: NDArray[np.bool_],
        groups: NDArray[Any],
    ) -> SmileScores:
        """Compare repeats with labels.

        Args:
            names: of the model and of the data.
            probabilities: (R, N) of "spontaneous", each row a repeat.
            spontaneous: (N,) bool.
            groups: (N,) whose rows are not independent; whole groups are drawn for the intervals.

        Raises:
            DataError: other shapes, no rows, or values that are no probabilities.
        """
        p = np.asarray(probabilities, np.float64)
        if p.ndim != 2 or p.shape[1:] != spontaneous.shape or p.size == 0:
            raise DataError(f"Smiles need (R, N) scores of (N,) labels, got {p.shape}.")
        if not ((p >= 0) & (p <= 1)).all():
            raise DataError("The probabilities of smiles should be from 0 to 1.")
        right = (p > 0.5) == spontaneous
        each = right.mean(axis=1)
        of_row = right.mean(axis=0)
        kept = [CalibrationScores.from_predictions(spontaneous.astype(int), _both(q)) for q in p]

        def auc(rows: NDArray[np.intp]) -> float:
            return float(np.mean([area_under_curve(q[rows], spontaneous[rows]) for q in p]))

        return cls(
            *names,
            rows=p.shape[1],
            repeats=len(p),
            accuracy=bootstrap_interval(lambda r: float(of_row[r].mean()), p.shape[1], groups),
            auc=bootstrap_interval(auc, p.shape[1], groups, n=_DRAWS),
            lowest=float(each.min()),
            highest=float(each.max()),
            ece=float(np.mean([score.ece for score in kept])),
            # Of two classes, Brier's distance counts each error twice.
            brier=float(np.mean([score.brier for score in kept])) / 2,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told = asdict(self) | {"accuracy": self.accuracy.to_dict(), "auc": self.auc.to_dict()}
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in told.items()}


@dataclass(frozen=True)
class SmileEvaluation:
    """Models beside each other.

    Attributes:
        scores: one each.
        notes: what to know when reading them, a sentence each.
    """

    scores: tuple[SmileScores, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"scores": [score.to_dict() for score in self.scores], "notes": list(self.notes)}

    def to_frame(self) -> pd.DataFrame:
        """A row a model."""
        rows = []
        for score in self.scores:
            told = score.to_dict()
            for name in ("accuracy", "auc"):
                estimate = told.pop(name)
                told |= {name: estimate["value"]}
                told |= {f"{name}_{end}": estimate[end] for end in ("low", "high")}
            rows.append(told)
        return pd.DataFrame(rows)

    def to_text(self) -> str:
        """A table for the terminal."""
        width = max(len(score.model) for score in self.scores)
        lines = []
        for data in dict.fromkeys(score.data for score in self.scores):
            some = [score for score in self.scores if score.data == data]
            lines += [f"{data}, {some[0].rows:,} smiles, {some[0].repeats} time(s) each"]
            lines += [
                f"{'':{width}}  accuracy (95 %)            AUC (95 %)               ECE  Brier"
            ]
            lines += [
                f"{score.model:{width}}  {_told(score.accuracy)}  {_told(score.auc)}  "
                f"{score.ece:.3f}  {score.brier:.3f}"
                for score in some
            ]
            lines += [""]
        return "\n".join([*lines, *self.notes]).rstrip()

    def save(self, folder: Path) -> None:
        """Write metrics.json and smiles.csv, into a folder that is made where it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (folder / "metrics.json").write_text(text, encoding="utf-8")
        self.to_frame().to_csv(folder / "smiles.csv", index=False)

    def plot(self) -> Picture:
        """Accuracy and AUC of each model, with intervals."""
        from duchenne.evaluation.genuineness.showing import plot_smiles

        return plot_smiles(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.genuineness.showing import smiles_html

        return smiles_html(self)


def result_of(scores: SmileScores, folder: str) -> Result:
    """Scores as they stand in a model card; ``folder`` is what the command was given as data."""
    figures = [
        _figure("accuracy", scores.accuracy),
        _figure("auc", scores.auc),
        Figure("calibration_error", round(scores.ece, 6)),
        Figure("brier", round(scores.brier, 6)),
    ]
    if scores.repeats > 1:
        figures.append(Figure("lowest_accuracy_of_a_repeat", round(scores.lowest, 6)))
        figures.append(Figure("highest_accuracy_of_a_repeat", round(scores.highest, 6)))
    command = f"duchenne evaluate genuineness --model smile --data {folder}"
    return Result(f"{scores.data}: {scores.model}", scores.rows, command, tuple(figures))


def _figure(name: str, estimate: Estimate) -> Figure:
    ends = (round(end, 6) for end in (estimate.value, estimate.low, estimate.high))
    return Figure(name, *ends)


def _both(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([1 - p, p], axis=1)


def _told(estimate: Estimate) -> str:
    return f"{estimate.value:.4f} ({estimate.low:.4f} to {estimate.high:.4f})"
