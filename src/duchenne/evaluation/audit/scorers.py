"""The models that can be audited by name: emotion networks, the smile model, scores in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.emotion.classifier import EmotionClassifier
from duchenne.errors import DataError, reason
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.model_check import Scorer, Unseen
from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS
from duchenne.expressions.phases import COLUMNS
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.geometry import CROP, aligned_crop

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]

SMILE: Final = "smile"
_GENUINE: Final = "p_genuine"


@dataclass(frozen=True)
class ScoreColumn:
    """Scores that somebody computed already, in a column of the table of items."""

    name: str
    classes: tuple[str, ...] = ("",)

    def score(self, data: AuditSet) -> Matrix:
        """(N, 1).

        Raises:
            DataError: there is no such column.
        """
        if data.table is None or self.name not in data.table.columns:
            raise DataError(f"{data.name} has no column {self.name!r} with scores.")
        values = pd.to_numeric(data.table[self.name], errors="coerce").to_numpy(np.float64)
        return np.asarray(values[:, None])

    def unseen(self, data: AuditSet) -> Unseen:
        """All: where the scores come from, the table does not say."""
        return Unseen(data, "Whether these scores are out of fold, the table does not say.")


@dataclass(frozen=True)
class ScoreFile:
    """Scores in a CSV of their own, such as ``predictions.csv`` of ``duchenne evaluate``.

    Attributes:
        path: of the table; its first column names the items, ``p_genuine`` or else the last holds
            the scores.
    """

    path: Path

    @property
    def name(self) -> str:
        """The folder and the file."""
        return f"{self.path.parent.name}/{self.path.name}".lstrip("/")

    @property
    def classes(self) -> tuple[str, ...]:
        """("genuine",) for probabilities of genuine; unknown otherwise."""
        return ("genuine",) if _GENUINE in self._table().columns else ("",)

    def score(self, data: AuditSet) -> Matrix:
        """(N, 1); NaN for items that the file does not name.

        Raises:
            DataError: the file cannot be read, or names none of the items.
        """
        table = self._table()
        column = _GENUINE if _GENUINE in table.columns else table.columns[-1]
        scores = pd.to_numeric(table[column], errors="coerce")
        named = pd.Series(scores.to_numpy(), index=table.iloc[:, 0].astype(str))
        if named.index.has_duplicates or not named.index.isin(data.names).any():
            raise DataError(
                f"{self.path} should name each item of {data.name} once in its first column."
            )
        return np.asarray(named.reindex(data.names).to_numpy(np.float64)[:, None])

    def unseen(self, data: AuditSet) -> Unseen:
        """All: where the scores come from, the file does not say."""
        return Unseen(data, "Whether these scores are out of fold, the file does not say.")

    def _table(self) -> pd.DataFrame:
        try:
            return pd.read_csv(self.path)
        except (OSError, ValueError) as error:
            raise DataError(f"{self.path} is no table of scores: {reason(error)}.") from error


@dataclass(frozen=True, eq=False)
class EmotionScorer:
    """An emotion network; faces are found and levelled first, but for crops of 48 x 48 pixels."""

    model: str
    _network: EmotionClassifier = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_network", EmotionClassifier(self.model, classes=None))

    @property
    def name(self) -> str:
        """The card's."""
        return self._network.card.name

    @property
    def classes(self) -> tuple[str, ...]:
        """Of the network."""
        return tuple(self._network.card.classes)

    def score(self, data: AuditSet) -> Matrix:
        """(N, K) probabilities.

        Raises:
            DataError: the items are no pictures.
        """
        if data.pictures is None:
            raise DataError(f"{self.name} reads pictures, and {data.name} holds none.")
        return np.concatenate([self.score_pictures([load()]) for load in data.pictures])

    def score_pictures(self, pictures: Sequence[Picture]) -> Matrix:
        """(n, K) probabilities; NaN where no face was found."""
        crops = [self._crop(picture) for picture in pictures]
        seen = [crop for crop in crops if crop is not None]
        found = np.full((len(pictures), len(self.classes)), np.nan)
        if seen:
            rows = np.array([crop is not None for crop in crops])
            found[rows] = self._network.predict(np.stack(seen))
        return found

    def unseen(self, data: AuditSet) -> Unseen:
        """Of FER-2013, which our networks learned from, PrivateTest only."""
        test = data.split == "PrivateTest"
        if data.name != "FER-2013" or not test.any():
            return Unseen(data)
        told = "PrivateTest only: the network learned from the other pictures."
        return Unseen(data.rows(test), told)

    @cached_property
    def _tracker(self) -> FaceTracker:
        """Made with the first picture that is no crop already."""
        return FaceTracker(networks=FaceNetworks())

    def _crop(self, picture: Picture) -> Picture | None:
        if picture.shape[:2] == (CROP, CROP):
            return _grey(picture)
        pixels = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        faces = self._tracker.still(pixels)
        return _grey(aligned_crop(pixels, faces.landmarks[0])) if len(faces) else None


@dataclass(frozen=True)
class SmileScorer:
    """The smile model on the 75 numbers of each smile (``duchenne.expressions.phases``)."""

    name: str = SMILE
    classes: tuple[str, ...] = ("",)

    def score(self, data: AuditSet) -> Matrix:
        """(N, 1) how probably a smile is of the spontaneous kind.

        Raises:
            DataError: the table lacks the numbers of the lips.
        """
        from duchenne.genuineness.smile import SmileModel

        missing = [name for name in COLUMNS if data.table is None or name not in data.table]
        if data.table is None or missing:
            raise DataError(
                f"The smile model reads {len(COLUMNS)} features of the lips, and {data.name} "
                f"lacks {missing[0]}: take them from duchenne expressions."
            )
        lips = data.table[list(COLUMNS)].to_numpy(np.float64)
        return np.asarray(SmileModel().part("whole").p_genuine(lips)[:, None])

    def unseen(self, data: AuditSet) -> Unseen:
        """It learned from all of UvA-NEMO's smiles."""
        learned = data.name.startswith("UvA-NEMO")
        said = "The shipped smile model learned from these very smiles."
        return Unseen(data, said if learned else "", learned)


SCORERS: Final[dict[str, Callable[[], Scorer]]] = {SMILE: SmileScorer}
"""Models by name, made when they are asked for; others are emotion networks or columns."""


def scorer_of(name: str, data: AuditSet) -> Scorer:
    """The model of that name for a data set: a column of its table, a file of scores (.csv), a
    known model, a network.

    Raises:
        ModelError: there is no such network.
    """
    if data.table is not None and name in data.table.columns:
        return ScoreColumn(name)
    if name.lower().endswith(".csv"):
        return ScoreFile(Path(name))
    if name in SCORERS:
        return SCORERS[name]()
    return EmotionScorer(name)


def in_our_words(data: AuditSet) -> AuditSet:
    """Labels of PEDFE's emotions in the networks' words, so that scores find their label."""
    if not set(data.classes) <= set(PEDFE_EMOTIONS):
        return data
    return replace(data, label=np.array([PEDFE_EMOTIONS[name] for name in data.label.tolist()]))


def _grey(picture: Picture) -> Picture:
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
