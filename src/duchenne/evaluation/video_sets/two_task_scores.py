"""How well clips' displayed emotions, and whether these are genuine or posed, were named."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import KINDS
from duchenne.evaluation.forests import forest
from duchenne.evaluation.plots import plot_confusion, save_figure
from duchenne.evaluation.statistics.intervals import Estimate, bootstrap_interval
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.notebook import tables

# Inches: of a confusion matrix' figure at least, around the matrix, and from it to the subtitle.
_LEAST_WIDE: Final = 7.6
_LEAST_HIGH: Final = 5.2
_AROUND: Final = 1.7
_SUBTITLE: Final = 0.12

Shares = NDArray[np.float64]

METRICS: Final = "metrics.json"
PREDICTIONS: Final = "predictions.csv"
TASKS: Final = ("emotion", "genuine", "overall")


@dataclass(frozen=True, eq=False)
class TwoTaskScores:
    """Scores at clip level, with 95 % intervals from drawing whole people.

    Attributes:
        clips: the scored clips: code, subject, type, emotion, named_emotion, named_type, right
            (both tasks), p_genuine.
        emotion: of the emotions alone.
        genuine: of genuine and posed alone.
        overall: of their combinations; its accuracy is the share of clips with both right, the
            thesis' overall accuracy and that of a single head of 12 classes.
    """

    clips: pd.DataFrame
    emotion: ClassificationReport
    genuine: ClassificationReport
    overall: ClassificationReport

    @classmethod
    def from_joint(
        cls, clips: pd.DataFrame, emotions: tuple[str, ...], joint: Shares
    ) -> TwoTaskScores:
        """From probabilities of every combination.

        Args:
            clips: the table, n rows.
            emotions: the classes, in order.
            joint: (n, emotions, 2), genuine first; each clip's sum to 1.

        Raises:
            DataError: another shape, or no probabilities.
        """
        if joint.shape != (len(clips), len(emotions), len(KINDS)):
            raise DataError(f"{len(clips)} clips do not fit probabilities of shape {joint.shape}.")
        # Written so that NaN fails it too.
        if not ((joint >= 0).all() and (np.abs(joint.sum((1, 2)) - 1) < 1e-3).all()):
            raise DataError("The probabilities of a clip should be from 0 to 1 and sum to 1.")
        named = joint.reshape(len(joint), -1).argmax(axis=1)
        emotion, kind = named // len(KINDS), named % len(KINDS)
        table = clips[["code", "subject", "type", "emotion"]].reset_index(drop=True)
        table = table.assign(
            named_emotion=np.array(emotions)[emotion],
            named_type=np.array(KINDS)[kind],
            p_genuine=joint[:, :, 0].sum(axis=1),
        )
        return cls.from_table(table, emotions)

    @classmethod
    def from_table(cls, table: pd.DataFrame, emotions: tuple[str, ...]) -> TwoTaskScores:
        """From clips with what they were named: the columns of ``clips`` but ``right``.

        Raises:
            DataError: no clips, or an emotion or type that is none of the classes.
        """
        people = table["subject"].to_numpy()
        codes = {
            "emotion": (
                _places(table["emotion"], emotions),
                _places(table["named_emotion"], emotions),
            ),
            "genuine": (_places(table["type"], KINDS), _places(table["named_type"], KINDS)),
        }
        truth, named = (
            len(KINDS) * codes["emotion"][side] + codes["genuine"][side] for side in (0, 1)
        )
        both = [f"{kind} {emotion}" for emotion in emotions for kind in KINDS]
        return cls(
            table.assign(right=truth == named),
            ClassificationReport.from_predictions(*codes["emotion"], emotions, people),
            ClassificationReport.from_predictions(*codes["genuine"], KINDS, people),
            ClassificationReport.from_predictions(truth, named, both, people),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "clips": len(self.clips),
            "people": int(self.clips["subject"].nunique()),
        } | {task: getattr(self, task).to_dict() for task in TASKS}

    def to_text(self) -> str:
        """Three lines for the terminal."""
        lines = []
        names = {"emotion": "emotion", "genuine": "genuine or posed", "overall": "both right"}
        for task, name in names.items():
            share = getattr(self, task).accuracy
            lines.append(f"{name:17} {share.value:.3f} ({share.low:.3f} to {share.high:.3f})")
        return "\n".join(lines)

    def save(self, folder: Path, about: dict[str, Any], title: str) -> None:
        """Write metrics.json, predictions.csv and a confusion matrix a task.

        Raises:
            DataError: the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.clips.round(5).to_csv(folder / PREDICTIONS, index=False)
            for task in TASKS:
                figure = _confusion(getattr(self, task), title)
                save_figure(figure, folder / f"confusion_{task}.png")
            # Last, for it says that the rest is there.
            text = json.dumps(about | self.to_dict(), indent=2, allow_nan=False)
            (folder / METRICS).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise DataError(f"{folder} cannot be written ({error.strerror}).") from error

    def plot(self, *, task: str = "overall") -> Figure:
        """The confusion matrix of a task: emotion, genuine, or overall, their combinations.

        Raises:
            DataError: no such task.
        """
        if task not in TASKS:
            raise DataError(f"No task {task!r}; there are: {', '.join(TASKS)}.")
        return _confusion(getattr(self, task), f"{task}, {len(self.clips):,} clips")

    def _repr_html_(self) -> str:
        facts = {"clips": len(self.clips), "people": int(self.clips["subject"].nunique())}
        lines = [
            (task, one.accuracy, one.macro_f1) for task in TASKS for one in [getattr(self, task)]
        ]
        table = tables.rows(["task", "accuracy (95 %)", "macro F1 (95 %)"], lines)
        return tables.noun("Emotion, and genuine or posed", facts, table)


