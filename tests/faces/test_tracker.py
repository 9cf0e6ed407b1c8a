"""Finding and following faces, on real pictures and on films made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from duchenne.errors import DataError
from duchenne.faces import BLENDSHAPES, FaceNetworks, FaceTracker
from duchenne.faces.blendshapes import DEAD_BLENDSHAPES
from duchenne.faces.people import TrackerState
from duchenne.faces.tracker import segment_of
from duchenne.media import open_media
from duchenne.media.frame import Frame
from tests.faces.films import FPS, Head, crossing, frames, scene

# Where the astronaut's face is (by eye).
LEFT, TOP, RIGHT, BOTTOM = 175, 60, 275, 185


@pytest.fixture
def tracker(networks: FaceNetworks) -> FaceTracker:
    return FaceTracker(networks=networks)


@pytest.mark.parametrize("detector", ["blazeface", "haar"])
def test_the_astronaut_is_found_where_she_is(
    networks: FaceNetworks, astronaut: NDArray[np.uint8], detector: str
) -> None:
    faces = FaceTracker(networks=networks, detector=detector).still(astronaut)
    assert len(faces) == 1
    x, y, width, height = faces.boxes[0]
    assert LEFT - 25 < x < x + width < RIGHT + 25
    assert TOP - 25 < y < y + height < BOTTOM + 25
    assert faces.scores[0] > 0.99
    smile = faces.blendshapes[0][BLENDSHAPES.index("mouthSmileLeft")]
    assert smile > 0.7
    assert all(faces.blendshapes[0][BLENDSHAPES.index(n)] < 0.01 for n in DEAD_BLENDSHAPES)


def test_both_detectors_lead_to_the_same_landmarks(
    networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    ours, haar = (
        FaceTracker(networks=networks, detector=name).still(astronaut).landmarks[0]
        for name in ("blazeface", "haar")
    )
    eyes = np.linalg.norm(ours[33, :2] - ours[263, :2])
    assert np.linalg.norm((ours - haar)[:, :2], axis=1).mean() / eyes < 0.015


@pytest.mark.parametrize(
    "name",
    ["coffee", "rocket", "chelsea", "cell", "clock", "coins", "hubble_deep_field", "moon", "text"],
)
def test_pictures_without_people_hold_no_face(tracker: FaceTracker, name: str) -> None:
    picture = getattr(data, name)()
    assert len(tracker.still(np.dstack([picture] * 3) if picture.ndim == 2 else picture)) == 0


def test_a_large_picture_holds_no_more_faces_than_people(
    tracker: FaceTracker, astronaut: NDArray[np.uint8]
) -> None:
    # Enlarged, the metal of her spacesuit once passed for a second face.
    large = np.asarray(cv2.resize(astronaut, (3000, 3000)), np.uint8)
    assert len(tracker.still(large)) == 1


def test_frames_described_together_get_the_numbers_of_one_by_one(
    tracker: FaceTracker, astronaut: NDArray[np.uint8]
) -> None:
    pictures = [astronaut, np.roll(astronaut, 9, axis=1), astronaut * 0, astronaut[:400]]
    film = [Frame(pixels, i, i / 5) for i, pixels in enumerate(pictures)]
    alone = [tracker.process(frame) for frame in film]
    assert [len(faces) for faces in alone] == [1, 1, 0, 1]
    tracker.reset()
    together = tracker.describe([tracker.find(frame) for frame in film])
    for name, values in vars(together).items():
        assert np.array_equal(values, np.concatenate([vars(faces)[name] for faces in alone])), name


@pytest.mark.parametrize("width", [32, 45, 64, 96])
def test_small_faces_are_found_soon_and_where_they_are(
    tracker: FaceTracker, astronaut: NDArray[np.uint8], width: int
) -> None:
    # Her face is 100 pixels wide; here it is pasted onto a gradient of 1280 x 720.
    small = cv2.resize(
        astronaut[:260, 100:350], None, fx=width / 100, fy=width / 100, interpolation=cv2.INTER_AREA
    )
    height, across = small.shape[:2]
    random = np.random.default_rng(width)
    found = 0
    for _ in range(5):
        canvas = np.tile(np.linspace(40, 200, 1280, dtype=np.uint8)[None, :, None], (720, 1, 3))
        x, y = random.integers(0, 1280 - across), random.integers(0, 720 - height)
        canvas[y : y + height, x : x + across] = small
        faces = tracker.still(canvas)
        assert len(faces) <= 1
        if len(faces):
            middle = faces.boxes[0, :2] + faces.boxes[0, 2:] / 2
            found += bool(np.hypot(*(middle - [x + across / 2, y + height / 2])) < width)
    assert found == 5


def test_a_small_face_that_appears_is_found_within_a_second(
    tracker: FaceTracker, astronaut: NDArray[np.uint8]
) -> None:
    empty = np.full((720, 1280, 3), 150, np.uint8)
    shown = empty.copy()
    shown[500:604, 900:1000] = cv2.resize(astronaut[:260, 100:350], (100, 104))
    found = [len(tracker.process(f)) for f in film([empty] * 5 + [shown] * 30, fps=30)]
    assert sum(found[:5]) == 0
    assert found[-1] == 1
    assert found.index(1) - 5 <= 20


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (300, 2), (7, 5)])
def test_odd_sizes_hold_no_face(tracker: FaceTracker, shape: tuple[int, int]) -> None:
    assert len(tracker.still(np.full((*shape, 3), 127, np.uint8))) == 0


def film(pictures: list[NDArray[np.uint8]], fps: float = 10.0) -> Iterator[Frame]:
    for i, pixels in enumerate(pictures):
        yield Frame(pixels, i, i / fps)


def covered(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The astronaut with her face behind a grey board."""
    hidden = picture.copy()
    hidden[30:220, 140:310] = 128
    return hidden


