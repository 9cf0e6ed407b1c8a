"""How synchrony is measured and tested: every choice in one place, checked at the door."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from duchenne.errors import DataError

Measure = Literal["pairwise", "leave-one-out"]
Method = Literal["pearson", "spearman"]
Average = Literal["r", "z"]
NullName = Literal["shift", "phase", "time"]
Correction = Literal["max", "features", "cluster", "fdr"]

MEASURES: Final[tuple[str, ...]] = get_args(Measure)
METHODS: Final[tuple[str, ...]] = get_args(Method)
AVERAGES: Final[tuple[str, ...]] = get_args(Average)
NULLS: Final[tuple[str, ...]] = get_args(NullName)
CORRECTIONS: Final[tuple[str, ...]] = get_args(Correction)


@dataclass(frozen=True)
class Settings:
    """Choices of a measurement; the defaults are those that ``docs/synchrony.md`` argues for.

    Attributes:
        window: s, length of the sliding window; ``math.inf`` for one window over everything.
        step: s between the beginnings of windows.
        measure: mean over ``pairwise`` correlations, or of each person with the mean of the
            others (``leave-one-out``).
        method: ``pearson``, or ``spearman`` (ranks within the window).
        average: correlations are averaged as they are (``r``) or by Fisher's z (``z``).
        null: ``shift`` (each person's series moved in time as a whole), ``phase`` (randomised
            phases) or ``time`` (time points shuffled, the poster's).
        surrogates: how many data sets without synchrony are made.
        min_shift: s, the least shift between any two people; None: one window.
        correction: ``max`` over features and windows, ``features`` (over features in each window),
            ``cluster`` (runs of windows) or ``fdr`` (Benjamini and Hochberg 1995).
        alpha: error rate of either tail, above and below.
        min_valid: share of a window's samples that a person must have to count there.
        min_people: fewer leave the window empty.
        seed: of everything drawn by chance.
        jobs: threads.
    """

    window: float = 5.0
    step: float = 1.66
    measure: Measure = "pairwise"
    method: Method = "pearson"
    average: Average = "r"
    null: NullName = "shift"
    surrogates: int = 200
    min_shift: float | None = None
    correction: Correction = "max"
    alpha: float = 0.05
    min_valid: float = 0.8
    min_people: int = 2
    seed: int = 0
    jobs: int = 2

    def __post_init__(self) -> None:
        _check_choice("measure", self.measure, MEASURES)
        _check_choice("method", self.method, METHODS)
        _check_choice("average", self.average, AVERAGES)
        _check_choice("null", self.null, NULLS)
        _check_choice("correction", self.correction, CORRECTIONS)
        # Comparisons are written so that NaN fails them.
        _check(self.window > 0, f"The window must be longer than 0 s, not {self.window}.")
        _check(0 < self.step < math.inf, f"The step must be longer than 0 s, not {self.step}.")
        _check(0 < self.alpha < 0.5, f"alpha lies between 0 and 0.5, not {self.alpha}.")
        _check(0 < self.min_valid <= 1, f"The valid share lies in 0 to 1, not {self.min_valid}.")
        _check(self.min_people >= 2, f"Synchrony takes two people, not {self.min_people}.")
        _check(self.jobs >= 1, f"At least one job is needed, not {self.jobs}.")
        _check(self.seed >= 0, f"The seed is 0 or more, not {self.seed}.")
        _check(
            self.min_shift is None or 0 < self.min_shift < math.inf,
            f"The least shift must be longer than 0 s, not {self.min_shift}.",
        )
        least = math.ceil(1 / self.alpha - 1e-9) - 1
        _check(
            self.surrogates >= least,
            f"{self.surrogates} surrogates cannot show an error rate of {self.alpha}: "
            f"make {least} or more.",
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; an endless window is ``"whole"``."""
        return asdict(self) | {"window": "whole" if math.isinf(self.window) else self.window}


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    _check(value in choices, f"{name} is one of {', '.join(choices)}, not {value!r}.")


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise DataError(message)