@dataclass(frozen=True)
class PairedScores:
    """How much more often a first configuration was right than a second, on the same clips.

    Attributes:
        clips: how many both scored.
        differences: of the accuracies by task, with intervals over people; above 0: the first.
    """

    clips: int
    differences: dict[str, Estimate]

    @classmethod
    def from_tables(cls, first: pd.DataFrame, second: pd.DataFrame) -> PairedScores:
        """Compare two tables of predictions on the clips that they share.

        Raises:
            DataError: they share none.
        """
        both = first.merge(second, on="code", suffixes=("", "_second"))
        if both.empty:
            raise DataError("The two experiments scored no clip in common.")
        people = both["subject"].to_numpy()
        differences = {}
        for task in TASKS:
            gain = _right(both, task, "").astype(float) - _right(both, task, "_second")
            differences[task] = bootstrap_interval(
                lambda rows, gain=gain: float(gain[rows].mean()),  # type: ignore[misc]
                len(gain),
                people,
            )
        return cls(len(both), differences)

    def plot(self) -> Figure:
        """The differences of the accuracies with their intervals; 0: neither is better."""
        unit = "difference of accuracies (above 0: the first is better)"
        title = f"Two configurations on {self.clips:,} clips"
        return forest(title, {unit: self.differences}, 0.0, "task")

    def _repr_html_(self) -> str:
        table = tables.rows(["task", "first less second (95 %)"], list(self.differences.items()))
        return tables.noun("Two configurations", {"clips of both": self.clips}, table)


def _confusion(report: ClassificationReport, title: str) -> Figure:
    """The matrix, with room for the title where classes are few, for names where they are many."""
    names = tuple(name.replace(" ", "\n") for name in report.names)
    figure = plot_confusion(replace(report, names=names), title)
    width, height = figure.get_size_inches()
    figure.set_size_inches(max(width, _LEAST_WIDE), max(height, _LEAST_HIGH))
    (axes,) = figure.axes
    # The line below the title stands a share of the matrix' height above it, whatever that is.
    axes.texts[-1].set_y(1.0 + _SUBTITLE / (max(height, _LEAST_HIGH) - _AROUND))
    return figure


def _right(table: pd.DataFrame, task: str, suffix: str) -> NDArray[np.bool_]:
    emotion = (table["emotion"] == table[f"named_emotion{suffix}"]).to_numpy(bool)
    genuine = (table["type"] == table[f"named_type{suffix}"]).to_numpy(bool)
    return np.asarray({"emotion": emotion, "genuine": genuine, "overall": emotion & genuine}[task])


def _places(values: pd.Series, names: tuple[str, ...]) -> NDArray[np.intp]:
    found = values.map({name: place for place, name in enumerate(names)})
    if found.isna().any():
        raise DataError(f"{values[found.isna()].iloc[0]!r} is none of {', '.join(names)}.")
    return np.asarray(found, np.intp)
