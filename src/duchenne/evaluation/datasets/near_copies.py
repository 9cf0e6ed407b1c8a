"""Finds pictures that are nearly the same: one photograph, cut or stored in different ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.evaluation.datasets.copies import check_pictures
from duchenne.evaluation.datasets.hashing import hamming, pairs_between, perceptual_hashes

HASH_DISTANCE: Final = 8
"""Most bits of 64 in which the hashes of near copies differ."""
CORRELATION: Final = 0.85
"""Least correlation between the pixels of near copies."""
BLANK: Final = 2.0
"""Pictures whose grey values deviate less than this (standard deviation) show nothing."""
ASIDE: Final = ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))
"""Pixels down and right; the other way round is the other picture of the pair aside."""
_LEAST_SIDE: Final = 11
_CHUNK: Final = 4096


@dataclass(frozen=True, eq=False)
class NearCopies:
    """Pairs of pictures that are nearly the same, those most alike first.

    Attributes:
        pairs: (M, 2) int64 positions of the pictures, the smaller first.
        distance: (M,) int64 bits in which their hashes differ, 0 to ``HASH_DISTANCE``.
        correlation: (M,) float64 Pearson's r of their pixels, ``CORRELATION`` to 1.
    """

    pairs: NDArray[np.int64]
    distance: NDArray[np.int64]
    correlation: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pairs)

    def spread(self, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(P, S): what ``present`` says, (P, S), of any near copy of each picture."""
        found = np.zeros_like(present)
        one, other = self.pairs.T
        np.logical_or.at(found, one, present[other])
        np.logical_or.at(found, other, present[one])
        return found

    def only(self, wanted: NDArray[np.bool_]) -> NearCopies:
        """Some of the pairs: (M,) bool."""
        return NearCopies(self.pairs[wanted], self.distance[wanted], self.correlation[wanted])


def near_copies(
    images: NDArray[np.uint8], on_step: Callable[[], object] | None = None
) -> NearCopies:
    """Pairs of (N, H, W) uint8 pictures that are nearly, or quite, the same.

    Their hashes differ in at most ``HASH_DISTANCE`` bits and their pixels correlate with at least
    ``CORRELATION``, those of one picture without its margin of a pixel, of the other without as
    much, or up to a pixel aside. That finds other brightness, JPEG's traces, stamps and shifts;
    it misses copies that are mirrored, turned, or cut much more tightly. Blank pictures have none.

    On FER-2013 281 pairs are close to both limits (7 or 8 bits, under 0.9); of 120 of them, about
    114 showed, to the eye, one photograph or one sitting.

    Args:
        images: the pictures, at least 11 pixels high and wide.
        on_step: called as the comparison in each of ``ASIDE`` begins.

    Raises:
        DataError: another shape or type, or smaller pictures.
    """
    shown = np.flatnonzero(~is_blank(images))
    _check_size(images)
    images = images[shown]
    middle = _window(images, 0, 0)
    hashes = perceptual_hashes(middle)
    found = []
    for down, right in ASIDE:
        if on_step is not None:
            on_step()
        aside = _window(images, down, right)
        moved = perceptual_hashes(aside)
        pairs = pairs_between(hashes, moved, HASH_DISTANCE)
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        distance = hamming(hashes[pairs[:, 0]], moved[pairs[:, 1]])
        found.append((np.sort(pairs), distance, _correlations(middle, aside, pairs)))
    near = _best(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    return NearCopies(shown[near.pairs], near.distance, near.correlation)


def is_blank(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(N,) bool: pictures of one grey, or nearly so.

    Raises:
        DataError: not (N, H, W) uint8.
    """
    check_pictures(images)
    parts = [
        images[start : start + _CHUNK].std(axis=(1, 2), dtype=np.float32) < BLANK
        for start in range(0, len(images), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.bool_)


def _check_size(images: NDArray[np.uint8]) -> None:
    if min(images.shape[1:]) < _LEAST_SIDE:
        raise DataError(
            f"Pictures to compare are at least {_LEAST_SIDE} pixels high and wide, these are "
            f"{images.shape[1]} x {images.shape[2]}."
        )


def _window(images: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    high, wide = images.shape[1:]
    return images[:, 1 + down : high - 1 + down, 1 + right : wide - 1 + right]


def _best(
    pairs: NDArray[np.int64], distance: NDArray[np.int64], correlation: NDArray[np.float64]
) -> NearCopies:
    """Of each pair the window in which it is most alike, if it is alike enough."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -correlation, distance))
    order = order[correlation[order] >= CORRELATION]
    _, first = np.unique(pairs[order], axis=0, return_index=True)
    order = order[np.sort(first)]
    return NearCopies(pairs[order], distance[order], correlation[order])


def _correlations(
    ones: NDArray[np.uint8], others: NDArray[np.uint8], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    found = np.empty(len(pairs))
    for start in range(0, len(pairs), _CHUNK):
        one, other = pairs[start : start + _CHUNK].T
        product = _standardised(ones[one]) * _standardised(others[other])
        found[start : start + _CHUNK] = product.sum(axis=1)
    return np.minimum(found, 1.0)  # rounding may lift it a little above


def _standardised(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean 0 and length 1, a row a picture; 0 where only the margin shows anything."""
    flat = images.reshape(len(images), -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(length, 1e-9), np.float64)
