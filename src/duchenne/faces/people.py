"""What the tracker remembers of each person: where, moving how, and with which shape of face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.shape import FaceShape

# Seconds of path behind a velocity, and the least that gives one.
_PATH_S: Final = 0.5
_LEAST_PATH_S: Final = 0.1
# Standard deviation of where a face is after t seconds, in face widths: what a detection is off
# by, what a resting head may move in a second, and by how much a velocity may change.
_OFF: Final = 0.15
_DRIFT: Final = 0.5
_CHANGE: Final = 0.5
# The same for the logarithm of its size, and the spread of sizes among people in a picture.
_SIZE_OFF: Final = 0.1
_SIZE_DRIFT: Final = 0.3
_SIZES: Final = 1.0
# How often somebody comes back where nothing pointed to (the other side of a pillar or picture):
# at once, more for each second, at most.
_ANYWHERE: Final = 0.2
_ANYWHERE_GROWS: Final = 0.8
_ANYWHERE_MOST: Final = 0.8


@dataclass(frozen=True)
class Spot:
    """Where a face was: seconds, middle in pixels, and size, the mean of its box's sides."""

    time: float
    x: float
    y: float
    size: float

    @classmethod
    def from_box(cls, box: NDArray[np.float32], time: float) -> Spot:
        """The middle and size of a box (4,) of x, y, width and height."""
        x, y, width, height = (float(v) for v in box)
        return cls(time, x + width / 2, y + height / 2, max((width + height) / 2, 1.0))


Path = tuple[Spot, ...]


def extended(path: Path, spot: Spot) -> Path:
    """The path with one more spot, and without what is older than half a second."""
    return (*(old for old in path if spot.time - old.time <= _PATH_S), spot)


def motion_evidence(path: Path, spot: Spot, area: float) -> float:
    """How much likelier a face is at a spot because a path points there, as a logarithm.

    A velocity once held is kept (least squares over the last half second); the uncertainty grows
    with time and speed. The alternative is a face anywhere in the picture, of any usual size.
    For place and for size never below log 0.2, after a second log 0.8: people do come back on
    the other side.

    Args:
        path: of the person while followed; empty tells nothing.
        spot: where a face is now.
        area: of the picture, in square pixels.
    """
    if not path:
        return 0.0
    last, after = path[-1], max(spot.time - path[-1].time, 0.0)
    vx, vy = _velocity(path)
    size = float(np.sqrt(last.size * spot.size))
    off = np.hypot(last.x + vx * after - spot.x, last.y + vy * after - spot.y) / size
    speed = np.hypot(vx, vy) / size
    variance = _OFF**2 + (_DRIFT * after) ** 2 + (_CHANGE * speed * after) ** 2
    here = area / size**2 / (2 * np.pi * variance) * np.exp(-(off**2) / (2 * variance))
    grown = np.log(spot.size / last.size)
    spread = _SIZE_OFF + _SIZE_DRIFT * after
    alike = _SIZES / spread * np.exp(-(grown**2) / 2 * (1 / spread**2 - 1 / _SIZES**2))
    anywhere = min(_ANYWHERE + _ANYWHERE_GROWS * after, _ANYWHERE_MOST)
    ratios = np.array([here, alike])
    return float(np.log((1 - anywhere) * ratios + anywhere).sum())


def _velocity(path: Path) -> tuple[float, float]:
    """Pixels a second; 0 where the path is too short to tell."""
    times = np.array([spot.time for spot in path])
    if times[-1] - times[0] < _LEAST_PATH_S:
        return 0.0, 0.0
    times -= times.mean()
    places = np.array([(spot.x, spot.y) for spot in path])
    vx, vy = times @ places / (times @ times)
    return float(vx), float(vy)


@dataclass(frozen=True, eq=False)
class Person:
    """One person of a source.

    Attributes:
        track_id: the number in the rows.
        box: (4,) float32, where the face was last, in pixels.
        seen: when, in seconds.
        path: of the last half second that the face was clear of others.
        shape: from all frames in which it was certain whose face it was.
        recent: from the frames since it touched another, not yet believed.
        rivals: track ids it may have been taken for since they touched.
        touched: when it last touched one of them, in seconds; means nothing without rivals.
    """

    track_id: int
    box: NDArray[np.float32]
    seen: float
    path: Path
    shape: FaceShape
    recent: FaceShape
    rivals: frozenset[int]
    touched: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it, to the last digit."""
        return {
            "track_id": self.track_id,
            "box": [float(v) for v in self.box],
            "seen": self.seen,
            "path": [[spot.time, spot.x, spot.y, spot.size] for spot in self.path],
            "shape": self.shape.to_dict(),
            "recent": self.recent.to_dict(),
            "rivals": sorted(self.rivals),
            "touched": self.touched,
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Person:
        """The inverse of ``to_dict``.

        Raises:
            KeyError, TypeError, ValueError: the content is something else.
        """
        box = np.array(content["box"], np.float32)
        path = tuple(Spot(*(float(v) for v in spot)) for spot in content["path"])
        if box.shape != (4,) or not np.isfinite(box).all() or any(s.size <= 0 for s in path):
            raise ValueError("not a person")
        return cls(
            track_id=int(content["track_id"]),
            box=box,
            seen=float(content["seen"]),
            path=path,
            shape=FaceShape.from_dict(content["shape"]),
            recent=FaceShape.from_dict(content["recent"]),
            rivals=frozenset(int(v) for v in content["rivals"]),
            touched=float(content["touched"]),
        )


@dataclass(frozen=True, eq=False)
class TrackerState:
    """What a tracker carries over a fresh start: enough to go on with the same numbers.

    Attributes:
        next_id: the number of the next new person.
        time: of the last frame, in seconds; None before the first.
        people: everybody of the last two seconds.
    """

    next_id: int
    time: float | None
    people: tuple[Person, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it: numbers keep their last digit, so that a run can be taken up."""
        people = [person.to_dict() for person in self.people]
        return {"next_id": self.next_id, "time": self.time, "people": people}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> TrackerState:
        """The inverse of ``to_dict``.

        Raises:
            DataError: the content is something else.
        """
        try:
            time = content["time"]
            people = tuple(Person.from_dict(person) for person in content["people"])
            next_id = int(content["next_id"])
            state = cls(next_id, None if time is None else float(time), people)
            ids = [person.track_id for person in people]
            if len(set(ids)) < len(ids) or any(not 0 <= i < next_id for i in ids):
                raise ValueError("numbers that cannot be")
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(
                "The stored state of the tracker is damaged: analyse the source from its start."
            ) from error
        return state
