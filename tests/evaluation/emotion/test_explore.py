from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.datasets.copies import distinct_pictures
from duchenne.evaluation.datasets.fer2013 import SPLITS, Fer2013, read_fer2013
from duchenne.evaluation.emotion.explore import SAMPLES, STEPS, average_faces, describe, explore

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("DUCHENNE_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture
def planted() -> Fer2013:
    """Twelve rows: 0, 8 and 9 copies, 9 labelled otherwise; 1 and 10 near copies; 2 and 3 blank."""
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (12, 48, 48), dtype=np.uint8)
    images[8] = images[9] = images[0]
    images[10] = np.clip(images[1].astype(int) + rng.integers(-3, 4, (48, 48)), 0, 255)
    images[2], images[3] = 0, 90
    labels = np.array([0, 3, 3, 4, 2, 5, 6, 3, 0, 4, 6, 3])
    usage = np.array(["Training"] * 8 + ["PublicTest"] + ["PrivateTest"] * 3)
    return Fer2013(images, labels, usage)


def test_what_was_planted_is_found(planted: Fer2013) -> None:
    found = explore(planted)
    assert found.rows == 12
    assert found.counts.sum(axis=1).tolist() == [8, 1, 3]
    assert found.class_counts.tolist() == [2, 0, 1, 4, 2, 1, 2]
    assert [rows.tolist() for rows in found.copies] == [[0, 8, 9]]
    assert [rows.tolist() for rows in found.conflicting] == [[0, 8, 9]]
    assert found.copied.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert found.near.pairs.tolist() == [[1, 10]]
    assert found.near_conflicting.tolist() == [True]
    assert found.near_copied.tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert found.blank.tolist() == [2, 3]


def test_copies_with_one_label_do_not_conflict(planted: Fer2013) -> None:
    labels = planted.labels.copy()
    labels[9], labels[10] = 0, 3
    found = explore(replace(planted, labels=labels))
    assert (len(found.copies), found.conflicting) == (1, ())
    assert found.near_conflicting.tolist() == [False]


def test_a_split_shows_its_own_rows_and_their_copies_anywhere(planted: Fer2013) -> None:
    found = explore(planted, "PrivateTest")
    assert found.class_counts.tolist() == [0, 0, 0, 1, 1, 0, 1]
    assert found.counts.sum() == 12
    assert [rows.tolist() for rows in found.copies] == [[0, 8, 9]]
    assert found.near.pairs.tolist() == [[1, 10]]
    assert found.blank.size == 0
    assert sorted(np.concatenate(found.samples).tolist()) == [9, 10, 11]
    assert np.isnan(found.averages[EMOTIONS.index("angry")]).all()
    other = explore(planted, "PublicTest")
    assert len(other.near) == 0
    assert other.copied.tolist() == found.copied.tolist()


def test_samples_are_of_their_class_without_repeats_and_always_the_same(tiny_fer: Fer2013) -> None:
    found, again = explore(tiny_fer), explore(tiny_fer)
    for label, rows in enumerate(found.samples):
        assert set(tiny_fer.labels[rows].tolist()) == {label}
        assert len(set(rows.tolist())) == len(rows) == min(SAMPLES, 26)
        assert rows.tolist() == again.samples[label].tolist()


def test_a_contrast_is_the_difference_of_two_averages(tiny_fer: Fer2013) -> None:
    found = explore(tiny_fer)
    happy, sad = (tiny_fer.images[tiny_fer.labels == label].mean(axis=0) for label in (3, 4))
    np.testing.assert_allclose(found.contrast("happy", "sad"), happy - sad)
    # The stripes of tiny_fer: happy's begin at row 18, sad's at 24.
    assert found.contrast("happy", "sad")[18:24].mean() > 90


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(0, 2**32 - 1))
def test_the_mean_of_all_is_the_weighted_mean_of_the_averages(labels: list[int], seed: int) -> None:
    images = np.random.default_rng(seed).integers(0, 256, (len(labels), 3, 4), dtype=np.uint8)
    averages = average_faces(images, np.array(labels))
    counts = np.bincount(labels, minlength=7)
    assert np.isnan(averages[counts == 0]).all()
    whole = np.einsum("k,khw->hw", counts[counts > 0], averages[counts > 0]) / len(labels)
    np.testing.assert_allclose(whole, images.mean(axis=0))


def test_the_steps_are_told_in_order(planted: Fer2013) -> None:
    told: list[str] = []
    explore(planted, on_step=told.append)
    assert tuple(told) == STEPS


def test_the_description_survives_json(planted: Fer2013) -> None:
    facts = json.loads(json.dumps(describe(explore(planted), planted)))
    assert facts["rows"] == 12
    assert facts["counts"]["Training"]["happy"] == 3
    assert facts["copies"]["groups"] == [[0, 8, 9]]
    assert facts["copies"]["rows_that_stand_in"]["PrivateTest"]["Training"] == 1
    assert facts["copies"]["conflicting"][0][2] == {
        "row": 9, "label": "sad", "split": "PrivateTest",
    }  # fmt: skip
    (pair,) = facts["near_copies"]["pairs"]
    assert (pair["rows"], pair["conflicting"]) == ([1, 10], True)
    assert [row["row"] for row in facts["blank"]["rows"]] == [2, 3]


def test_strange_and_empty_splits_are_named(planted: Fer2013) -> None:
    with pytest.raises(DataError, match="no split 'Test'"):
        explore(planted, "Test")
    training = planted.split("Training")
    with pytest.raises(DataError, match="holds no PublicTest rows"):
        explore(training, "PublicTest")
    nothing = Fer2013(planted.images[:0], planted.labels[:0], planted.usage[:0])
    with pytest.raises(DataError, match="nothing to explore"):
        explore(nothing)


@pytest.fixture(scope="module")
def real() -> Fer2013:
    path = SHARED / "fer2013" / "fer2013.parquet"
    if not path.exists():
        pytest.skip(f"no FER-2013 at {path}: set DUCHENNE_SHARED_DATA")
    return read_fer2013(path)


def test_the_real_one_has_its_known_copies(real: Fer2013) -> None:
    distinct = distinct_pictures(real.images)
    splits = np.array([SPLITS.index(usage) for usage in real.usage.tolist()])
    standing = distinct.stands_in(splits, 3)
    training, public, private = range(len(SPLITS))
    assert standing[splits == private, training].sum() == 288
    assert standing[splits == public, training].sum() == 280
    assert standing[splits == private, public].sum() == 44
    assert sum(np.ptp(real.labels[rows]) > 0 for rows in distinct.groups()) == 57


def test_a_tenth_of_the_real_one_has_its_known_near_copies(real: Fer2013) -> None:
    found = explore(real.split("PrivateTest"))
    assert (len(found.copies), len(found.near)) == (16, 56)
    assert found.class_counts.tolist() == [491, 55, 528, 879, 594, 416, 626]
    assert found.blank.size == 0
