"""Action Units: on real faces, on the shapes of a head, and rules that hold for all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duchenne.action_units import ACTION_UNITS, intensities
from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.names import INTENSITIES, PAIRED, VERDICTS, describe, trust
from duchenne.action_units.neutral import Neutral
from duchenne.action_units.readings import readings, unit_weights
from duchenne.action_units.recipes import READINGS, RECIPES, blendshapes_of, shapes_of
from duchenne.faces import BLENDSHAPES, FaceNetworks, FaceTracker
from duchenne.faces.blendshapes import DEAD_BLENDSHAPES
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import to_canonical
from duchenne.weights.card import load_card

Values = dict[str, float]


@pytest.fixture(scope="module")
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


def measure(networks: FaceNetworks, head: CanonicalFace, picture: NDArray[np.uint8]) -> Values:
    faces = FaceTracker(networks=networks, max_faces=1).still(picture)
    values = intensities(to_canonical(faces.landmarks, head), faces.blendshapes)[0]
    return dict(zip(INTENSITIES, values.tolist(), strict=True))


def test_the_astronauts_smile(
    networks: FaceNetworks, head: CanonicalFace, astronaut: NDArray[np.uint8]
) -> None:
    found = measure(networks, head, astronaut)
    assert found["AU12_r"] > 2.5
    assert found["AU06_r"] > 1.0
    assert found["AU25_r"] > 0.5
    assert found["AU15_r"] < 0.5
    assert found["AU45_r"] < 1.5
    assert found["AU12_left_r"] > 2
    assert found["AU12_right_r"] > 2


def test_a_mirrored_face_swaps_its_sides(
    networks: FaceNetworks, head: CanonicalFace, astronaut: NDArray[np.uint8]
) -> None:
    plain = measure(networks, head, astronaut)
    turned = measure(networks, head, np.ascontiguousarray(astronaut[:, ::-1]))
    for unit in ("AU06", "AU12"):
        assert turned[f"{unit}_left_r"] == pytest.approx(plain[f"{unit}_right_r"], abs=1.0)
        assert turned[f"{unit}_right_r"] == pytest.approx(plain[f"{unit}_left_r"], abs=1.0)


@given(
    arrays(np.float32, (3, 52), elements=st.floats(0, 1, width=32)),
    arrays(np.float32, (3, 478, 3), elements=st.floats(-20, 20, width=32)),
)
@settings(max_examples=20, deadline=None)
def test_intensities_stay_between_zero_and_five(
    blendshapes: NDArray[np.float32], canonical: NDArray[np.float32]
) -> None:
    found = intensities(canonical, blendshapes)
    assert found.shape == (3, len(INTENSITIES))
    assert ((found >= 0) & (found <= 5)).all()


@given(arrays(np.float32, (4, len(READINGS)), elements=st.floats(-1, 2, width=32)))
@settings(max_examples=40, deadline=None)
def test_the_whole_is_between_its_sides_and_closed_eyes_need_both(
    raw: NDArray[np.float32],
) -> None:
    found = dict(zip(INTENSITIES, to_intensities(raw).T, strict=True))
    for unit in PAIRED:
        left, right = found[f"{unit}_left_r"], found[f"{unit}_right_r"]
        # A side beyond the ends of the scale still counts in the mean, so the bounds are loose.
        inside = (np.abs(raw - 0.5) <= 0.5).all(axis=1)
        low, high = np.minimum(left, right)[inside], np.maximum(left, right)[inside]
        whole = found[f"{unit}_r"][inside]
        assert ((whole >= low - 1e-4) & (whole <= high + 1e-4)).all()
    weaker = np.minimum(found["AU45_left_r"], found["AU45_right_r"])
    assert np.allclose(found["AU43_r"], weaker, atol=1e-5)


def test_a_face_read_against_itself_shows_nothing(head: CanonicalFace) -> None:
    raw = np.random.default_rng(0).uniform(0, 0.1, (1, len(READINGS))).astype(np.float32)
    assert to_intensities(raw, Neutral(raw[0])).max() == 0


@pytest.mark.parametrize(
    "reading", [r for r in READINGS if RECIPES[r.partition("_")[0]].blendshapes]
)
def test_more_of_a_blendshape_is_more_of_its_unit(head: CanonicalFace, reading: str) -> None:
    levels = np.linspace(0, 1, 6, dtype=np.float32)
    blendshapes = np.zeros((6, 52), np.float32)
    blendshapes[:, [BLENDSHAPES.index(name) for name in blendshapes_of(reading)]] = levels[:, None]
    canonical = np.zeros((6, 478, 3), np.float32)
    canonical[:, :468] = head.points
    found = readings(canonical, blendshapes)[:, READINGS.index(reading)]
    assert (np.diff(found) > 0).all()


def test_dead_blendshapes_change_nothing(head: CanonicalFace) -> None:
    canonical = np.zeros((2, 478, 3), np.float32)
    canonical[:, :468] = head.points
    blendshapes = np.zeros((2, 52), np.float32)
    blendshapes[1, [BLENDSHAPES.index(name) for name in DEAD_BLENDSHAPES]] = 1.0
    still, puffed = intensities(canonical, blendshapes)
    assert np.array_equal(still, puffed)


def test_a_face_that_is_not_known_has_no_intensities(head: CanonicalFace) -> None:
    canonical = np.full((1, 478, 3), np.nan, np.float32)
    assert np.isnan(intensities(canonical, np.zeros((1, 52), np.float32))).all()


def test_wrong_shapes_are_told() -> None:
    with pytest.raises(ValueError, match=r"\(2, 52\)"):
        intensities(np.zeros((1, 478, 3), np.float32), np.zeros((2, 52), np.float32))


def test_no_faces_no_rows() -> None:
    empty = intensities(np.zeros((0, 478, 3), np.float32), np.zeros((0, 52), np.float32))
    assert empty.shape == (0, len(INTENSITIES))


def test_every_unit_says_how_far_it_is_checked_as_its_card_does() -> None:
    card = load_card("action_units")
    assert card.settings["verdicts"] == VERDICTS
    assert list(VERDICTS) == list(ACTION_UNITS)
    assert card.classes == READINGS
    for unit, verdict in VERDICTS.items():
        assert ("experimental" in describe(f"{unit}_r")) == (verdict == "experimental")
        assert bool(trust(unit)) == (verdict == "experimental")


def test_recipes_name_real_shapes_and_share_out_the_whole() -> None:
    for reading in READINGS:
        recipe = RECIPES[reading.partition("_")[0]]
        assert set(blendshapes_of(reading)) <= set(BLENDSHAPES) - DEAD_BLENDSHAPES
        assert bool(recipe.blendshapes) == (recipe.geometry + recipe.shortened < 1)
        assert bool(shapes_of(reading)) == (reading != "AU25")
    assert unit_weights().map.dtype == np.float32
