"""Hashes of 64 bits that change little when a picture does, and a quick search among them.

The hash is that of pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash
Functions", 2010): low frequencies of the discrete cosine transform (Ahmed, Natarajan and Rao, IEEE
Trans. Computers 1974). Of each only the sign is kept, and none is constant along an axis, so that
neither brightness, nor contrast, nor light from one side counts.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.copies import check_pictures

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

BITS: Final = 64
_FREQUENCIES: Final = 8
_CHUNK: Final = 4096
_BANDS: Final = 5


def perceptual_hashes(images: NDArray[np.uint8]) -> Hashes:
    """(N,) hashes of (N, H, W) uint8 pictures.

    Bit 8 v + u is set where the coefficient of frequency v + 1 down and u + 1 across is above 0.

    Raises:
        DataError: another shape or type, or pictures under 9 pixels high or wide.
    """
    check_pictures(images)
    high, wide = images.shape[1:]
    if min(high, wide) <= _FREQUENCIES:
        raise DataError(
            f"Pictures to hash are at least {_FREQUENCIES + 1} pixels high and wide, "
            f"these are {high} x {wide}."
        )
    down, across = _waves(high), _waves(wide)
    parts = [
        _pack(_frequencies(images[start : start + _CHUNK], down, across) > 0)
        for start in range(0, len(images), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def hamming(one: Hashes, other: Hashes) -> NDArray[np.int64]:
    """In how many of the 64 bits the hashes differ."""
    # Sums of neighbouring bits, then of pairs, then of fours; the product adds up the bytes.
    x = one ^ other
    x = x - (x >> np.uint64(1) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + (x >> np.uint64(2) & np.uint64(0x3333333333333333))
    x = x + (x >> np.uint64(4)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.asarray(x * np.uint64(0x0101010101010101) >> np.uint64(56), np.int64)


def pairs_between(ones: Hashes, others: Hashes, distance: int) -> NDArray[np.int64]:
    """Every one and other that differ in at most ``distance`` bits, without comparing all.

    Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012, proposition 1): of five bands of
    bits, one must differ in no more than a fifth of ``distance``; so only hashes with nearly
    equal bands are compared, and no pair is missed.

    Args:
        ones: (N,) uint64.
        others: (M,) uint64.
        distance: Hamming distance, 0 to 64.

    Returns:
        (K, 2) int64 positions in ``ones`` and ``others``, in ascending order.
    """
    if not 0 <= distance <= BITS:
        raise ValueError(f"{distance} is no distance between hashes of {BITS} bits.")
    edges = np.linspace(0, BITS, _BANDS + 1).astype(int).tolist()
    found = [
        _near_in_band(ones, others, range(low, high), distance) for low, high in pairwise(edges)
    ]
    # One number a pair: quicker to sort than rows of two.
    pairs = np.unique(np.concatenate(found))
    return np.column_stack(np.divmod(pairs, max(1, len(others)))).astype(np.int64)


def _waves(side: int) -> NDArray[np.float32]:
    """(8, side): the cosines of frequencies 1 to 8, the rows of the DCT-II without its first."""
    frequency = np.arange(1, _FREQUENCIES + 1)[:, None]
    return np.cos(np.pi / side * frequency * (np.arange(side) + 0.5)).astype(np.float32)


def _frequencies(
    images: NDArray[np.uint8], down: NDArray[np.float32], across: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, 8, 8): (N, H, W) pictures by (8, H) and (8, W) waves; v down, then u across."""
    # One large product at a time: four times as quick as one for each picture.
    rows = np.tensordot(images.astype(np.float32), across, (2, 1))
    return np.asarray(np.tensordot(rows, down, (1, 1)).swapaxes(1, 2), np.float32)


def _pack(bits: NDArray[np.bool_]) -> Hashes:
    packed = np.packbits(bits.reshape(len(bits), BITS), axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").ravel().astype(np.uint64)


def _near_in_band(ones: Hashes, others: Hashes, bits: range, distance: int) -> NDArray[np.int64]:
    band = np.uint64(sum(1 << bit for bit in bits))
    order = np.argsort(others & band, kind="stable")
    ordered, found = (others & band)[order], []
    for mask in _masks(bits, distance // _BANDS):
        wanted = ones & band ^ mask
        start, stop = (np.searchsorted(ordered, wanted, side=s) for s in ("left", "right"))
        one, place = _every(start, stop)
        other = order[place]
        near = hamming(ones[one], others[other]) <= distance
        found.append(one[near] * len(others) + other[near])
    return np.concatenate(found)


def _masks(bits: range, most: int) -> list[np.uint64]:
    """Every pattern of at most ``most`` of the bits."""
    chosen = [some for n in range(min(most, len(bits)) + 1) for some in combinations(bits, n)]
    return [np.uint64(sum(1 << bit for bit in some)) for some in chosen]


def _every(start: Places, stop: Places) -> tuple[Places, Places]:
    """Each i as often as there are places from ``start[i]`` to ``stop[i]``, and these places."""
    many = stop - start
    before = np.cumsum(many) - many
    place = np.arange(int(many.sum())) + np.repeat(start - before, many)
    return np.repeat(np.arange(len(many)), many), place
