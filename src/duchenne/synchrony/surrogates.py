"""Every feature's synchrony beside that of surrogate data, one feature at a time.

The same surrogate moves all features of a person together, so that the highest value over
features is that of features as they go together, and a test against it is no stricter than it must
be (``time`` shuffles every feature for itself, as the poster did).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.synchrony import nulls
from duchenne.synchrony.alignment import Aligned
from duchenne.synchrony.isc import pair_correlations
from duchenne.synchrony.segments import Segments
from duchenne.synchrony.settings import Settings
from duchenne.synchrony.windows import Windows

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FeatureTest:
    """One feature and what chance makes of it.

    Attributes:
        isc: (n,) t-ISC, NaN where too few people take part.
        people: (n,) how many take part.
        pairs: (n, people, people) correlations of pairs.
        left_out: (n, people) correlations with the others; None for the pairwise measure.
        null: (surrogates, n) float32 t-ISC of the surrogates.
    """

    isc: Values
    people: NDArray[np.int64]
    pairs: Values
    left_out: Values | None
    null: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Plan:
    """How the surrogates are made, drawn before any feature is looked at.

    Attributes:
        windows: of the series.
        settings: of the measurement.
        shifts: (surrogates, people) for the null ``shift``, else None.
        whole_windows: whether shifts count windows (then there is no seam) or samples.
        note: what the person should know about this null here, "" where all is well.
    """

    windows: Windows
    settings: Settings
    shifts: NDArray[np.int64] | None
    whole_windows: bool
    note: str

    @classmethod
    def of(cls, aligned: Aligned, windows: Windows, settings: Settings) -> Plan:
        """Draw the shifts.

        Raises:
            DataError: there are fewer samples than people, so nobody can be moved.
        """
        if settings.null != "shift":
            return cls(windows, settings, None, False, _caution(settings))
        people, samples = len(aligned.people), aligned.values.shape[-1]
        wanted = settings.min_shift * aligned.rate if settings.min_shift else windows.length
        hops = int(np.ceil(wanted / windows.step))
        whole = len(windows) >= people * hops
        places, least = (len(windows), hops) if whole else (samples, int(np.ceil(wanted)))
        fitting = min(least, places // people)
        if fitting < 1:
            raise DataError(
                f"{people} people cannot be moved apart within {samples} samples: use the phase "
                "null, a higher rate or longer series."
            )
        draws = (
            nulls.draw_shifts(np.random.default_rng([settings.seed, s]), people, places, fitting)
            for s in range(settings.surrogates)
        )
        return cls(windows, settings, np.stack(list(draws)), whole, _short(fitting, least, aligned))


def features_tested(
    aligned: Aligned, plan: Plan, progress: Callable[[], None] | None = None
) -> Iterator[FeatureTest]:
    """Each feature in turn, several at a time in threads; the order and the numbers never change.

    Args:
        aligned: everybody's series.
        plan: made for them.
        progress: called when a feature is done.
    """
    count, jobs = len(aligned.features), plan.settings.jobs
    with ThreadPoolExecutor(jobs) as pool:
        try:
            # A few features ahead, not all: their surrogates would fill the memory.
            ahead = [pool.submit(_test, aligned, plan, f) for f in range(min(count, 2 * jobs))]
            for feature in range(count):
                done = ahead.pop(0).result()
                if feature + 2 * jobs < count:
                    ahead.append(pool.submit(_test, aligned, plan, feature + 2 * jobs))
                if progress is not None:
                    progress()
                yield done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _test(aligned: Aligned, plan: Plan, feature: int) -> FeatureTest:
    series, settings = aligned.values[feature], plan.settings
    segments = Segments.of(series, plan.windows, settings)
    found = segments.correlations()
    pairwise = settings.measure == "pairwise"
    return FeatureTest(
        segments.summary(found),
        segments.people,
        found if pairwise else pair_correlations(segments.raw, segments.least),
        None if pairwise else found,
        _null(series, segments, plan, feature),
    )


def _null(
    series: NDArray[Any], segments: Segments, plan: Plan, feature: int
) -> NDArray[np.float32]:
    if plan.shifts is not None and plan.whole_windows:
        return np.stack([segments.moved(shifts) for shifts in plan.shifts])
    still = np.zeros(len(series), np.int64)
    return np.stack(
        [
            Segments.of(made, plan.windows, plan.settings).moved(still)
            for made in _surrogates(series, plan, feature)
        ]
    )


def _surrogates(series: NDArray[Any], plan: Plan, feature: int) -> Iterator[NDArray[Any]]:
    settings = plan.settings
    if plan.shifts is not None:
        for shifts in plan.shifts:
            moved = zip(series, shifts.tolist(), strict=True)
            yield np.stack([np.roll(own, -shift) for own, shift in moved])
        return
    spectra = np.fft.rfft(nulls.bridged(series)) if settings.null == "phase" else None
    for number in range(settings.surrogates):
        if spectra is not None:
            random = np.random.default_rng([settings.seed, number])
            phases = nulls.random_phases(random, *series.shape)
            yield nulls.with_phases(spectra, phases, series)
        else:
            random = np.random.default_rng([settings.seed, number, feature])
            yield nulls.shuffled(series, random)


def _caution(settings: Settings) -> str:
    if settings.null == "time":
        return (
            "the null shuffles time points, which takes away what makes neighbouring samples "
            "alike: in series that change smoothly it finds synchrony where there is none"
        )
    return ""


def _short(fitting: int, least: int, aligned: Aligned) -> str:
    if fitting >= least:
        return ""
    return (
        f"the series are short for {len(aligned.people)} people: some surrogates keep pairs nearer "
        "than a window apart, so the test is stricter than it says"
    )
