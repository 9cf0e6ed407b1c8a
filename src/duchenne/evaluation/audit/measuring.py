"""Measures pictures, clips and recordings one by one; what was measured is kept in a file."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError, MediaError, reason
from duchenne.evaluation.audit.faces import MOVING, FaceMeasures, face_measures, movement
from duchenne.evaluation.audit.items import THUMBNAIL
from duchenne.evaluation.audit.pixels import file_nuisances, picture_nuisances, thumbnail
from duchenne.faces import BLENDSHAPES, FaceTracker
from duchenne.media import open_media
from duchenne.media.pictures import is_picture, open_picture, read_picture
from duchenne.recording.metadata import Source
from duchenne.recording.recording import Recording

LOOKED_AT: Final = 8
"""Frames of a clip that are looked at, spread evenly."""
LEAST_SIDE: Final = 16
_VERSION: Final = 1
_FACE_COLUMNS: Final = {
    "face width": "face_width",
    "face x": "face_x",
    "face y": "face_y",
    "pitch": "pose_pitch",
    "yaw": "pose_yaw",
    "roll": "pose_roll",
    "distance": "pose_tz",
    "face confidence": "confidence",
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Measures:
    """What was measured of one item; see ``AuditSet`` for what each part is."""

    kind: str
    key: str
    nuisances: dict[str, float]
    intensity: dict[str, float] = field(default_factory=dict)
    neutral: list[float] | None = None
    content: list[float] | None = None
    thumbnail: NDArray[np.uint8] | None = None

    def to_json(self) -> dict[str, Any]:
        """As a line of the file; NaN has no place in JSON, so it is left out."""
        small = self.thumbnail
        return {
            "kind": self.kind,
            "key": self.key,
            "nuisances": _finite(self.nuisances),
            "intensity": _finite(self.intensity),
            "neutral": self.neutral,
            "content": self.content,
            "thumbnail": None if small is None else base64.b64encode(small.tobytes()).decode(),
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Measures:
        """A line of the file."""
        small = raw["thumbnail"]
        picture = None
        if small is not None:
            flat = np.frombuffer(base64.b64decode(small), np.uint8)
            picture = flat.reshape(THUMBNAIL, THUMBNAIL)
        return cls(**{**raw, "thumbnail": picture})


class Measurer:
    """Measures files, and remembers them between runs.

    Args:
        tracker: finds faces; None: nobody looks for any.
        memory: a file that grows by a line an item; None: nothing is remembered.
    """

    def __init__(self, tracker: FaceTracker | None, memory: Path | None = None) -> None:
        self._tracker, self._memory = tracker, memory
        self._known = _remembered(memory)

    def __call__(self, path: Path) -> Measures | str:
        """Measures of a file, or the sentence that says why it could not be read."""
        try:
            name = self._name(path)
            if name not in self._known:
                self._known[name] = measured(path, self._tracker)
                self._remember(name)
        except (MediaError, DataError) as error:
            return str(error)
        except OSError as error:
            return f"{path} cannot be read: {reason(error)}."
        return self._known[name]

    def _name(self, path: Path) -> str:
        about = path.stat()
        looks = "faces" if self._tracker is not None else "no faces"
        return f"{_VERSION} {looks} {about.st_size} {about.st_mtime_ns} {path.resolve()}"

    def _remember(self, name: str) -> None:
        if self._memory is None:
            return
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        with self._memory.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"item": name} | self._known[name].to_json()) + "\n")


def measured(path: Path, tracker: FaceTracker | None) -> Measures:
    """Measure one picture, clip or recording.

    Raises:
        MediaError: a picture or clip cannot be read.
        DataError: a recording cannot be read.
    """
    if is_recording(path):
        return _of_recording(path)
    if path.is_file() and path.stat().st_size and is_picture(path):
        return _of_picture(path, tracker)
    return _of_clip(path, tracker)


def is_recording(path: Path) -> bool:
    """Whether a path is a recording of ours: its folder or its Parquet file."""
    return path.name == "recording.parquet" or (path / "recording.parquet").is_file()


def _of_picture(path: Path, tracker: FaceTracker | None) -> Measures:
    pixels = read_picture(path)
    _check(pixels, path)
    with open_picture(path) as opened:
        stored = file_nuisances(opened, path.stat().st_size)
    faces = _faces([pixels], tracker)
    return Measures(
        "picture",
        pixel_key(pixels),
        picture_nuisances(pixels) | stored | faces.nuisances,
        faces.intensity,
        None,
        _listed(faces.content),
        thumbnail(pixels),
    )


def _of_clip(path: Path, tracker: FaceTracker | None) -> Measures:
    frames, about = _some_frames(path)
    each = [picture_nuisances(pixels) for pixels in frames]
    looks = {name: float(np.median([one[name] for one in each])) for name in each[0]}
    faces = _faces(frames, tracker)
    key = _file_key(path) if path.is_file() else pixel_key(np.concatenate(frames))
    return Measures(
        "clip",
        key,
        looks | about | faces.nuisances,
        faces.intensity,
        _listed(faces.neutral),
        _listed(faces.content),
        thumbnail(frames[len(frames) // 2]),
    )


def _some_frames(path: Path) -> tuple[list[Pixels], dict[str, float]]:
    """Frames spread evenly over a clip, and how it was filmed."""
    with open_media(path) as media:
        info = media.info
        every = max(1, (info.frames or LOOKED_AT) // LOOKED_AT)
        last, frames = None, []
        for frame in media:
            last = frame
            if frame.index % every == 0:
                frames.append(frame.pixels)
            if len(frames) > 2 * LOOKED_AT:  # longer than announced: memory stays flat
                frames, every = frames[::2], 2 * every
    if last is None or not frames:
        raise MediaError(f"{path} shows no frame.")
    _check(frames[0], path)
    if len({pixels.shape for pixels in frames}) > 1:
        raise MediaError(f"{path} shows frames of several sizes: bring them to one.")
    count, length = last.index + 1, last.time + 1 / (info.fps or 25.0)
    about = {"duration": length, "frames": float(count), "frame rate": count / length}
    if path.is_file():
        about["bytes a pixel"] = path.stat().st_size / max(1, info.width * info.height * count)
    return frames, about


def _faces(frames: list[Pixels], tracker: FaceTracker | None) -> FaceMeasures:
    if tracker is None:
        return FaceMeasures({})
    height, width = frames[0].shape[:2]
    return face_measures([tracker.still(pixels) for pixels in frames], (height, width))


def middle_frame(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) the frame halfway through a clip.

    Raises:
        MediaError: the clip cannot be read.
    """
    with open_media(path) as media:
        goal, shown = (media.info.frames or 0) // 2, None
        for frame in media:
            shown = frame.pixels
            if frame.index >= goal:
                break
    if shown is None:
        raise MediaError(f"{path} shows no frame.")
    return shown


