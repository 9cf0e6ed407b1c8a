"""Data without synchrony: what chance alone does to inter-subject correlation.

- ``shift``: each person's whole series, all features together, starts elsewhere. Keeps everything
  about a person but the moment: autocorrelation, bursts, how features go together. After the
  circular shifts of Kauppi et al. (Front. Neuroinform. 2014); no two people come closer than the
  least shift, or some pairs would stay aligned.
- ``phase``: random Fourier phases, the same for all features of a person (Prichard and Theiler,
  Phys. Rev. Lett. 1994). Keeps the spectrum, not bursts or changes over time.
- ``time``: time points shuffled for each feature and person (Lionello et al., poster, IMT School
  Lucca, Study II). Keeps the values only; series that change smoothly look synchronous beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def draw_shifts(
    random: np.random.Generator, people: int, places: int, least: int
) -> NDArray[np.int64]:
    """One shift a person, (people,) int64, any two at least ``least`` apart on the circle.

    Every such arrangement is equally likely.

    Args:
        random: where chance comes from.
        people: how many.
        places: of the circle.
        least: at most ``places // people``.

    Raises:
        ValueError: the circle is too small.
    """
    slack = places - people * least
    if people < 1 or slack < 0:
        raise ValueError(f"{people} people, {least} apart, have no room among {places}.")
    # A circle cut at the first person: the others' extra distances are a random composition.
    bars = np.sort(random.choice(slack + people - 1, people - 1, replace=False))
    extra = bars - np.arange(people - 1)
    places_taken = np.concatenate([[0], extra + np.arange(1, people) * least])
    shifts = np.empty(people, np.int64)
    shifts[random.permutation(people)] = (places_taken + random.integers(places)) % places
    return shifts


def shuffled(series: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
    """(people, samples) with each person's time points shuffled; gaps stay where they are."""
    found = series.copy()
    for own in found:
        seen = np.isfinite(own)
        own[seen] = random.permutation(own[seen])
    return found


def random_phases(random: np.random.Generator, people: int, samples: int) -> NDArray[np.complex128]:
    """(people, samples // 2 + 1) factors of length 1 for the frequencies of real series."""
    angles = random.uniform(0, 2 * np.pi, (people, samples // 2 + 1))
    # What does not swing has no phase: the mean, and the highest frequency of an even length.
    angles[:, 0] = 0.0
    if samples % 2 == 0:
        angles[:, -1] = 0.0
    return np.asarray(np.exp(1j * angles))


def with_phases(
    spectra: NDArray[Any], phases: NDArray[np.complex128], series: NDArray[Any]
) -> NDArray[Any]:
    """Back to (people, samples) series; gaps stay where they are.

    Args:
        spectra: of ``bridged`` series, by ``numpy.fft.rfft``.
        phases: by ``random_phases``.
        series: the original, for its gaps.
    """
    swung = np.fft.irfft(spectra * phases, n=series.shape[-1])
    return np.where(np.isfinite(series), swung, np.nan).astype(series.dtype)


def bridged(series: NDArray[Any]) -> NDArray[Any]:
    """(people, samples) with gaps filled by straight lines; nobody's samples become 0."""
    found = series.copy()
    for own in found:
        seen = np.isfinite(own)
        if seen.any() and not seen.all():
            own[~seen] = np.interp(np.flatnonzero(~seen), np.flatnonzero(seen), own[seen])
        elif not seen.any():
            own[:] = 0.0
    return found
