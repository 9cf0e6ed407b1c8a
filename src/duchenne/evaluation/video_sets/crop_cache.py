"""The crops of a set of videos, kept on disk: made once, in parallel, resumable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from filelock import FileLock

from duchenne.errors import DataError, DuchenneError
from duchenne.evaluation.video_sets.clips import VideoClip, VideoSet
from duchenne.evaluation.video_sets.cropping import CropSettings, crops_of
from duchenne.files import UNREADABLE_ARCHIVE, in_one_step
from duchenne.recording.locking import take

SETTINGS: Final = "settings.json"
CLIPS: Final = "clips.csv"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Cached:
    """What lies in a cache now.

    Attributes:
        folder: the cache's.
        clips: how many of the set's clips are in it with a face.
        made: how many were added by this call.
        skipped: a sentence for each clip that cannot be used.
    """

    folder: Path
    clips: int
    made: int
    skipped: tuple[str, ...]


def cache_crops(
    videos: VideoSet,
    folder: Path,
    settings: CropSettings | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Cached:
    """Crop every clip that is not in the cache yet.

    Each clip is a file of its own, moved into place whole: the same call after a kill goes on with
    the others. ``clips.csv`` (code, subject, type, emotion, path, file) is written at the end.

    Args:
        videos: the labelled clips.
        folder: of the cache; made where it is not there.
        settings: of the frames and crops; the thesis' by default.
        jobs: processes side by side.
        progress: gets each clip's code when it is done.

    Raises:
        DataError: the cache was begun with other settings, another run works on it, one of its
            files is damaged, or no clip gives a face.
        ModelError: the face model cannot be had.
    """
    wanted = settings or CropSettings()
    lock = FileLock(folder / ".lock", blocking=False)
    take(lock, folder)
    try:
        _check_settings(folder, wanted)
        missing = [clip for clip in videos.clips if not crop_file(folder, clip).is_file()]
        skipped = tuple(_make(missing, folder, wanted, jobs, progress))
        table = _table(videos, folder)
        if table.empty:
            first = skipped[0] if skipped else "no face was found"
            raise DataError(f"No clip of {videos.name} gives a face; the first: {first}")
        table.to_csv(folder / CLIPS, index=False)
    finally:
        lock.release()
    return Cached(folder, len(table), len(missing) - len(skipped), skipped)


def crop_file(folder: Path, clip: VideoClip) -> Path:
    """Where a clip's crops lie, whatever characters its code and place have."""
    digest = hashlib.sha256(f"{clip.code}\n{clip.path.resolve()}".encode()).hexdigest()
    return folder / f"{digest[:24]}.npz"


def _check_settings(folder: Path, settings: CropSettings) -> None:
    file, text = folder / SETTINGS, json.dumps(asdict(settings), indent=2)
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != text:
        raise DataError(f"{folder} was begun with other settings: delete it, or choose another.")


def _make(
    clips: list[VideoClip],
    folder: Path,
    settings: CropSettings,
    jobs: int,
    progress: Progress | None,
) -> Iterator[str]:
    """Sentences about the clips that cannot be used."""
    for clip, sentence in _outcomes(clips, folder, settings, jobs):
        if sentence is not None:
            yield sentence
        if progress is not None:
            progress(clip.code)


def _outcomes(
    clips: list[VideoClip], folder: Path, settings: CropSettings, jobs: int
) -> Iterator[tuple[VideoClip, str | None]]:
    if jobs <= 1 or len(clips) < 2:
        for clip in clips:
            yield clip, _crop(clip, folder, settings)
        return
    with ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(_crop, clip, folder, settings): clip for clip in clips}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BaseException:
            # Ctrl-C: what is finished is kept, what has not begun does not begin.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _crop(clip: VideoClip, folder: Path, settings: CropSettings) -> str | None:
    try:
        found = crops_of(clip.path, settings)
    except DuchenneError as error:
        return f"{clip.code}: {error}"
    with in_one_step(crop_file(folder, clip)) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, pixels=found.pixels, times=found.times, measures=found.measures)
    return None


def _table(videos: VideoSet, folder: Path) -> pd.DataFrame:
    """The clips that have a face."""
    files = [crop_file(folder, clip) for clip in videos.clips]
    faces = [_faces(file) for file in files]
    table = videos.to_frame().assign(file=[file.name for file in files], faces=faces)
    return table[table["faces"] > 0].reset_index(drop=True)


def _faces(file: Path) -> int:
    if not file.is_file():
        return 0
    try:
        with np.load(file) as arrays:
            return len(arrays["times"])
    except UNREADABLE_ARCHIVE as error:
        raise DataError(f"{file} is damaged: delete it, and its clip is cropped again.") from error
