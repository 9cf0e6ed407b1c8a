"""Who is who on films: crossings, absences, exchanged places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.identity import Identities
from duchenne.faces.landmarker import Located
from duchenne.media import open_media
from tests.faces.conftest import read
from tests.faces.films import FPS, MIDDLE, Head, away, by_place, crossing, followed, meeting, scene

LONDONERS = (("001", "027"), ("003", "011"), ("030", "066"))


@pytest.fixture
def tracker(networks: FaceNetworks) -> FaceTracker:
    return FaceTracker(networks=networks)


@pytest.fixture(params=LONDONERS, ids="-".join)
def couple(
    request: pytest.FixtureRequest, networks: FaceNetworks, london: Path
) -> tuple[Head, Head]:
    first, second = (read(london / f"{who}_neutral.jpg") for who in request.param)
    return Head.cut(networks, first), Head.cut(networks, second)


@pytest.mark.parametrize("swapped", [False, True])
def test_she_and_somebody_narrow_cross(
    tracker: FaceTracker, her: Head, narrow: Head, swapped: bool
) -> None:
    heads = (narrow, her) if swapped else (her, narrow)
    found = followed(tracker, crossing(*heads))
    assert min(len(faces) for faces in found) == 1  # one was hidden
    assert by_place(found[-1]) == by_place(found[0])[::-1]
    assert set(by_place(found[-1])) == {0, 1}


@pytest.mark.parametrize("swapped", [False, True])
def test_she_and_somebody_narrow_meet_and_turn_back(
    tracker: FaceTracker, her: Head, narrow: Head, swapped: bool
) -> None:
    heads = (narrow, her) if swapped else (her, narrow)
    found = followed(tracker, meeting(*heads))
    assert min(len(faces) for faces in found) == 1
    assert by_place(found[-1]) == by_place(found[0])


def test_londoners_cross(tracker: FaceTracker, couple: tuple[Head, Head]) -> None:
    found = followed(tracker, crossing(*couple))
    assert by_place(found[-1]) == by_place(found[0])[::-1]


def test_londoners_meet_and_turn_back(tracker: FaceTracker, couple: tuple[Head, Head]) -> None:
    found = followed(tracker, meeting(*couple))
    assert by_place(found[-1]) == by_place(found[0])


@pytest.mark.parametrize("exchanged", [False, True])
def test_shape_tells_who_sits_where_after_both_were_hidden(
    tracker: FaceTracker, her: Head, narrow: Head, exchanged: bool
) -> None:
    before = scene((her, 160, MIDDLE), (narrow, 480, MIDDLE))
    after = scene((narrow, 160, MIDDLE), (her, 480, MIDDLE)) if exchanged else before
    found = followed(tracker, [before] * 6 + [scene()] * round(1.2 * FPS) + [after] * 6)
    ids = by_place(found[0])
    assert set(ids) == {0, 1}
    assert by_place(found[-1]) == (ids[::-1] if exchanged else ids)


@pytest.mark.parametrize(
    ("seconds", "other_side", "ids"),
    [(0.2, False, {0}), (0.2, True, {0}), (2.2, False, {0, 1}), (2.2, True, {0, 1})],
)
def test_out_of_the_picture_and_back(
    tracker: FaceTracker, her: Head, seconds: float, other_side: bool, ids: set[int]
) -> None:
    found = followed(tracker, away(her, seconds, other_side=other_side))
    assert {i for faces in found for i in by_place(faces)} == ids
    assert min(len(faces) for faces in found) == 0
    assert by_place(found[-1]) == [max(ids)]


def test_a_head_that_turns_away_keeps_its_number(tracker: FaceTracker, her: Head) -> None:
    yaws = np.concatenate([np.linspace(0, 140, 10), [140] * 8, np.linspace(140, 0, 10)])
    found = followed(tracker, [scene((her.turned(yaw), 320, MIDDLE)) for yaw in yaws])
    assert min(len(faces) for faces in found) == 0
    assert max(abs(yaw) for faces in found for yaw in faces.poses[:, 1]) > 15
    assert {i for faces in found for i in by_place(faces)} == {0}


def test_two_people_never_swap_even_when_hidden(tracker: FaceTracker, shared_media: Path) -> None:
    shown = [frame.pixels for frame in open_media(shared_media / "two_faces.gif")]
    film = [*shown[:20], *[np.zeros_like(shown[0])] * 12, *shown[20:40]]
    found = followed(tracker, film)
    assert by_place(found[0]) == by_place(found[-1])
    assert {i for faces in found for i in by_place(faces)} == {0, 1}


# ---- without networks: landmarks moved by hand ---------------------------------------------


@pytest.fixture(scope="module")
def two_shapes(networks: FaceNetworks, her: Head, narrow: Head) -> list[Located]:
    tracker = FaceTracker(networks=networks)
    found = (tracker.still(scene((head, 320, MIDDLE))).landmarks[0] for head in (her, narrow))
    return [Located(points - points.mean(axis=0), 20.0) for points in found]


def at(face: Located, x: float) -> Located:
    return Located(face.landmarks + np.array([x, MIDDLE, 0], np.float32), 20.0)


def test_faces_exchanged_by_their_follower_get_their_numbers_back(
    two_shapes: list[Located],
) -> None:
    # Both stop where they overlap; there the follower's handles slide onto the other face.
    her, narrow = two_shapes
    identities, now = Identities(), 0.0

    def step(first: Located, second: Located) -> list[int]:
        nonlocal now
        now += 1 / FPS
        ids = identities.name({0: first, 1: second}, (360, 640, 3), now)
        return [ids[0], ids[1]]

    for _ in range(12):
        assert step(at(her, 200), at(narrow, 400)) == [0, 1]
    for x in (220, 240, 260, 280):
        step(at(her, x), at(narrow, 600 - x))
    # Rows keep their numbers until the faces have been apart for 0.3 s.
    later = [step(at(narrow, 400), at(her, 200)) for _ in range(8)]
    assert later[0] == [0, 1]
    assert later[-1] == [1, 0]
    # And that is settled: no further change.
    assert all(step(at(narrow, 400), at(her, 200)) == [1, 0] for _ in range(30))


def test_likeness_changes_no_numbers(two_shapes: list[Located]) -> None:
    her, _ = two_shapes
    identities = Identities()
    places = [(200, 400)] * 12 + [(220, 380), (260, 340), (280, 320), (260, 340)]
    places += [(200, 400)] * 12
    for i, (first, second) in enumerate(places):
        ids = identities.name({0: at(her, first), 1: at(her, second)}, (360, 640, 3), i / FPS)
        assert ids == {0: 0, 1: 1}


@pytest.mark.parametrize(("gap", "same"), [(1.9, True), (2.1, False)])
def test_nobody_is_remembered_longer_than_two_seconds(
    two_shapes: list[Located], gap: float, same: bool
) -> None:
    her, _ = two_shapes
    identities = Identities()
    assert identities.name({0: at(her, 300)}, (360, 640, 3), 0.0) == {0: 0}
    assert identities.name({}, (360, 640, 3), 0.1) == {}
    assert identities.name({1: at(her, 300)}, (360, 640, 3), gap) == {1: 0 if same else 1}


def test_a_crowd_keeps_its_numbers_over_a_fresh_start(two_shapes: list[Located]) -> None:
    identities = Identities()
    heads = [Located(face.landmarks * np.float32(0.4), 20.0) for face in two_shapes]
    crowd = {i: at(heads[i % 2], 40 + 60 * i) for i in range(10)}
    before = identities.name(crowd, (360, 640, 3), 9.9)
    identities.let_go()
    shuffled = {9 - i: face for i, face in crowd.items()}
    after = identities.name(shuffled, (360, 640, 3), 10.0)
    assert {9 - handle: i for handle, i in after.items()} == before
