"""Follows faces from frame to frame, and gives each a number that it keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.detectors import Detection, make_detector
from duchenne.faces.faces import Faces
from duchenne.faces.identity import Identities
from duchenne.faces.landmarker import FaceLandmarker, Located, Sighting
from duchenne.faces.networks import FaceNetworks
from duchenne.faces.people import TrackerState
from duchenne.faces.regions import iou
from duchenne.faces.tiles import Tile, tiles
from duchenne.media.frame import Frame

RESTART_S: Final = 10.0
"""Video seconds between two fresh starts from detection (ARCHITECTURE: determinism)."""

MAX_FACES: Final = 10

# Presence logits: real faces give 4.4 and more, most false finds 0 to 2.2, but patterns on a
# tissue section and a spacesuit 4 to 10. What tells them apart is another look: cropped by their
# own points, the points of faces move by 0.1 to 2 % of the distance between the outer eye corners,
# those of patterns by 4 to 47 %. A face that the network is sure of may move more: it may be
# half hidden.
_START_PRESENCE: Final = 4.0
_SURE_PRESENCE: Final = 12.0
_STEADY: Final = 0.02
_STEADY_IF_SURE: Final = 0.05
_OUTER_EYE_CORNERS: Final = (33, 263)
_KEEP_PRESENCE: Final = 0.0
_SEARCH_EVERY_S: Final = 0.2
# Squares of the frame that are searched for small faces in one frame, at 1.1 ms each: a frame
# without a face must not cost much more than one with.
_TILES_WHEN_ALONE: Final = 4
_TILES_WHEN_FOLLOWING: Final = 2
_SAME_FACE_IOU: Final = 0.3


@dataclass(frozen=True, eq=False)
class _Track:
    handle: int
    face: Located


class FaceTracker:
    """Finds and follows the faces of one source.

    While a face is followed, each frame costs one pass of the landmark network; the detector
    runs only when nobody is followed, and five times a second to notice newcomers. Small faces
    are looked for on squares of the frame: all of them at a fresh start, a few at each search.
    A face that vanishes for up to two seconds gets its number back when it returns, and faces
    that cross keep theirs, as far as motion and the shape of the face tell (``identity``, which
    also says where they cannot).

    Args:
        max_faces: follow at most this many.
        detector: ``blazeface`` or ``haar``.
        networks: shared networks; by default loaded afresh.

    Raises:
        DataError: ``max_faces`` is below 1 or the detector is unknown.
        ModelError: the model file cannot be had.
    """

    def __init__(
        self,
        *,
        max_faces: int = MAX_FACES,
        detector: str = "blazeface",
        networks: FaceNetworks | None = None,
    ) -> None:
        if max_faces < 1:
            raise DataError(f"The number of faces to follow must be at least 1, not {max_faces}.")
        networks = networks or FaceNetworks()
        self._max_faces = max_faces
        self._detect = make_detector(detector, networks)
        # The cascade looks at all sizes by itself.
        self._tiled = detector != "haar"
        self._landmarker = FaceLandmarker(networks)
        self.reset()

    def reset(self) -> None:
        """Forget everybody: the next frame begins a new source."""
        self.restore(TrackerState(0, None, ()))

    def state(self) -> TrackerState:
        """Who is remembered after the last frame, to go on from the next fresh start."""
        return self._identities.state()

    def restore(self, state: TrackerState) -> None:
        """Go on where another run stood: the next frame starts afresh from detection.

        Where that frame is the first of a stretch between two fresh starts (``segment_of``) and
        the state was taken before it, all that follows is what the other run would have found.
        """
        self._identities = Identities()
        self._identities.restore(state)
        self._segment: int | None = None
        self._start_afresh()

    def process(self, frame: Frame) -> Faces:
        """The faces of the next frame of a stream, ordered by track id."""
        return self.describe([self.find(frame)])

    def describe(self, sightings: Sequence[Sighting]) -> Faces:
        """All faces of frames that were looked at, one after another.

        Many at once cost less, and get the same numbers.
        """
        return self._landmarker.describe(sightings)

    def find(self, frame: Frame) -> Sighting:
        """Who is in the next frame of a stream, ordered by track id, to be described later."""
        segment = segment_of(frame.time)
        fresh = segment != self._segment
        if fresh:
            self._segment = segment
            self._start_afresh()
        self._follow(frame)
        if self._should_search(frame.time):
            self._searched = frame.time
            self._search(frame, everywhere=fresh)
        faces = {track.handle: track.face for track in self._tracks}
        ids = self._identities.name(faces, frame.pixels.shape, frame.time)
        ordered = sorted(faces, key=ids.__getitem__)
        return Sighting(
            tuple(faces[handle] for handle in ordered),
            tuple(ids[handle] for handle in ordered),
            (frame.height, frame.width),
        )

    def still(self, pixels: NDArray[np.uint8]) -> Faces:
        """The faces of one picture (H, W, 3) RGB on its own, best first."""
        return self.describe([self.find_still(pixels)])

    def find_still(self, pixels: NDArray[np.uint8]) -> Sighting:
        """Who is in one picture (H, W, 3) RGB, best first, to be described later."""
        self.reset()
        self._search(Frame(pixels, 0, 0.0), everywhere=True)
        found = tuple(track.face for track in self._tracks)
        self.reset()
        return Sighting(found, tuple(range(len(found))), (pixels.shape[0], pixels.shape[1]))

    def _start_afresh(self) -> None:
        self._tracks: list[_Track] = []
        self._next_handle = 0
        self._searched = -np.inf
        self._next_tile = 0
        self._identities.let_go()

    def _follow(self, frame: Frame) -> None:
        """Where two land on one face, the one that moved less was there before.

        Neither numbers of persons nor what is known of them may have a say here: they come from
        before the last fresh start.
        """
        moved: list[tuple[float, _Track]] = []
        for track in self._tracks:
            face = self._landmarker.locate(frame.pixels, track.face.region)
            if face.presence >= _KEEP_PRESENCE:
                moved.append((_move(track.face, face), _Track(track.handle, face)))
        kept: list[_Track] = []
        for _, track in sorted(moved, key=lambda pair: pair[0]):
            if not _is_known(track.face, [other.face for other in kept]):
                kept.append(track)
        self._tracks = sorted(kept, key=lambda track: track.handle)

    def _should_search(self, time: float) -> bool:
        if not self._tracks:
            return True
        room = len(self._tracks) < self._max_faces
        return room and time - self._searched >= _SEARCH_EVERY_S

    def _search(self, frame: Frame, everywhere: bool) -> None:
        alone = not self._tracks
        newcomers = self._newcomers(frame, self._detect(frame.pixels), [])
        for tile in self._tiles(frame, everywhere, alone and not newcomers):
            if len(self._tracks) + len(newcomers) >= self._max_faces:
                break
            found = tile.search(frame.pixels, self._detect)
            newcomers += self._newcomers(frame, found, newcomers)
        for face in newcomers:
            self._tracks.append(_Track(self._next_handle, face))
            self._next_handle += 1

    def _tiles(self, frame: Frame, everywhere: bool, alone: bool) -> list[Tile]:
        every = tiles(frame.pixels.shape) if self._tiled else []
        if everywhere or not every:
            return every
        count = _TILES_WHEN_ALONE if alone else _TILES_WHEN_FOLLOWING
        places = [(self._next_tile + i) % len(every) for i in range(min(count, len(every)))]
        self._next_tile = (places[-1] + 1) % len(every)
        return [every[place] for place in places]

    def _newcomers(
        self, frame: Frame, detections: list[Detection], newcomers: list[Located]
    ) -> list[Located]:
        """Faces at these detections that are neither followed nor among ``newcomers`` yet."""
        known = [track.face for track in self._tracks] + newcomers
        room = self._max_faces - len(known)
        fresh: list[Located] = []
        for detection in detections:
            if len(fresh) >= room or _covers([*known, *fresh], detection.box):
                continue
            face = self._landmarker.locate(frame.pixels, detection.region, passes=2)
            if not _is_known(face, [*known, *fresh]) and self._is_face(frame.pixels, face):
                fresh.append(face)
        return fresh

    def _is_face(self, pixels: NDArray[np.uint8], face: Located) -> bool:
        """Whether to start following: the network must see the same face when it looks again."""
        if face.presence < _START_PRESENCE:
            return False
        again = self._landmarker.locate(pixels, face.region)
        moved = np.linalg.norm((again.landmarks - face.landmarks)[:, :2], axis=1).mean()
        limit = _STEADY_IF_SURE if face.presence >= _SURE_PRESENCE else _STEADY
        right, left = face.landmarks[list(_OUTER_EYE_CORNERS)]
        steady = moved <= limit * np.linalg.norm(left - right)
        return bool(steady and again.presence >= _START_PRESENCE)


def segment_of(time: float) -> int:
    """Which stretch between two fresh starts a time (s) belongs to."""
    # A hair of tolerance: 300 frames at 1/30 s may add up to 9.999999.
    return int((time + 1e-6) // RESTART_S)


def _covers(faces: list[Located], box: NDArray[np.float32]) -> bool:
    """Whether a known face already explains a detection: its middle lies inside."""
    centre = box[:2] + box[2:] / 2
    boxes = [face.box for face in faces]
    return any(bool(((centre > b[:2]) & (centre < b[:2] + b[2:])).all()) for b in boxes)


def _is_known(face: Located, others: list[Located]) -> bool:
    if not others:
        return False
    boxes = np.stack([other.box for other in others])
    return bool((iou(boxes, face.box) > _SAME_FACE_IOU).any())


def _move(before: Located, after: Located) -> float:
    """How far a face went from one frame to the next, in face widths."""
    (x0, y0, width, height), (x1, y1, wide, high) = before.box.tolist(), after.box.tolist()
    move = math.hypot(x1 + wide / 2 - x0 - width / 2, y1 + high / 2 - y0 - height / 2)
    return float(move / max((width + height) / 2, 1.0))
