"""Study I: every evaluation of the landmark-distance classifier on one data set."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.pedfe import KINDS, PEDFE_EMOTIONS
from duchenne.evaluation.distances.choosing import NEIGHBOURS, choose
from duchenne.evaluation.distances.comparing import PLAIN, compare, without_person
from duchenne.evaluation.distances.contributions import contributions
from duchenne.evaluation.distances.descriptions import describe
from duchenne.evaluation.distances.discriminant import compare_learned
from duchenne.evaluation.distances.neighbours import Labels, nearest, vote
from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.distances.results import (
    PROTOCOLS,
    DistanceStudy,
    Nested,
    Protocol,
    Result,
    Settings,
    Target,
)
from duchenne.evaluation.distances.shares import Part, by_level, share, training_curve, within
from duchenne.evaluation.distances.trajectories import Trajectories
from duchenne.evaluation.distances.warping import compare_warped
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.evaluation.statistics.subject_folds import Folds, random_folds

RANDOM_FOLDS: Final = 10

Distances = NDArray[np.float32]
Say = Callable[[str, int, int], Any]


@dataclass(frozen=True, eq=False)
class Ground:
    """What all comparisons of a run share.

    Attributes:
        clips: the table of clips.
        trajectories: of the same clips in the same order.
        folder: where rows and distances are kept; None: nowhere.
        say: told what is being done, how much of it is, and how much there is.
    """

    clips: pd.DataFrame
    trajectories: Trajectories
    folder: Path | None = None
    say: Say = lambda step, done, total: None

    def labels(self, target: Target) -> tuple[Labels, tuple[str, ...]]:
        """(n,) labels from 0, and their names."""
        names = tuple(PEDFE_EMOTIONS) if target == "emotion" else KINDS
        column = "emotion" if target == "emotion" else "type"
        return self.clips[column].map(names.index).to_numpy(np.intp), names

    def folds(self, protocol: Protocol, seed: int) -> Folds:
        """Ten random folds, or one for each person."""
        if protocol == "kfold":
            return random_folds(self.clips, RANDOM_FOLDS, seed)
        fold = np.unique(self.clips["subject"], return_inverse=True)[1]
        return Folds("subject", np.asarray(fold, np.intp))

    def rows(self, settings: Settings) -> Distances:
        """(n, columns) descriptions, the person's mean removed if the settings say so."""
        update = self._counted(f"{len(self.trajectories.pairs):,} distances", len(self.clips))
        rows = describe(self.trajectories, settings.description, self.folder, update)
        return without_person(rows, self.clips["subject"]) if settings.person_mean else rows

    def distances(self, rows: Distances, settings: Settings, protocol: Protocol) -> Distances:
        """(n, n) distances between clips, taken from the folder where they are there already."""
        path = None if self.folder is None else self._path(settings, protocol)
        if path is not None and path.exists():
            kept: Distances = np.load(path)
            return kept
        found = self._compare(rows, settings, protocol)
        if path is not None:
            # Whole or not at all: a run may be stopped at any moment.
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".partial.npy")
            np.save(partial, found)
            partial.replace(path)
        return found

    def _compare(self, rows: Distances, settings: Settings, protocol: Protocol) -> Distances:
        folds = self.folds(protocol, settings.seed)
        step = f"{settings.metric}, {protocol}"
        if settings.metric == "dtw":
            return compare_warped(rows, folds, self._counted(step, len(rows)))
        if settings.metric == "discriminant":
            labels, _ = self.labels(settings.target)
            update = self._counted(step, len(folds))
            return compare_learned(rows, self.clips, labels, folds, update).distances
        return compare(rows, folds, settings.metric, self._counted(step, rows.shape[1]))

    def _counted(self, step: str, total: int) -> Callable[[int], None]:
        done = 0
        self.say(step, done, total)

        def update(more: int) -> None:
            nonlocal done
            done += more
            self.say(step, done, total)

        return update

    def _path(self, settings: Settings, protocol: Protocol) -> Path:
        learned = settings.target if settings.metric == "discriminant" else ""
        seed = settings.seed if protocol == "kfold" else ""
        table = self.clips[["subject", "type", "emotion"]].to_csv()
        parts = (self.trajectories.fingerprint(), settings.metric, settings.description, learned,
                 str(settings.person_mean), protocol, str(seed), table)  # fmt: skip
        key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
        assert self.folder is not None
        return self.folder / f"distances-{key}.npy"