def _of_recording(path: Path) -> Measures:
    recording = Recording.load(path)
    rows = recording.to_frame()
    seen = rows[rows["success"] == 1]
    about = _filming(rows, seen, recording.metadata.source)
    key = _file_key(path if path.is_file() else path / "recording.parquet")
    if seen.empty:
        return Measures("recording", key, about)
    mine = seen[seen["face_id"] == seen["face_id"].mode().iloc[0]]
    about |= {name: float(mine[column].median()) for name, column in _FACE_COLUMNS.items()}
    scores = mine[[f"bs_{name}" for name in BLENDSHAPES]].to_numpy(np.float64)
    poses = mine[["pose_pitch", "pose_yaw", "pose_roll"]].to_numpy(np.float64)
    known = np.isfinite(scores).all(axis=1) & np.isfinite(poses).all(axis=1)
    if not known.any() or not scores[known][:, MOVING].any():
        return Measures("recording", key, about)
    strength, neutral, content = movement(scores[known], poses[known])
    resting = _listed(neutral) if len(mine) > 1 else None
    return Measures("recording", key, about, {"strength": strength}, resting, _listed(content))


def _filming(rows: pd.DataFrame, seen: pd.DataFrame, source: Source) -> dict[str, float]:
    """How a recording was filmed; ``seen`` are those of its rows that hold a face."""
    times, frames = rows["timestamp"].to_numpy(np.float64), int(rows["frame"].nunique())
    about = {
        "width": float(source.width or np.nan),
        "height": float(source.height or np.nan),
        "frames": float(frames),
        "duration": float(np.ptp(times)) if len(times) else 0.0,
        "face seen": len(seen) / max(1, len(rows)),
        "faces": len(seen) / max(1, frames),
    }
    if about["duration"] > 0 and frames > 1:
        about["frame rate"] = (frames - 1) / about["duration"]
    return about


def pixel_key(pixels: NDArray[np.uint8]) -> str:
    """Equal for pictures that are the same in every pixel, however they are stored."""
    shape = "x".join(str(side) for side in pixels.shape)
    return f"{shape} {hashlib.blake2b(pixels.tobytes(), digest_size=16).hexdigest()}"


def _file_key(path: Path) -> str:
    with path.open("rb") as file:
        return f"file {hashlib.file_digest(file, 'sha256').hexdigest()}"


def _check(pixels: NDArray[np.uint8], path: Path) -> None:
    if min(pixels.shape[:2]) < LEAST_SIDE:
        raise MediaError(
            f"{path} is {pixels.shape[1]} x {pixels.shape[0]} pixels: an audit needs "
            f"{LEAST_SIDE} a side."
        )


def _listed(values: NDArray[np.float64] | None) -> list[float] | None:
    return None if values is None else [round(float(value), 5) for value in values]


def _finite(values: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if np.isfinite(value)}


def _remembered(memory: Path | None) -> dict[str, Measures]:
    found: dict[str, Measures] = {}
    if memory is None or not memory.is_file():
        return found
    text = memory.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        with memory.open("a", encoding="utf-8") as file:
            file.write("\n")  # a run was killed in the middle of a line
    for line in text.splitlines():
        try:
            raw = json.loads(line)
            name = raw.pop("item")
            found[name] = Measures.from_json(raw)
        except (ValueError, KeyError, TypeError):
            continue
    return found
