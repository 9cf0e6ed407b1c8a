"""Who moves with whom, and when: temporal inter-subject correlation (t-ISC)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.tables import UNREADABLE
from duchenne.errors import DataError, reason
from duchenne.notebook import tables
from duchenne.synchrony.alignment import Aligned, Series, align
from duchenne.synchrony.gathering import gather
from duchenne.synchrony.settings import Settings
from duchenne.synchrony.surrogates import Plan, features_tested
from duchenne.synchrony.windows import Windows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from duchenne.recording.recording import Recording

Values = NDArray[np.float64]

ARRAYS: Final = "synchrony.npz"
FACTS: Final = "synchrony.json"
FORMAT: Final = 1
_ARRAYS: Final = (
    "starts", "ends", "isc", "taking_part", "p_above", "p_below", "upper", "lower",
    "feature_means", "window_means", "matrix",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Synchrony:
    """How alike people move (or rate), window by window.

    Correlation of what people display says that they display it together; it does not say why, and
    nothing about what anybody experiences.

    Attributes:
        people: their names.
        features: what was compared.
        starts: (n,) s, beginnings of the windows.
        ends: (n,) s.
        isc: (n, features) t-ISC from -1 to 1; NaN where too few people take part.
        taking_part: (n, features) int64, people in each.
        p_above: (n, features) corrected p of more synchrony than chance makes.
        p_below: (n, features) corrected p of less.
        upper: (n,) what t-ISC must exceed; NaN where the correction has no such threshold.
        lower: (n,) what it must stay below.
        feature_means: (features, 3) mean over windows, low, high: 95 % over people.
        window_means: (n, 3) mean over features, low, high.
        matrix: (people, people) mean correlation of each pair; NaN on the diagonal.
        settings: of the measurement.
        rate: samples a second of the common clock.
        notes: what a reader must know.
    """

    people: tuple[str, ...]
    features: tuple[str, ...]
    starts: Values
    ends: Values
    isc: Values
    taking_part: NDArray[np.int64]
    p_above: Values
    p_below: Values
    upper: Values
    lower: Values
    feature_means: Values
    window_means: Values
    matrix: Values
    settings: Settings
    rate: float
    notes: tuple[str, ...] = ()

    @classmethod
    def from_aligned(
        cls,
        aligned: Aligned,
        settings: Settings | None = None,
        progress: Callable[[], None] | None = None,
    ) -> Synchrony:
        """Measure and test people on one clock.

        Args:
            aligned: from ``align``, or any (features, people, samples).
            settings: None: the defaults.
            progress: called after each feature.

        Raises:
            DataError: no feature, no window fits, or no window has enough people.
        """
        if not aligned.features:
            raise DataError("There is nothing to compare: name at least one feature.")
        chosen = settings or Settings()
        samples = aligned.values.shape[-1]
        windows = Windows.over(samples, aligned.rate, chosen.window, chosen.step)
        plan = Plan.of(aligned, windows, chosen)
        found = gather(features_tested(aligned, plan, progress), chosen)
        if not np.isfinite(found.isc).any():
            raise DataError(
                f"In no window do {chosen.min_people} people have {100 * chosen.min_valid:.0f} % "
                "of their samples and change at all: look at the times, or choose longer windows."
            )
        starts = aligned.begin + windows.starts / aligned.rate
        return cls(
            aligned.people, aligned.features, starts, starts + windows.length / aligned.rate,
            found.isc, found.people, found.p_above, found.p_below, found.upper, found.lower,
            found.feature_means, found.window_means, found.matrix, chosen, aligned.rate,
            (plan.note,) if plan.note else (),
        )  # fmt: skip

    @classmethod
    def from_series(
        cls,
        people: Sequence[Series],
        features: Sequence[str],
        settings: Settings | None = None,
        *,
        rate: float | None = None,
        offsets: Mapping[str, float] | None = None,
    ) -> Synchrony:
        """Align people by ``align``, and measure.

        Raises:
            DataError: as ``align`` and ``from_aligned``.
        """
        return cls.from_aligned(align(people, features, rate=rate, offsets=offsets), settings)

    @classmethod
    def from_recordings(
        cls,
        recordings: Mapping[str, Recording],
        features: str = "aus",
        settings: Settings | None = None,
        *,
        rate: float | None = None,
        offsets: Mapping[str, float] | None = None,
    ) -> Synchrony:
        """One person a recording: each one's face that was seen longest.

        Args:
            recordings: by person.
            features: a group or columns, as ``duchenne.synchrony.faces.read_face`` explains.
            settings: None: the defaults.
            rate: samples a second of the common clock.
            offsets: as ``align``.

        Raises:
            DataError: as ``read_face``, ``align`` and ``from_aligned``.
        """
        from duchenne.synchrony.faces import read_faces

        series, names = read_faces(recordings, features)
        return cls.from_series(series, names, settings, rate=rate, offsets=offsets)

    @property
    def significant(self) -> NDArray[np.int8]:
        """(n, features) 1 above chance, -1 below, 0 neither."""
        above, below = self.p_above <= self.settings.alpha, self.p_below <= self.settings.alpha
        return above.astype(np.int8) - below.astype(np.int8)

    @property
    def shares(self) -> Values:
        """(features,) share of the measured windows that lie above chance."""
        known = np.maximum(np.isfinite(self.isc).sum(axis=0), 1)
        return np.asarray((self.significant == 1).sum(axis=0) / known)

    def to_frame(self) -> pd.DataFrame:
        """A row for each window and feature."""
        count, width = self.isc.shape
        columns = {
            "window": np.repeat(np.arange(count), width),
            "start": np.repeat(self.starts, width),
            "end": np.repeat(self.ends, width),
            "feature": np.tile(self.features, count),
            "isc": self.isc.ravel(),
            "people": self.taking_part.ravel(),
            "p_above": self.p_above.ravel(),
            "p_below": self.p_below.ravel(),
            "significant": self.significant.ravel(),
        }
        return pd.DataFrame(columns)

    def save(self, folder: str | Path) -> Path:
        """Write ``synchrony.npz`` and ``synchrony.json`` into a folder; returns it."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(target / ARRAYS, **arrays)
        facts = {
            "format": FORMAT,
            "people": self.people,
            "features": self.features,
            "settings": self.settings.to_dict(),
            "rate": self.rate,
            "notes": self.notes,
        }
        text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
        (target / FACTS).write_text(text, encoding="utf-8")
        return target

    @classmethod
    def load(cls, folder: str | Path) -> Synchrony:
        """Read what ``save`` wrote.

        Raises:
            DataError: something is missing, or written by another program or a newer duchenne.
        """
        where = Path(folder)
        try:
            facts = json.loads((where / FACTS).read_text(encoding="utf-8"))
            if facts["format"] > FORMAT:
                raise DataError(f"{where} comes from a newer duchenne; please upgrade.")
            chosen = facts["settings"]
            chosen["window"] = np.inf if chosen["window"] == "whole" else chosen["window"]
            # Opened here: numpy leaves a file that it cannot read open.
            with (where / ARRAYS).open("rb") as file, np.load(file) as stored:
                arrays = {name: stored[name] for name in _ARRAYS}
            return cls(
                people=tuple(facts["people"]), features=tuple(facts["features"]),
                settings=Settings(**chosen), rate=facts["rate"], notes=tuple(facts["notes"]),
                **arrays,
            )  # fmt: skip
        except (*UNREADABLE, KeyError, TypeError) as error:
            raise DataError(
                f"{where} holds no synchrony that can be read: {reason(error)}."
            ) from error

    def plot(self) -> Figure:
        """Who moves with whom (mean correlation), and when (t-ISC, -1 to 1, over time)."""
        from duchenne.synchrony.plotting import plot_synchrony

        return plot_synchrony(self)

    def __repr__(self) -> str:
        windows, features = self.isc.shape
        course = f"windows={windows} seconds={self.ends[-1] - self.starts[0]:.1f}"
        return f"<Synchrony people={len(self.people)} features={features} {course}>"

    def _repr_html_(self) -> str:
        facts = {
            "people": len(self.people),
            "features": len(self.features),
            "windows": len(self.starts),
            "mean t-ISC": float(np.nanmean(self.isc)),
            "above chance": f"{int((self.significant == 1).sum()):,} of {self.isc.size:,} cells",
            "names": self.people,
        }
        return tables.noun("Synchrony", facts, tables.items(self.notes))
