from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import SHARED
from tests.evaluation.audit.made_up_sets import texture

from duchenne.evaluation.audit.items import AuditSet, nobody
from duchenne.evaluation.audit.known_sets import fer2013_set
from duchenne.evaluation.audit.leaks import find_leaks
from duchenne.evaluation.datasets.fer2013 import read_fer2013


@pytest.fixture
def planted() -> AuditSet:
    """30 pictures, the last ten a test split: three copies, one near copy, one person in both."""
    rng = np.random.default_rng(0)
    pictures = np.stack([texture(rng, 48)[..., 0] for _ in range(30)])
    pictures[20] = pictures[0]  # across the split, other label
    pictures[21] = pictures[2]  # across the split, same label
    pictures[5] = pictures[4]  # within training, other person
    pictures[22] = np.clip(pictures[6].astype(int) + 9, 0, 255)  # nearly
    label = np.array(["a", "b"])[np.arange(30) % 2]
    label[20], label[21], label[5] = "b", "a", "a"
    subject = np.array([f"s{n // 2}" for n in range(30)])
    subject[29] = "s0"
    subject[5] = "s3"
    return AuditSet(
        name="planted",
        kind="pictures",
        names=np.array([f"{n}.png" for n in range(30)]),
        label=label,
        subject=subject,
        source=nobody(30),
        split=np.array(["train"] * 20 + ["test"] * 10),
        thumbnails=pictures,
        keys=np.array([p.tobytes().hex()[:600] for p in pictures]),
    )


def test_what_was_planted_is_found(planted: AuditSet) -> None:
    found = find_leaks(planted)
    assert found.splits == ("train", "test")
    assert [group.tolist() for group in found.copies] == [[0, 20], [2, 21], [4, 5]]
    assert [group.tolist() for group in found.conflicting] == [[0, 20]]
    assert found.copied.tolist() == [[2, 2], [2, 0]]
    assert found.near.pairs.tolist() == [[6, 22]]
    assert found.crossing() == [("test", "train", 10, 2, 1)]
    assert found.shared_people == 1
    assert [4, 5] in [group.tolist() for group in found.strangers]
    told = found.to_dict(planted.names)
    assert told["copies"]["listed"][0] == ["0.png", "20.png"]
    assert told["people_in_two_splits"]["test"]["train"] == 1


def test_without_pictures_keys_or_splits_nothing_is_claimed(planted: AuditSet) -> None:
    bare = replace(planted, thumbnails=None, keys=None, split=nobody(30), subject=nobody(30))
    found = find_leaks(bare)
    assert (found.copies, found.crossing(), found.shared_people) == ((), [], 0)
    assert (found.named, found.one_label, found.compared) == (0, (), False)


def test_people_with_one_label_need_two_items(planted: AuditSet) -> None:
    label = np.where(planted.subject == "s4", "a", planted.label)
    found = find_leaks(replace(planted, label=label, thumbnails=None))
    assert "s4" in found.one_label
    alone = np.array([f"p{n}" for n in range(30)])
    assert find_leaks(replace(planted, subject=alone, thumbnails=None)).one_label == ()


def test_the_known_copies_of_the_real_fer2013_are_found() -> None:
    path = SHARED / "fer2013" / "fer2013.parquet"
    if not path.exists():
        pytest.skip(f"no FER-2013 at {path}: set DUCHENNE_SHARED_DATA")
    data = replace(fer2013_set(read_fer2013(path)), thumbnails=None)
    found = find_leaks(data)
    across = {(small, large): same for small, large, _, same, _ in found.crossing()}
    assert across["PrivateTest", "Training"] == 288
    assert across["PublicTest", "Training"] == 280
    assert len(found.conflicting) == 57
