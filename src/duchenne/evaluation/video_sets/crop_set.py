"""Face crops of labelled clips in memory, whichever set they come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.evaluation.datasets.pedfe import KINDS, SCORE_SCALE, decode_crop, read_clips
from duchenne.evaluation.video_sets.crop_cache import CLIPS
from duchenne.evaluation.video_sets.cropping import MEASURES
from duchenne.files import UNREADABLE_ARCHIVE

PEDFE_NOTE: Final = "PEDFE's crops, about 5 a second over the whole clip"
"""To stand beside every temporal result on them."""

_COLUMNS: Final = ("code", "subject", "type", "emotion")


@dataclass(frozen=True, eq=False)
class CropSet:
    """Crops, those of one clip one after the other in the order of time.

    Attributes:
        name: of the set, with what a reader of results must know of it.
        clips: a row a clip: code, subject, type (genuine or posed), emotion.
        pixels: (n, side, side) uint8 grey.
        clip: (n,) the row of ``clips`` that each crop is of, rising.
        measures: (n, 55) float32 as ``cropping.MEASURES``; NaN where there are none.
    """

    name: str
    clips: pd.DataFrame
    pixels: NDArray[np.uint8]
    clip: NDArray[np.intp]
    measures: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or len(self.pixels) != len(self.clip):
            raise DataError(
                f"Crops are (n, side, side) with a clip each, not {self.pixels.shape} with "
                f"{len(self.clip)}."
            )
        if self.measures.shape != (len(self.clip), len(MEASURES)):
            raise DataError(f"Crops have {len(MEASURES)} measures each, not {self.measures.shape}.")
        if (np.diff(self.clip) < 0).any():
            raise DataError("The crops of a clip stand together, clips in the order of the table.")
        if len(np.unique(self.clip)) != len(self.clips):
            raise DataError("Every clip of the table needs a crop.")

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that occur, in alphabetical order: the classes."""
        return tuple(sorted(self.clips["emotion"].unique()))

    @property
    def emotion(self) -> NDArray[np.int64]:
        """(clips,) place in ``emotions``."""
        names = {name: place for place, name in enumerate(self.emotions)}
        return np.asarray(self.clips["emotion"].map(names), np.int64)

    @property
    def kind(self) -> NDArray[np.int64]:
        """(clips,) 0 genuine, 1 posed."""
        return np.asarray(self.clips["type"] == KINDS[1], np.int64)

    @property
    def people(self) -> NDArray[Any]:
        """(clips,) who is seen."""
        return np.asarray(self.clips["subject"].to_numpy())

    def rows(self, clip: int) -> slice:
        """The crops of a clip."""
        first, last = np.searchsorted(self.clip, [clip, clip + 1])
        return slice(int(first), int(last))

    @classmethod
    def from_pedfe(cls, folder: str | Path) -> CropSet:
        """PEDFE's crops of 112 pixels.

        Raises:
            DataError: a table is missing, or not PEDFE's.
        """
        clips = read_clips(folder)
        path = Path(folder) / "crops.parquet"
        if not path.is_file():
            raise DataError(f"No PEDFE crops at {path}.")
        try:
            table = pq.read_table(path, columns=["code", "frame", "image"])
        except (pa.ArrowException, KeyError, OSError) as error:
            raise DataError(f"{path} is not PEDFE's table of crops: {reason(error)}.") from error
        places = pd.Series(np.arange(len(clips)), clips["code"])
        clip = places.reindex(table["code"].to_pandas().astype(str)).to_numpy()
        if np.isnan(clip).any():
            raise DataError(f"{path} has a crop of a clip that clips.csv does not name.")
        if not len(table):
            raise DataError(f"{path} holds no crops.")
        order = np.lexsort((table["frame"].to_numpy(), clip))
        images = table["image"].to_pylist()
        pixels = np.stack([decode_crop(images[place], path) for place in order])
        seen = np.unique(clip[order].astype(np.intp))
        chosen = table.select(["code", "frame"]).to_pandas().iloc[order]
        return cls(
            f"PEDFE ({PEDFE_NOTE})",
            clips.iloc[seen][list(_COLUMNS)].reset_index(drop=True),
            pixels,
            np.searchsorted(seen, clip[order].astype(np.intp)),
            _pedfe_measures(Path(folder) / "frames.parquet", chosen),
        )

    @classmethod
    def from_cache(cls, folder: Path) -> CropSet:
        """What ``crop_cache.cache_crops`` left.

        Raises:
            DataError: the folder is no finished cache.
        """
        try:
            table = pd.read_csv(folder / CLIPS, dtype={"code": str, "subject": str})
            parts = [_read(folder / name) for name in table["file"]]
        except UNREADABLE_ARCHIVE as error:
            raise DataError(f"{folder} is no finished cache of crops: {reason(error)}.") from error
        if not parts:
            raise DataError(f"{folder} is no finished cache of crops: {CLIPS} names no clip.")
        clip = np.repeat(np.arange(len(parts)), [len(pixels) for pixels, _ in parts])
        pixels, measures = (np.concatenate(some) for some in zip(*parts, strict=True))
        return cls(folder.name, table[list(_COLUMNS)], pixels, clip, measures)


