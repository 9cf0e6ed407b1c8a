"""Tables that hold pictures as bytes, a row each."""

from __future__ import annotations

import io
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from duchenne.errors import DataError, reason
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.listing import Listed
from duchenne.evaluation.audit.measuring import LEAST_SIDE, pixel_key
from duchenne.evaluation.audit.pixels import (
    file_nuisances,
    merged,
    picture_nuisances,
    small_pictures,
    thumbnail,
)

MEASURED: Final = 3000
"""Pictures of a large table whose nuisances are measured, drawn by chance; all are compared."""
_SEED: Final = 2013


def is_picture_table(table: pd.DataFrame) -> bool:
    """Whether the column ``image`` holds bytes, wherever a row has a picture."""
    if "image" not in table.columns:
        return False
    known = table["image"].dropna()
    return bool(len(known)) and isinstance(known.iloc[0], bytes)


def sample(rows: int) -> NDArray[np.bool_]:
    """(rows,) bool: at most ``MEASURED`` of them, always the same ones."""
    chosen = np.zeros(rows, np.bool_)
    chosen[np.random.default_rng(_SEED).permutation(rows)[:MEASURED]] = True
    return chosen


def sampling_note(rows: int) -> tuple[str, ...]:
    """A sentence about the pictures that were not measured, if there are any."""
    if rows <= MEASURED:
        return ()
    return (
        f"Nuisances and models see {MEASURED:,} of the {rows:,} pictures, drawn by chance (seed "
        f"{_SEED}); copies were looked for in all.",
    )


def read_picture_table(name: str, listed: Listed) -> AuditSet:
    """Measure the pictures of a table.

    Raises:
        DataError: not one of them can be read.
    """
    measured = sample(len(listed.table))
    thumbnails, keys, rows, broken = [], [], [], []
    read = np.ones(len(listed.table), np.bool_)
    for row, blob in enumerate(listed.table["image"]):
        try:
            pixels, stored = _opened(blob)
        except (OSError, TypeError, ValueError) as error:
            read[row] = False
            broken.append(f"The picture of row {row} cannot be read: {reason(error)}.")
            continue
        thumbnails.append(thumbnail(pixels))
        keys.append(pixel_key(pixels))
        rows.append(picture_nuisances(pixels) | stored if measured[row] else {})
    if not thumbnails:
        raise DataError(f"Not one picture of {name} can be read: {broken[0]}")
    small = np.stack(thumbnails)
    return AuditSet(
        name=name,
        kind="pictures",
        names=np.array([f"row {row}" for row in np.flatnonzero(read)]),
        label=listed.label[read],
        subject=listed.subject[read],
        source=listed.source[read],
        split=listed.split[read],
        categories={key: values[read] for key, values in listed.categories.items()},
        nuisances=merged(rows) if measured[read].all() else _merged_some(rows, measured[read]),
        content=small_pictures(small),
        thumbnails=small,
        keys=np.array(keys),
        measured=measured[read],
        unreadable=tuple(broken),
        notes=sampling_note(len(read)),
        content_name="the picture, 16 × 16 grey",
        pictures=_loaders(
            [b for b, whole in zip(listed.table["image"], read, strict=True) if whole]
        ),
    )


def _loaders(blobs: list[bytes]) -> NDArray[np.object_]:
    pictures = np.empty(len(blobs), np.object_)
    pictures[:] = [partial(_decoded, blob) for blob in blobs]
    return pictures


def _opened(blob: bytes) -> tuple[NDArray[np.uint8], dict[str, float]]:
    """The pixels, and how they were stored."""
    stored = file_nuisances(Image.open(io.BytesIO(blob)), len(blob))
    pixels = _decoded(blob)
    if min(pixels.shape[:2]) < LEAST_SIDE:
        raise ValueError(f"it is smaller than {LEAST_SIDE} pixels")
    return pixels, stored


def _decoded(blob: bytes) -> NDArray[np.uint8]:
    opened = Image.open(io.BytesIO(blob))
    return np.asarray(opened.convert("L" if opened.mode in {"L", "1"} else "RGB"))


def _merged_some(
    rows: list[dict[str, float]], measured: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    return spread(merged([row for row in rows if row]), measured)


def spread(
    columns: dict[str, NDArray[np.float64]], measured: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    """Columns of the measured rows as columns of all; NaN in the others."""
    found = {}
    for name, values in columns.items():
        found[name] = np.full(len(measured), np.nan)
        found[name][measured] = values
    return found