@pytest.mark.parametrize(("hidden", "same"), [(5, True), (30, False)])
def test_a_number_survives_a_short_absence_only(
    tracker: FaceTracker, astronaut: NDArray[np.uint8], hidden: int, same: bool
) -> None:
    pictures = [astronaut] * 3 + [covered(astronaut)] * hidden + [astronaut] * 3
    ids = [faces.track_ids.tolist() for faces in map(tracker.process, film(pictures))]
    assert ids[:3] == [[0]] * 3
    assert ids[3 : 3 + hidden] == [[]] * hidden
    assert ids[-3:] == ([[0]] * 3 if same else [[1]] * 3)


def test_two_faces_keep_their_numbers(tracker: FaceTracker, astronaut: NDArray[np.uint8]) -> None:
    face = astronaut[:256, 96:352]
    pictures = []
    for step in range(12):
        canvas = np.full((320, 640, 3), 200, np.uint8)
        canvas[step : step + 256, 10:266] = face
        canvas[40 - step : 296 - step, 370:626] = face[:, ::-1]
        pictures.append(canvas)
    found = [tracker.process(frame) for frame in film(pictures)]
    assert [faces.track_ids.tolist() for faces in found] == [[0, 1]] * 12
    on_the_left = np.array([faces.boxes[:, 0] < 320 for faces in found])
    assert on_the_left[0].sum() == 1
    assert (on_the_left == on_the_left[0]).all()


