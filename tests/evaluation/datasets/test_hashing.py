from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.evaluation.datasets.hashing import hamming, pairs_between, perceptual_hashes

WORD = st.integers(0, 2**64 - 1)


def _hashes(words: list[int]) -> np.ndarray:
    return np.array(words, np.uint64)


@given(WORD, WORD)
def test_hamming_counts_the_bits_that_differ(one: int, other: int) -> None:
    assert hamming(_hashes([one]), _hashes([other])).tolist() == [(one ^ other).bit_count()]


@st.composite
def _clusters(draw: st.DrawFn) -> list[int]:
    """Hashes some of which differ in few bits, as those of copies do."""
    words = draw(st.lists(WORD, min_size=1, max_size=6))
    for _ in range(draw(st.integers(0, 12))):
        word = draw(st.sampled_from(words))
        for bit in draw(st.lists(st.integers(0, 63), max_size=16)):
            word ^= 1 << bit
        words.append(word)
    return words


@given(_clusters(), st.integers(0, 18), st.sampled_from([0, 1, 4, 5, 8, 10, 14]))
def test_no_pair_is_missed_and_none_invented(words: list[int], cut: int, distance: int) -> None:
    ones, others = words[cut:], words
    wanted = [
        [i, j]
        for i, one in enumerate(ones)
        for j, other in enumerate(others)
        if (one ^ other).bit_count() <= distance
    ]
    assert pairs_between(_hashes(ones), _hashes(others), distance).tolist() == wanted


@pytest.mark.parametrize("distance", [-1, 65])
def test_impossible_distances_are_refused(distance: int) -> None:
    with pytest.raises(ValueError, match="no distance between hashes of 64 bits"):
        pairs_between(_hashes([1, 2]), _hashes([1]), distance)


def test_no_pictures_have_no_hashes_and_no_pairs() -> None:
    hashes = perceptual_hashes(np.zeros((0, 48, 48), np.uint8))
    assert hashes.shape == (0,)
    assert pairs_between(hashes, hashes, 8).shape == (0, 2)
    assert pairs_between(_hashes([1]), hashes, 8).shape == (0, 2)


@pytest.mark.parametrize("v", range(8))
@pytest.mark.parametrize("u", [0, 3, 7])
def test_a_wave_sets_the_bit_of_its_frequency(v: int, u: int) -> None:
    x = (np.arange(48) + 0.5) * np.pi / 48
    wave = np.outer(np.cos((v + 1) * x), np.cos((u + 1) * x))
    pictures = np.rint(128 + 100 * np.stack([wave, -wave])).astype(np.uint8)
    bit = (perceptual_hashes(pictures) >> np.uint64(8 * v + u)) & np.uint64(1)
    assert bit.tolist() == [1, 0]


def test_light_does_not_count(astronaut: np.ndarray) -> None:
    face = astronaut[20:212, 130:322].mean(axis=2)[::4, ::4]
    sideways = np.linspace(0, 60, 48)
    lit = np.stack([face, 0.6 * face + 40, 0.7 * face + sideways, 0.7 * face + sideways[:, None]])
    hashes = perceptual_hashes(np.rint(lit).astype(np.uint8))
    assert hamming(hashes[:1], hashes).max() <= 2


def test_tiny_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="at least 9 pixels high and wide, these are 8 x 48"):
        perceptual_hashes(np.zeros((1, 8, 48), np.uint8))