def read_crops_of(folder: Path) -> CropSet:
    """PEDFE's folder, or a cache of crops.

    Raises:
        DataError: it is neither.
    """
    if (folder / "crops.parquet").is_file():
        return CropSet.from_pedfe(folder)
    if (folder / CLIPS).is_file():
        return CropSet.from_cache(folder)
    raise DataError(
        f"{folder} holds no crops: give PEDFE's folder, or one that duchenne experiment crops made."
    )


def thesis_frames(crops: CropSet, folder: Path) -> int:
    """Write every crop under the thesis' name, ``[real/fake]_[emotion]_[frame].jpg``.

    1 is real (genuine), 0 fake (posed); emotions count from 1 in alphabetical order, so that
    ``1_4_100.jpg`` is a genuinely happy frame, as the thesis says; frames count over the whole set
    and so are unique. ``frames.csv`` beside them says which clip and person each is of, which the
    names do not.

    Returns:
        How many were written.

    Raises:
        DataError: the folder cannot be written.
    """
    rows = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, (pixels, clip) in enumerate(zip(crops.pixels, crops.clip, strict=True)):
            name = f"{1 - crops.kind[clip]}_{crops.emotion[clip] + 1}_{number}.jpg"
            _, jpeg = cv2.imencode(".jpg", pixels)
            (folder / name).write_bytes(jpeg.tobytes())
            rows.append((name, *crops.clips.loc[clip, ["code", "subject"]]))
        table = pd.DataFrame(rows, columns=["file", "code", "subject"])
        table.to_csv(folder / "frames.csv", index=False)
    except OSError as error:
        raise DataError(f"{folder} cannot be written ({error.strerror}).") from error
    return len(rows)


def _read(file: Path) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    with np.load(file) as arrays:
        return arrays["pixels"].astype(np.uint8), arrays["measures"].astype(np.float32)


def _pedfe_measures(path: Path, chosen: pd.DataFrame) -> NDArray[np.float32]:
    """Of the frames that the crops are of; NaN where the table of frames is not there."""
    if not path.is_file():
        return np.full((len(chosen), len(MEASURES)), np.nan, np.float32)
    try:
        table = pq.read_table(path, columns=["code", "frame", *MEASURES]).to_pandas()
    except (pa.ArrowException, KeyError, OSError) as error:
        raise DataError(f"{path} is not PEDFE's table of frames: {reason(error)}.") from error
    scores = [name for name in MEASURES if name.startswith("bs_")]
    keys = [table["code"].astype(str), table["frame"]]
    values = table[list(MEASURES)].astype(dict.fromkeys(MEASURES, np.float32))
    values[scores] /= SCORE_SCALE
    wanted = pd.MultiIndex.from_arrays([chosen["code"].astype(str), chosen["frame"]])
    return np.asarray(values.set_axis(keys).reindex(wanted), np.float32)
