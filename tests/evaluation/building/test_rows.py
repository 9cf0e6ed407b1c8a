"""From recordings to rows of features."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recording.ours import ours
from tests.report.made_up import recording, table

from duchenne.action_units.names import ACTION_UNITS
from duchenne.errors import DataError
from duchenne.evaluation.building.rows import STATISTICS, feature_rows
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace


@pytest.fixture
def head(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


def test_a_row_a_frame_with_the_face(head: CanonicalFace) -> None:
    rows = feature_rows(recording(table(frames=5, without=[1])), "aus", "frame", head)
    assert rows["frame"].tolist() == [0, 2, 3, 4]
    assert list(rows.columns)[:3] == ["frame", "timestamp", "confidence"]
    assert {f"{name}_r" for name in ACTION_UNITS} <= set(rows)
    assert not [name for name in rows if name.startswith(("emotion", "lm"))]


def test_statistics_of_a_clip(head: CanonicalFace) -> None:
    made = recording(table(frames=5, without=[1]))
    (row,) = feature_rows(made, "aus", "clip", head).to_dict("records")
    smile = made.to_frame()["AU12_r"].dropna()
    assert (row["frames"], row["seen"]) == (5, 0.8)
    found = [row[f"AU12_r_{name}"] for name in STATISTICS]
    assert found == pytest.approx([smile.mean(), smile.std(ddof=0), smile.min(), smile.max()])


def test_the_face_seen_longest_counts_then_the_largest(head: CanonicalFace) -> None:
    rows = table(frames=4, faces=2)
    rows.loc[rows["face_id"] == 1, "face_width"] = 300.0
    larger = feature_rows(recording(rows), "aus", "frame", head)
    assert larger["AU12_r"].tolist() == pytest.approx(
        rows.loc[rows["face_id"] == 1, "AU12_r"], abs=1e-6
    )
    longer = rows[(rows["face_id"] == 0) | (rows["frame"] > 0)]
    assert len(feature_rows(recording(longer), "aus", "frame", head)) == 4


def test_landmarks_lose_place_size_and_pose(head: CanonicalFace) -> None:
    made = ours([1])
    values = feature_rows(made, "landmarks", "frame", head).drop(
        columns=["frame", "timestamp", "confidence"]
    )
    assert values.shape == (1, 478 * 3)
    assert list(values.columns)[:4] == ["lm_0_x", "lm_0_y", "lm_0_z", "lm_1_x"]
    object.__setattr__(made, "_landmarks", made.landmarks * 3 + np.float32(50))
    moved = feature_rows(made, "landmarks", "frame", head)[list(values.columns)]
    assert moved.to_numpy() == pytest.approx(values.to_numpy(), abs=1e-3)


def test_all_features_are_there(head: CanonicalFace) -> None:
    names = list(feature_rows(ours([1, 1]), "all", "clip", head).columns)
    for name in ("AU12_r", "emotion_happy", "pose_yaw", "bs_jawOpen", "lm_477_z"):
        assert {f"{name}_{statistic}" for statistic in STATISTICS} <= set(names)
    assert len(names) == len(set(names))


def test_no_face_is_one_sentence(head: CanonicalFace) -> None:
    with pytest.raises(DataError, match=r"clip\.mp4 shows no face"):
        feature_rows(recording(table(frames=2, without=[0, 1])), "aus", "frame", head)
