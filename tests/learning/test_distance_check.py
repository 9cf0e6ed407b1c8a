from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from tests.pedfe_clips import clip_table, drawn_features, head_pixels

from duchenne.evaluation.genuineness.features import normalised
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.learning.distance_check import FACTORS, PLANTED, distance_check
from duchenne.learning.evaluate_genuineness import ClipSet


def test_raw_landmarks_learn_the_distance_and_normalised_ones_do_not(
    networks: FaceNetworks,
) -> None:
    face = CanonicalFace.from_bytes(networks.geometry)
    clips = clip_table(5)
    noise = np.random.default_rng(0).normal(0, 1.5, (len(clips), 229, 3))
    pixels = head_pixels(face) + noise
    features = replace(
        drawn_features(clips), apex_pixels=pixels, apex_points=normalised(pixels, face)
    )
    table = distance_check(ClipSet(clips, features), face)
    assert len(table) == 4 * len(FACTORS)
    found = table.set_index(["model", "planted", "nearer"])
    raw, cured = found.loc["mlp-landmarks-raw"], found.loc["mlp-landmarks"]
    assert raw.loc[PLANTED, "seeming_accuracy"].min() > 0.95
    assert raw.loc[(PLANTED, 1.0), "called_genuine"] > 0.9
    assert raw.loc[(PLANTED, 1.4), "called_genuine"] < 0.1
    # The planted difference is gone before this model sees it, and so is where people sit.
    assert cured.loc[PLANTED, "seeming_accuracy"].max() < 0.75
    for column in ("seeming_accuracy", "called_genuine"):
        assert np.ptp(cured[column]) < 0.05