def study_distances(
    ground: Ground, settings: Settings, protocol: Protocol = "loso"
) -> DistanceStudy:
    """Compare clips as the settings say and as the poster did, by both protocols.

    Args:
        ground: the clips.
        settings: of the classifier.
        protocol: that predictions, parts, levels and curve are reported of.

    Raises:
        DataError: fewer than two people or ten clips, or the folder cannot be written.
        MissingExtraError: the metric needs a package that is not installed.
    """
    if ground.clips["subject"].nunique() < 2:
        raise DataError("Leaving a person out needs clips of at least two people.")
    bare = Settings(settings.target, "euclidean", landmarks=settings.landmarks,
                    person_mean=False, seed=settings.seed)  # fmt: skip
    plain = _Compared.of(ground, bare, ground.rows(bare))
    rows = ground.rows(settings)
    asked = _Compared.of(ground, settings, rows)
    nested = {p: asked.nested(rows, p) for p in PROTOCOLS}
    ground.say("evaluating", 0, 1)
    pairs = ground.trajectories.pairs
    near = asked.apart["loso"]
    return DistanceStudy(
        protocol,
        asked.classes,
        asked.predictions(protocol),
        asked.result(),
        plain.result(),
        nested,
        asked.parts(protocol),
        asked.levels(protocol),
        # A learned metric has seen all training clips, so nothing can be taken away afterwards.
        {} if settings.metric == "discriminant" else asked.curves(),
        None if settings.metric == "discriminant" else asked.own(),
        plain.own(),
        tuple(contributions(rows, pairs, near, asked.labels, asked.people)),
    )


@dataclass(frozen=True, eq=False)
class _Compared:
    """Clips compared in one way by both protocols, and what is measured of it."""

    ground: Ground
    settings: Settings
    apart: dict[Protocol, Distances]
    labels: Labels
    classes: tuple[str, ...]

    @classmethod
    def of(cls, ground: Ground, settings: Settings, rows: Distances) -> _Compared:
        apart = {p: ground.distances(rows, settings, p) for p in PROTOCOLS}
        return cls(ground, settings, apart, *ground.labels(settings.target))

    @property
    def people(self) -> NDArray[Any]:
        return np.asarray(self.ground.clips["subject"])

    def result(self) -> Result:
        reports, by_neighbours = {}, {}
        for protocol, distances in self.apart.items():
            reports[protocol] = self._report(self._named(protocol))
            by_neighbours[protocol] = {
                k: share(vote(nearest(distances, k), self.labels) == self.labels, self.people)
                for k in NEIGHBOURS
            }
        return Result(self.settings, reports, by_neighbours)

    def nested(self, rows: Distances, protocol: Protocol) -> Nested:
        ways = {metric: replace(self.settings, metric=metric) for metric in PLAIN}
        apart: dict[str, Distances] = {
            metric: self.ground.distances(rows, way, protocol) for metric, way in ways.items()
        }
        folds = self.ground.folds(protocol, self.settings.seed)
        found = choose(apart, self.labels, folds)
        times = {f"{k}-nearest, {metric}": count for (metric, k), count in found.times.items()}
        return Nested(self._report(found.predicted), times)

    def predictions(self, protocol: Protocol) -> pd.DataFrame:
        first = nearest(self.apart[protocol])[:, 0]
        clips = self.ground.clips
        return clips.assign(
            predicted=np.array(self.classes)[self._named(protocol)],
            nearest=clips["code"].to_numpy()[first],
            nearest_subject=clips["subject"].to_numpy()[first],
        )

    def parts(self, protocol: Protocol) -> tuple[Part, ...]:
        """Genuine and posed apart where emotions are named, else the emotions apart."""
        column, names = "emotion", tuple(PEDFE_EMOTIONS)
        if self.settings.target == "emotion":
            column, names = "type", KINDS
        kinds, k = self.ground.clips[column].to_numpy(), self.settings.neighbours
        apart = self.apart[protocol]
        found = [within(n, apart, self.labels, self.people, kinds == n, k) for n in names]
        return tuple(part for part in found if part is not None)

    def levels(self, protocol: Protocol) -> tuple[Part, ...]:
        column = "hit_rate_emotion" if self.settings.target == "emotion" else "hit_rate_type"
        apart, k = self.apart[protocol], self.settings.neighbours
        return tuple(by_level(apart, self.labels, self.ground.clips, column, k))

    def curves(self) -> dict[Protocol, tuple[Part, ...]]:
        k, seed = self.settings.neighbours, self.settings.seed
        return {
            protocol: tuple(training_curve(apart, self.labels, self.people, k, seed))
            for protocol, apart in self.apart.items()
        }

    def own(self) -> OwnSamples:
        k, seed = self.settings.neighbours, self.settings.seed
        both = self.apart["kfold"], self.apart["loso"]
        return OwnSamples.measure(*both, self.labels, self.people, k, seed)

    def _named(self, protocol: Protocol) -> Labels:
        return vote(nearest(self.apart[protocol], self.settings.neighbours), self.labels)

    def _report(self, named: Labels) -> ClassificationReport:
        return ClassificationReport.from_predictions(
            self.labels, named, self.classes, groups=self.people
        )
