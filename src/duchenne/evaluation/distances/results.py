"""What a run of Study I is asked for, and what it found."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pandas as pd

from duchenne.errors import DataError
from duchenne.evaluation.distances.contributions import Contribution
from duchenne.evaluation.distances.descriptions import DESCRIPTIONS, Description
from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.distances.shares import Part
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.evaluation.statistics.metrics import ClassificationReport

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Target = Literal["emotion", "genuine"]
Metric = Literal["euclidean", "correlation", "discriminant", "dtw"]
Protocol = Literal["kfold", "loso"]
TARGETS: Final[tuple[Target, ...]] = get_args(Target)
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
PROTOCOLS: Final[tuple[Protocol, ...]] = get_args(Protocol)


@dataclass(frozen=True)
class Settings:
    """What is compared, and how.

    Attributes:
        target: the six emotions, or genuine against posed.
        metric: how far two clips are apart; ``discriminant`` learns from labels.
        description: the numbers of a clip; ``dtw`` always takes ``resampled``.
        landmarks: name of a subset (``trajectories.SUBSETS``).
        person_mean: whether each person's own mean over clips is removed, without labels.
        neighbours: how many vote.
        seed: of the random folds and of all draws.
    """

    target: Target = "emotion"
    metric: Metric = "correlation"
    description: Description = "mean-range"
    landmarks: str = "all"
    person_mean: bool = True
    neighbours: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (
            ("target", TARGETS),
            ("metric", METRICS),
            ("description", DESCRIPTIONS),
        ):
            if getattr(self, name) not in known:
                raise DataError(
                    f"No {name} {getattr(self, name)!r}; there are: {', '.join(known)}."
                )
        if self.neighbours < 1:
            raise DataError(f"A clip is named by at least one neighbour, not {self.neighbours}.")
        if self.metric == "dtw" and (self.description, self.landmarks) != (
            "resampled",
            "expressive",
        ):
            raise DataError(
                "Dynamic time warping compares movements of few landmarks: "
                "choose the description resampled and the landmarks expressive with it."
            )

    def name(self) -> str:
        """One line for tables."""
        own = "person's mean removed" if self.person_mean else "nothing known of the person"
        return f"{self.neighbours}-nearest, {self.metric}, {self.description}, {own}"


@dataclass(frozen=True, eq=False)
class Result:
    """One way to compare clips, by both protocols.

    Attributes:
        settings: of the way.
        reports: protocol to accuracy, F1 and confusions, intervals over people.
        by_neighbours: protocol to accuracy with other numbers of neighbours; none was chosen.
    """

    settings: Settings
    reports: dict[Protocol, ClassificationReport]
    by_neighbours: dict[Protocol, dict[int, Estimate]]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "settings": asdict(self.settings),
            "reports": {name: report.to_dict() for name, report in self.reports.items()},
            "by_neighbours": {
                name: {str(k): e.to_dict() for k, e in found.items()}
                for name, found in self.by_neighbours.items()
            },
        }


@dataclass(frozen=True, eq=False)
class Nested:
    """Metric and neighbours chosen by each fold on its own training clips.

    Attributes:
        report: how often right, intervals over people.
        times: the setting to how many folds chose it.
    """

    report: ClassificationReport
    times: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"report": self.report.to_dict(), "times": self.times}


@dataclass(frozen=True, eq=False)
class DistanceStudy:
    """All figures of one run.

    Attributes:
        protocol: ``kfold`` or ``loso``: which one predictions, parts, levels and curve are of.
        classes: names of the labels.
        clips: the table of clips with columns predicted, nearest, nearest_subject.
        result: of the settings asked for.
        plain: of the poster's method: 1-nearest, Euclidean, nothing removed.
        nested: protocol to what came out where each fold chose for itself.
        parts: clips of one kind compared with each other alone.
        levels: clips at or above a hit rate, compared with each other alone.
        curves: protocol to accuracy by number of training clips.
        own: what the person's own clips are worth.
        own_plain: the same for the poster's method.
        pairs: landmarks, by what they contribute when people are left out.
    """

    protocol: Protocol
    classes: tuple[str, ...]
    clips: pd.DataFrame
    result: Result
    plain: Result
    nested: dict[Protocol, Nested]
    parts: tuple[Part, ...]
    levels: tuple[Part, ...]
    curves: dict[Protocol, tuple[Part, ...]]
    own: OwnSamples | None
    own_plain: OwnSamples
    pairs: tuple[Contribution, ...]

    @property
    def report(self) -> ClassificationReport:
        """Of the settings and the protocol asked for."""
        return self.result.reports[self.protocol]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; undefined values are None."""
        return {
            "protocol": self.protocol,
            "people": int(self.clips["subject"].nunique()),
            "result": self.result.to_dict(),
            "plain": self.plain.to_dict(),
            "nested": {name: found.to_dict() for name, found in self.nested.items()},
            "parts": [part.to_dict() for part in self.parts],
            "levels": [part.to_dict() for part in self.levels],
            "curves": {n: [p.to_dict() for p in found] for n, found in self.curves.items()},
            "own_samples": None if self.own is None else self.own.to_dict(),
            "own_samples_plain": self.own_plain.to_dict(),
            "pairs": [pair.to_dict() for pair in self.pairs],
        }

    def to_text(self) -> str:
        """A table for the terminal."""
        lines = [f"{'':62}  random 10-fold         person left out"]
        for result in (self.plain, self.result):
            figures = "  ".join(_range(result.reports[p].accuracy) for p in PROTOCOLS)
            lines.append(f"{result.settings.name():62}  {figures}")
        figures = "  ".join(_range(self.nested[p].report.accuracy) for p in PROTOCOLS)
        lines.append(f"{'metric and neighbours chosen on the training clips':62}  {figures}")
        if self.own is not None:
            lines += [
                "",
                f"owed to the person's own clips: {_range(self.own.owed)} of the accuracy",
            ]
        return "\n".join([*lines, "", self.report.to_text()])

    def save(self, out: Path) -> None:
        """Write ``metrics.json`` and ``predictions.csv``.

        Raises:
            DataError: the folder cannot be written.
        """
        columns = ["code", "subject", "type", "emotion", "predicted", "nearest", "nearest_subject"]
        try:
            out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.to_dict(), indent=2, allow_nan=False)
            (out / "metrics.json").write_text(text + "\n", encoding="utf-8")
            self.clips[columns].to_csv(out / "predictions.csv", index=False)
        except OSError as error:
            raise DataError(f"{out} cannot be written ({error.strerror}).") from error

    def plot(self) -> Figure:
        """Accuracy of each way to compare clips by both protocols, and with ever more clips."""
        from duchenne.evaluation.distances.showing import plot_study

        return plot_study(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.distances.showing import study_html

        return study_html(self)


def _range(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})".ljust(21)