def test_a_fresh_start_every_ten_seconds_keeps_the_number(
    networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    tracker = FaceTracker(networks=networks)
    frames = [Frame(astronaut, i, t) for i, t in enumerate([9.8, 9.9, 10.0, 10.1])]
    faces = [tracker.process(frame) for frame in frames]
    assert [f.track_ids.tolist() for f in faces] == [[0]] * 4
    # At the fresh start the face comes from detection alone, as in a run that begins there.
    alone = FaceTracker(networks=networks).process(frames[2])
    assert np.array_equal(alone.landmarks, faces[2].landmarks)


@pytest.mark.parametrize("fresh_at", [8, 14, 17, 20, 26])
def test_a_run_taken_up_from_its_state_goes_on_the_same(
    networks: FaceNetworks, her: Head, narrow: Head, fresh_at: int
) -> None:
    # Before, while and after one hides the other, and while it is in doubt who is who.
    film = frames(crossing(her, narrow), start=10.0 - fresh_at / FPS)
    whole, first = FaceTracker(networks=networks), FaceTracker(networks=networks)
    expected = [whole.process(frame) for frame in film]
    for frame in film[:fresh_at]:
        first.process(frame)
    stored = json.dumps(first.state().to_dict(), allow_nan=False)
    second = FaceTracker(networks=networks)
    second.restore(TrackerState.from_dict(json.loads(stored)))
    for frame, faces in zip(film[fresh_at:], expected[fresh_at:], strict=True):
        found = second.process(frame)
        assert found.track_ids.tolist() == faces.track_ids.tolist()
        assert np.array_equal(found.landmarks, faces.landmarks)
    assert second.state().to_dict() == whole.state().to_dict()


def test_landmarks_after_a_fresh_start_know_nothing_of_before(
    networks: FaceNetworks, her: Head, narrow: Head
) -> None:
    film = frames(crossing(her, narrow), start=10.0 - 14 / FPS)
    whole, alone = FaceTracker(networks=networks), FaceTracker(networks=networks)
    for frame in film[:14]:
        whole.process(frame)
    for frame in film[14:]:
        with_past, without = whole.process(frame), alone.process(frame)
        assert sorted(with_past.landmarks.tolist()) == sorted(without.landmarks.tolist())


def test_a_number_survives_a_fresh_start_where_frames_are_seconds_apart(
    tracker: FaceTracker, astronaut: NDArray[np.uint8]
) -> None:
    found = [tracker.process(Frame(astronaut, i, 4.0 * i)) for i in range(6)]
    assert [faces.track_ids.tolist() for faces in found] == [[0]] * 6


def test_a_new_source_begins_at_number_0(tracker: FaceTracker, her: Head) -> None:
    both = scene((her, 150, 180), (her, 450, 180))
    for _ in range(2):
        tracker.reset()
        assert tracker.process(Frame(both, 0, 0.0)).track_ids.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("time", "segment"), [(0.0, 0), (9.99, 0), (10.0, 1), (9.9999999, 1), (25.0, 2)]
)
def test_segments_are_ten_seconds(time: float, segment: int) -> None:
    assert segment_of(time) == segment


def test_only_so_many_faces_as_asked(networks: FaceNetworks, astronaut: NDArray[np.uint8]) -> None:
    both = np.concatenate([astronaut[:256, 96:352]] * 2, axis=1)
    assert len(FaceTracker(networks=networks).still(both)) == 2
    assert len(FaceTracker(networks=networks, max_faces=1).still(both)) == 1


@pytest.mark.parametrize("options", [{"max_faces": 0}, {"detector": "none"}])
def test_options_without_sense_are_refused(networks: FaceNetworks, options: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        FaceTracker(networks=networks, **options)


def test_a_real_clip_is_followed_throughout(tracker: FaceTracker, carphone: Path) -> None:
    found = [tracker.process(frame) for frame in open_media(carphone)]
    assert np.mean([len(faces) == 1 for faces in found]) > 0.95
    assert {int(i) for faces in found for i in faces.track_ids} == {0}


def test_all_five_friends_are_found(tracker: FaceTracker, shared_media: Path) -> None:
    (frame,) = open_media(shared_media / "multi_face.jpg")
    assert len(tracker.still(frame.pixels)) == 5


def test_two_people_never_swap(tracker: FaceTracker, shared_media: Path) -> None:
    for frame in open_media(shared_media / "two_faces.gif"):
        faces = tracker.process(frame)
        assert faces.track_ids.tolist() == [0, 1]
        # The woman (0) sits on the left throughout.
        assert faces.boxes[0, 0] < 200 < faces.boxes[1, 0]
