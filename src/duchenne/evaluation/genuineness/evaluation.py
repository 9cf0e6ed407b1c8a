"""One genuineness model's figures on a set of clips, beside people and beside a trivial model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS
from duchenne.evaluation.genuineness.scores import GenuinenessScores, Judged, Raters, matched_auc
from duchenne.evaluation.statistics.intervals import Estimate, finite_or_none
from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.evaluation.statistics.subject_folds import Folds

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class GenuinenessEvaluation:
    """How well one model told displays that were elicited from those that were acted.

    Attributes:
        model: its name.
        folds: ``subject`` or ``random``; numbers by random folds are no results.
        person_information: whether it saw the person's other clips, without labels.
        clips: the table of clips with a column ``p_genuine``.
        scores: over all clips.
        by_emotion: PEDFE's name of the emotion to its scores.
        matched: AUC within pairs of equally strong clips (``matched_auc``).
        intensity: scores of the intensity-only baseline on the same folds.
        intensity_matters: rank correlation of the model's p with raters' intensity, -1 to 1.
        raters: how well people did.
        seconds: of training a fold, mean.
    """

    model: str
    folds: str
    person_information: bool
    clips: pd.DataFrame
    scores: GenuinenessScores
    by_emotion: dict[str, GenuinenessScores]
    matched: Estimate
    intensity: GenuinenessScores
    intensity_matters: float
    raters: Raters
    seconds: float

    @classmethod
    def from_predictions(
        cls,
        model: str,
        clips: pd.DataFrame,
        p: ArrayLike,
        folds: Folds,
        person_information: bool = False,
        seconds: float = float("nan"),
    ) -> GenuinenessEvaluation:
        """From (n,) out-of-fold probabilities of genuine for the clips of PEDFE's table.

        Raises:
            DataError: lengths that differ, or values that are no probabilities.
        """
        judged = Judged.from_clips(clips, p)
        strong = clips["mean_intensity"].to_numpy(np.float64)
        each = {
            emotion: GenuinenessScores.from_judged(_chosen(judged, rows))
            for emotion in PEDFE_EMOTIONS
            if (rows := (clips["emotion"] == emotion).to_numpy(bool)).any()
        }
        alone = Judged.from_clips(clips, intensity_baseline(clips, folds))
        return cls(
            model,
            folds.kind,
            person_information,
            clips.assign(p_genuine=judged.p),
            GenuinenessScores.from_judged(judged),
            each,
            matched_auc(judged, strong),
            GenuinenessScores.from_judged(alone),
            rank_correlation(judged.p, strong),
            Raters.from_clips(clips),
            seconds,
        )

    @property
    def judged(self) -> Judged:
        """The clips with the model's probabilities, for ``ModelDifference``."""
        return Judged.from_clips(self.clips, self.clips["p_genuine"])

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; undefined values are None."""
        return {
            "model": self.model,
            "folds": self.folds,
            "person_information": self.person_information,
            "people": int(self.clips["subject"].nunique()),
            "all": self.scores.to_dict(),
            "by_emotion": {name: scores.to_dict() for name, scores in self.by_emotion.items()},
            "matched_auc": self.matched.to_dict(),
            "intensity_only": self.intensity.to_dict(),
            "intensity_correlation": finite_or_none(self.intensity_matters),
            "raters": self.raters.to_dict(),
            "seconds_a_fold": finite_or_none(self.seconds),
        }

    def to_text(self) -> str:
        """A table for the terminal."""
        who = "unseen people" if self.folds == "subject" else "RANDOM FOLDS, people seen: no result"
        own = (
            "the person's other clips used" if self.person_information else "no person information"
        )
        rows = {"all": self.scores} | self.by_emotion
        lines = [f"{self.model}, {who}, {own}", ""]
        lines.append(
            f"{'':10} {'clips':>5}  accuracy              AUC                   Brier    ECE"
        )
        lines += [_line(name, scores) for name, scores in rows.items()]
        lines += ["", _line("intensity", self.intensity)]
        lines.append(f"{'one rater':10} {'':5}  {_range(self.raters.single)}")
        crowd = f"{_range(self.raters.crowd)}  {_range(self.raters.crowd_auc)}"
        lines.append(f"{'crowd':10} {'':5}  {crowd}")
        genuine, posed = self.scores.genuine.value, self.scores.posed.value
        lines += [
            "",
            f"right about genuine {genuine:.3f}, about posed {posed:.3f}",
            f"AUC within equally strong pairs {_range(self.matched)}; "
            f"rank correlation of p with intensity {self.intensity_matters:.2f}",
        ]
        return "\n".join(lines)

    def save(self, out: Path) -> None:
        """Write ``metrics.json`` and ``predictions.csv`` (code, subject, type, emotion, p).

        Raises:
            DataError: the folder cannot be written.
        """
        columns = ["code", "subject", "type", "emotion", "p_genuine"]
        try:
            out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.to_dict(), indent=2, allow_nan=False)
            (out / "metrics.json").write_text(text + "\n", encoding="utf-8")
            self.clips[columns].round(5).to_csv(out / "predictions.csv", index=False)
        except OSError as error:
            raise DataError(f"{out} cannot be written ({error.strerror}).") from error

    def plot(self) -> Figure:
        """Accuracy and AUC, of all clips and each emotion, beside intensity alone and raters."""
        from duchenne.evaluation.genuineness.showing import plot_evaluation

        return plot_evaluation(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.genuineness.showing import evaluation_html

        return evaluation_html(self)


def intensity_baseline(clips: pd.DataFrame, folds: Folds) -> NDArray[np.float64]:
    """(n,) probabilities of genuine from raters' mean intensity alone, fitted fold by fold.

    It answers a doubt: that a weak display is called posed and a strong one genuine.
    """
    strong = clips["mean_intensity"].to_numpy(np.float64)
    genuine = (clips["type"] == "genuine").to_numpy(bool)
    p = np.empty(len(clips))
    for train, test in folds.splits():
        p[test] = Sigmoid.fit(strong[train], genuine[train])(strong[test])
    return p


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation, -1 to 1; NaN where one of them does not vary."""
    ranks = [pd.Series(np.asarray(values)).rank().to_numpy() for values in (first, second)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])


def _chosen(judged: Judged, rows: NDArray[np.bool_]) -> Judged:
    return Judged(judged.genuine[rows], judged.p[rows], judged.subject[rows])


def _line(name: str, scores: GenuinenessScores) -> str:
    values = f"{_range(scores.accuracy)}  {_range(scores.auc)}"
    return f"{name:10} {scores.rows:5d}  {values}  {scores.brier.value:.3f}  {scores.ece.value:.3f}"


def _range(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})".ljust(20)
