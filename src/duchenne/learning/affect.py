"""How far Action Units tell the affect that raters see in a clip, on people left out.

After Haines, Southward, Cheavens, Beauchaine and Ahn, "Using computer-vision and machine learning
to automate facial coding of positive and negative affect intensity", PLOS ONE 14(2), 2019
(doi 10.1371/journal.pone.0211735): 20 Action Units of each clip, three raters' positive and
negative affect from 1 to 7, a random forest. They split recordings at random, so that a person was
in both parts; here whole people are left out, and random folds only show what that changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from duchenne.action_units.tables import UNREADABLE
from duchenne.errors import DataError
from duchenne.evaluation.statistics.intervals import REPLICATES
from duchenne.evaluation.statistics.subject_folds import Folds, Kind, random_folds, subject_folds
from duchenne.learning.affect_scores import AffectScores, correlation

__all__ = [
    "AffectClips", "AffectScores", "predict_left_out", "read_affect", "score_affect",
    "unit_importance",
]  # fmt: skip

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

Rating = Literal["positive", "negative"]
Model = Literal["ridge", "forest"]
RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
MODELS: Final[tuple[Model, ...]] = get_args(Model)

FILE: Final = "au_affect.csv.gz"
SCALE: Final = (1.0, 7.0)
LEAST_CLIPS: Final = 21
"""The authors leave out people with fewer clips."""

FOLDS: Final = 10
TREES: Final = 100
RATERS: Final = 3

_SHORT: Final[dict[Rating, str]] = {"positive": "pos", "negative": "neg"}
_PENALTIES: Final = np.logspace(-1, 4, 21)


@dataclass(frozen=True, eq=False)
class AffectClips:
    """Clips with their Action Units and what raters said of each.

    Attributes:
        units: names of the Action Units, such as ``AU12``.
        values: (n, units) evidence of each over the clip.
        ratings: by ``positive`` and ``negative``: (n, 3) of each rater, 1 (none) to 7 (extreme).
        people: (n,) who is seen.
        condition: (n,) what they were asked for: express, normal, suppress.
        left_out: why rows of the table are not here, a sentence each.
    """

    units: tuple[str, ...]
    values: Matrix
    ratings: dict[Rating, Matrix]
    people: NDArray[Any]
    condition: NDArray[Any]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def from_table(cls, table: pd.DataFrame, least_clips: int = LEAST_CLIPS) -> AffectClips:
        """From the columns ``subjNum``, ``condition_name``, ``AU1overall`` and so on, and
        ``rater1_posScore`` to ``rater3_negScore``.

        Left out are clips with a rating that is missing or not from 1 to 7, then people with fewer
        than ``least_clips`` rows of the table.

        Raises:
            DataError: a column is missing or holds something else than numbers, or no clip is left.
        """
        columns = [name for name in table.columns if str(name).startswith("AU")]
        needed = ["subjNum", "condition_name", *(c for r in RATINGS for c in _raters(r))]
        missing = [name for name in needed if name not in table.columns]
        if missing or not columns:
            raise DataError(
                f"The table of affect lacks {missing[0] if missing else 'AU columns'}: it should "
                "have the columns of Haines et al. (2019), AU1overall to rater3_negScore."
            )
        scores = {rating: _numbers(table, _raters(rating)) for rating in RATINGS}
        values = _numbers(table, columns)
        rated = np.isfinite(values).all(axis=1)
        for each in scores.values():
            # Written so that NaN fails it too.
            rated &= ((each >= SCALE[0]) & (each <= SCALE[1])).all(axis=1)
        clips_of = table["subjNum"].map(table["subjNum"].value_counts()).to_numpy()
        enough = clips_of >= least_clips
        kept = rated & enough
        if not kept.any():
            raise DataError(
                "The table of affect has no clip that is rated from 1 to 7 and shows a person with "
                f"at least {least_clips} clips: lower least_clips, or mend the ratings."
            )
        few = int(table.loc[~enough, "subjNum"].nunique())
        reasons = (
            f"{int((enough & ~rated).sum())} clips with a rating missing or not from 1 to 7",
            f"{int((~enough).sum())} clips of {few} people with fewer than {least_clips}",
        )
        return cls(
            tuple(_unit(name) for name in columns),
            values[kept],
            {rating: each[kept] for rating, each in scores.items()},
            table["subjNum"].to_numpy()[kept],
            table["condition_name"].to_numpy()[kept],
            reasons,
        )

    def rating(self, rating: Rating) -> Vector:
        """(n,) mean of the three raters, 1 to 7.

        Raises:
            DataError: neither ``positive`` nor ``negative``.
        """
        if rating not in RATINGS:
            raise DataError(f"Affect is rated as {' or '.join(RATINGS)}, not as {rating!r}.")
        return np.asarray(self.ratings[rating].mean(axis=1))

    def folds(self, kind: Kind = "subject", folds: int = FOLDS) -> Folds:
        """Folds in which nobody is on both sides; ``random``: in which everybody is.

        Raises:
            DataError: fewer than two people, or fewer clips than folds.
        """
        clips = pd.DataFrame({"subject": self.people, "type": self.condition, "emotion": ""})
        deal = subject_folds if kind == "subject" else random_folds
        return deal(clips, folds)


def read_affect(path: str | Path, least_clips: int = LEAST_CLIPS) -> AffectClips:
    """Read the published table: a CSV, also compressed, or the folder of ``au_affect.csv.gz``.

    Raises:
        DataError: the file is missing, damaged or no table, or as ``AffectClips.from_table``.
    """
    where = Path(path)
    where = where / FILE if where.is_dir() else where
    try:
        table = pd.read_csv(where)
    except UNREADABLE as error:
        why = str(error).strip()
        raise DataError(f"{where} cannot be read as a table of affect: {why}.") from error
    return AffectClips.from_table(table, least_clips)


def predict_left_out(
    clips: AffectClips,
    rating: Rating,
    model: Model = "ridge",
    folds: Folds | None = None,
    *,
    trees: int = TREES,
    seed: int = 0,
) -> Vector:
    """(n,) the rating of each clip as predicted by a model that did not see its fold.

    Args:
        clips: to learn from and to predict.
        rating: positive or negative affect.
        model: ``ridge`` regression (penalty chosen inside the training rows), or random ``forest``.
        folds: by default ten by person.
        trees: of the forest.
        seed: of the forest.

    Raises:
        DataError: an unknown model or rating, or as ``AffectClips.folds``.
    """
    wanted = clips.rating(rating)
    found = np.empty(len(clips))
    for train, test in (folds or clips.folds()).splits():
        fitted = _model(model, trees, seed).fit(clips.values[train], wanted[train])
        found[test] = fitted.predict(clips.values[test])
    return found


def score_affect(
    clips: AffectClips, rating: Rating, predicted: Vector, replicates: int = REPLICATES
) -> AffectScores:
    """How near (n,) predictions come to what raters said.

    Raises:
        DataError: an unknown rating, or as ``AffectScores.of``.
    """
    clips.rating(rating)
    return AffectScores.of(predicted, clips.ratings[rating], clips.people, replicates)


def unit_importance(
    clips: AffectClips,
    rating: Rating,
    model: Model = "ridge",
    folds: Folds | None = None,
    *,
    trees: int = TREES,
    seed: int = 0,
) -> pd.DataFrame:
    """What each Action Unit is worth: how far r falls when it is shuffled (Breiman 2001).

    Clips of the scored fold exchange one Action Unit at a time; the model stays as it is. Units
    that tell the same cover for each other, so a small loss does not mean that one is never used.

    Returns:
        A row an Action Unit, the most important first: ``unit``, ``loss`` of r over all clips.

    Raises:
        DataError: as ``predict_left_out``.
    """
    wanted, random = clips.rating(rating), np.random.default_rng(seed)
    whole, shuffled = np.empty(len(clips)), np.empty((len(clips.units), len(clips)))
    for train, test in (folds or clips.folds()).splits():
        fitted = _model(model, trees, seed).fit(clips.values[train], wanted[train])
        whole[test] = fitted.predict(clips.values[test])
        for place in range(len(clips.units)):
            rows = clips.values[test].copy()
            rows[:, place] = random.permutation(rows[:, place])
            shuffled[place, test] = fitted.predict(rows)
    losses = [correlation(whole, wanted) - correlation(one, wanted) for one in shuffled]
    found = pd.DataFrame({"unit": clips.units, "loss": losses})
    return found.sort_values("loss", ascending=False, kind="stable").reset_index(drop=True)


def _model(name: Model, trees: int, seed: int) -> Any:
    if name not in MODELS:
        raise DataError(f"Affect is predicted by {' or '.join(MODELS)}, not by {name!r}.")
    if name == "ridge":
        return make_pipeline(StandardScaler(), RidgeCV(_PENALTIES))
    # A third of the units at each split, as Breiman advises for regression.
    return RandomForestRegressor(
        trees, max_features=1 / 3, min_samples_leaf=5, max_samples=0.5, random_state=seed
    )


def _raters(rating: Rating) -> list[str]:
    return [f"rater{number}_{_SHORT[rating]}Score" for number in range(1, RATERS + 1)]


def _numbers(table: pd.DataFrame, columns: Sequence[str]) -> Matrix:
    try:
        return np.asarray(table[list(columns)].to_numpy(np.float64))
    except (TypeError, ValueError) as error:
        raise DataError(
            f"The columns {columns[0]} to {columns[-1]} of the table of affect should hold numbers."
        ) from error


def _unit(column: str) -> str:
    """``AU1overall`` is AU01 in our names."""
    number = "".join(letter for letter in str(column)[2:] if letter.isdigit())
    return f"AU{int(number):02d}" if number else str(column)
