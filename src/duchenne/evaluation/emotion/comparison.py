"""All emotion networks on one table: how right, how sure, how large, how fast."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.fer2013 import Fer2013
from duchenne.evaluation.emotion import comparison_table
from duchenne.evaluation.emotion.answers import Answers, ask
from duchenne.evaluation.emotion.onnx_file import count_parameters
from duchenne.evaluation.emotion.scores import Classifier, copies_of_training
from duchenne.evaluation.emotion.talk_table import TalkRow, talk_frame, talk_row, talk_rows
from duchenne.evaluation.emotion.targets import TALK_EMOTIONS, EmotionTarget, target
from duchenne.evaluation.emotion.timing import BATCHES, REPEATS, Milliseconds, time_networks
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.calibration import Calibration
from duchenne.evaluation.statistics.intervals import finite_or_none
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.evaluation.statistics.paired import PairedDifference

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TIMED: Final = 64


@dataclass(frozen=True, eq=False)
class NetworkRow:
    """One network of the comparison.

    Attributes:
        name: of the network.
        sha256: of its file.
        target: the classes and labels it is held against.
        whole: on every row of the split that has one of its classes.
        without_copies: on those of them that are no copies of Training rows; None where that
            cannot be known, or where there are none.
        left_out: rows of the split without one of its classes.
        calibration: on the rows of ``whole``.
        parameters: numbers in its file; None where they cannot be counted.
        megabytes: size of its file, 10^6 bytes.
        speed: milliseconds a face by batch size.
        reference: the network it is compared with: the first one for the same target; None for
            that one itself.
        difference: of accuracy to the reference, on the same rows; None without a reference.
        difference_without_copies: the same on the rows of ``without_copies``.
    """

    name: str
    sha256: str
    target: EmotionTarget
    whole: ClassificationReport
    without_copies: ClassificationReport | None
    left_out: int
    calibration: Calibration
    parameters: int | None
    megabytes: float
    speed: Mapping[int, Milliseconds]
    reference: str | None
    difference: PairedDifference | None
    difference_without_copies: PairedDifference | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "network": self.name,
            "sha256": self.sha256,
            "target": self.target.name,
            "left_out": self.left_out,
            **self.whole.to_dict(),
            "calibration": self.calibration.to_dict(),
            "without_copies": _or_none(self.without_copies),
            "parameters": self.parameters,
            "megabytes": finite_or_none(self.megabytes),
            "ms_a_face": {str(b): ms.to_dict() for b, ms in self.speed.items()},
            "reference": self.reference,
            "difference": _or_none(self.difference),
            "difference_without_copies": _or_none(self.difference_without_copies),
        }


@dataclass(frozen=True, eq=False)
class NetworkComparison:
    """Emotion networks measured on the same split in the same minutes.

    Attributes:
        split: Training, PublicTest or PrivateTest.
        networks: a row each, in the order given.
        copies: rows of the split that are copies of Training rows; None where unknown.
        rows: of the split.
        talk: the talk's five-class table, its own networks first.
        circumstances: machine, commit, date.
        repeats: calls behind each median of the speed.
        warning: of the data set's reader; empty for the original.
    """

    split: str
    networks: tuple[NetworkRow, ...]
    copies: int | None
    rows: int
    talk: tuple[TalkRow, ...]
    circumstances: Circumstances
    repeats: int
    warning: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "data": f"FER-2013 {self.split}",
            "rows": self.rows,
            "copies_of_training": self.copies,
            "warning": self.warning or None,
            **vars(self.circumstances),
            "repeats": self.repeats,
            "networks": [row.to_dict() for row in self.networks],
            "talk": [row.to_dict() for row in self.talk],
        }

    def to_frame(self) -> pd.DataFrame:
        """A row a network, flat, as ``networks.csv`` holds it."""
        return comparison_table.frame(self)

    def to_text(self) -> str:
        """Tables for the terminal."""
        return comparison_table.text(self)

    def save(self, folder: str | Path) -> Path:
        """Write ``networks.csv``, ``talk.csv`` and ``networks.json``.

        Raises:
            DataError: the folder cannot be written.
        """
        target = Path(folder)
        try:
            target.mkdir(parents=True, exist_ok=True)
            self.to_frame().to_csv(target / "networks.csv", index=False)
            talk_frame(list(self.talk)).to_csv(target / "talk.csv", index=False)
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
            (target / "networks.json").write_text(text, encoding="utf-8")
        except OSError as error:
            raise DataError(f"{target} cannot be written ({error.strerror}).") from error
        return target

    def plot(self) -> Figure:
        """Accuracy and macro F1 of each network, with intervals."""
        from duchenne.evaluation.emotion.showing import plot_comparison

        return plot_comparison(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import comparison_html

        return comparison_html(self)


def compare_networks(
    classifiers: Sequence[Classifier],
    data: Fer2013,
    split: str = "PrivateTest",
    repeats: int = REPEATS,
    on_progress: Callable[[int], object] | None = None,
) -> NetworkComparison:
    """Measure emotion networks on one split, without test-time augmentation, and time them.

    Each network is held against the labels of its own classes. Differences are paired: each
    network with the first one given for the same classes, on the same rows, by McNemar's exact
    test; the p values are not corrected for the number of networks.

    Args:
        classifiers: at least one, of different names, for example
            ``EmotionClassifier(name, classes=None)``.
        data: FER-2013; with its Training rows, copies of them are set apart.
        split: Training, PublicTest or PrivateTest.
        repeats: timed calls of each network and batch size.
        on_progress: told how many more pictures are done.

    Raises:
        DataError: nothing to compare, a name twice, or no rows or labels for a network.
    """
    names = [classifier.card.name for classifier in classifiers]
    if not names or len(set(names)) < len(names):
        raise DataError("Give one network or more, each once and under a name of its own.")
    rows = data.split(split)
    copies = copies_of_training(data, split)
    answers = [ask(classifier, rows, on_progress) for classifier in classifiers]
    speed = time_networks(
        {c.card.name: c.logits for c in classifiers}, _crops_to_time(rows), BATCHES, repeats
    )
    return NetworkComparison(
        split=split,
        networks=tuple(_row(one, answers, copies, speed[one.name]) for one in answers),
        copies=None if copies is None else int(copies.sum()),
        rows=len(rows),
        talk=(*talk_rows(), *_talk(answers, rows)),
        circumstances=Circumstances.now(),
        repeats=repeats,
        warning=data.warning,
    )


def _crops_to_time(rows: Fer2013) -> NDArray[np.uint8]:
    """At least as many as the largest batch, repeated where the split has fewer."""
    few = rows.images[:_TIMED]
    return np.resize(few, (max(len(few), *BATCHES), *few.shape[1:]))


def _row(
    one: Answers,
    answers: list[Answers],
    copies: NDArray[np.bool_] | None,
    speed: Mapping[int, Milliseconds],
) -> NetworkRow:
    first = next(other for other in answers if other.target is one.target)
    distinct = None if copies is None else ~copies[one.chosen]
    if distinct is not None and not distinct.any():
        distinct = None
    card = one.classifier.card
    onnx = card.path.suffix == ".onnx"
    difference = rest = None
    if first is not one:
        difference = PairedDifference.from_right(one.right, first.right)
        if distinct is not None:
            rest = PairedDifference.from_right(one.right[distinct], first.right[distinct])
    return NetworkRow(
        name=one.name,
        sha256=card.sha256,
        target=one.target,
        whole=one.report(),
        without_copies=None if distinct is None else one.report(distinct),
        left_out=int((~one.chosen).sum()),
        calibration=Calibration.from_logits(one.logits, one.labels, card.temperature),
        parameters=count_parameters(card.path) if onnx else None,
        megabytes=card.path.stat().st_size / 1e6,
        speed=speed,
        reference=None if first is one else first.name,
        difference=difference,
        difference_without_copies=rest,
    )


def _talk(answers: list[Answers], rows: Fer2013) -> list[TalkRow]:
    """Our rows of the talk's table: networks for its five classes, and those for all seven."""
    five, labels = target("talk5").select(rows)
    found = []
    for one in answers:
        if one.target.classes == TALK_EMOTIONS:
            found.append(talk_row(one.name, TALK_EMOTIONS, one.labels, one.probabilities))
        elif one.target.classes == EMOTIONS:
            found.append(talk_row(one.name, EMOTIONS, labels, one.probabilities[five]))
    return found


def _or_none(part: ClassificationReport | PairedDifference | None) -> dict[str, Any] | None:
    return None if part is None else part.to_dict()
