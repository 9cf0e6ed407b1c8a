import numpy as np
import pytest

from duchenne.action_units.names import ACTION_UNITS
from duchenne.errors import DataError
from duchenne.expressions import distances
from duchenne.recording import Recording
from duchenne.synchrony import Settings, Synchrony
from duchenne.synchrony.faces import displacements, feature_names, read_face, read_faces
from tests.expressions.made_up import clock, recording_of, rows, smile, smiling_heads

FPS = 10


def smiling(late: float = 0.0, seconds: float = 40.0, fps: float = FPS) -> Recording:
    """Smiles at 5, 15, 25 and 35 s of the film, which this camera saw ``late``."""
    times = clock(seconds, fps)
    each = [smile(times, begin + late, begin + late + 2.0) for begin in (5, 15, 25, 35)]
    columns = {name: np.sum([one[name] for one in each], axis=0) for name in ("AU12_r", "AU06_r")}
    noise = np.random.default_rng(round(100 * late + fps)).normal(0, 0.2, (2, len(times)))
    columns = {n: v + e for (n, v), e in zip(columns.items(), noise, strict=True)}
    return recording_of(rows(times, columns), landmarks=smiling_heads(columns["AU12_r"]))


def test_people_who_smile_together_synchronise() -> None:
    found = Synchrony.from_recordings(
        {"a": smiling(), "b": smiling(2.0), "c": smiling(fps=25)},
        "AU12_r,AU06_r,AU04_r",
        Settings(surrogates=19),
        offsets={"b": 2.0},
    )
    assert found.features == ("AU12_r", "AU06_r", "AU04_r")
    middles = (found.starts + found.ends) / 2
    during = np.min(np.abs(middles[:, None] - [5.0, 7.0, 15.0, 17.0, 25.0, 27.0]), axis=1) < 1
    assert found.isc[during, 0].min() > 0.5
    assert np.isnan(found.isc[:, 2]).all()  # nobody moves their brows


def test_groups_have_their_columns() -> None:
    assert feature_names("aus") == tuple(f"{unit}_r" for unit in ACTION_UNITS)
    assert len(feature_names("emotions")) == 7
    assert len(feature_names("blendshapes")) == 52
    assert feature_names("pose_yaw, AU12_r") == ("pose_yaw", "AU12_r")


def test_distances_and_vertices_follow_the_smile() -> None:
    recording = smiling()
    smiles = read_face("a", recording, "AU12_r").values[:, 0]
    wide = read_face("a", recording, "distances")
    corners = wide.values[:, distances.NAMES.index("distance_61_291")]
    assert np.corrcoef(corners, smiles)[0, 1] > 0.95
    moved = read_face("a", recording, "vertices").values
    assert moved.shape == (400, 478)
    assert np.corrcoef(moved[:, 61], smiles)[0, 1] > 0.95
    assert moved[:, 152].max() < 0.5


def test_vertices_do_not_follow_the_head() -> None:
    heads = smiling_heads(np.zeros(5) + 1e-9)
    moved = heads * 1.3 + np.arange(5, dtype=np.float32)[:, None, None] * [7, -3, 0]
    assert displacements(moved.astype(np.float32)).max() < 0.01


def test_the_other_face_when_asked() -> None:
    times = clock(10, FPS)
    long = rows(times, {"AU12_r": np.ones(100)}, face_id=4)
    short = rows(times, {"AU12_r": np.full(100, 2.0)}, face_id=7, seen=times < 5)
    recording = recording_of(long, short[short["success"] == 1])
    assert read_face("a", recording, "AU12_r").values[0] == 1.0
    series, _ = read_faces({"a": recording}, "AU12_r", {"a": 7})
    assert (series[0].values == 2.0).all()
    assert len(series[0].times) == 50
    with pytest.raises(DataError, match="has no face 9; there are"):
        read_face("a", recording, "AU12_r", 9)
    with pytest.raises(DataError, match="a face of b, who is not"):
        read_faces({"a": recording}, "AU12_r", {"b": 7})


def test_recordings_without_what_is_asked_for() -> None:
    with pytest.raises(DataError, match="AU99_r is no feature"):
        feature_names("AU12_r,AU99_r")
    with pytest.raises(DataError, match="frame is no feature"):
        feature_names("frame")
    with pytest.raises(DataError, match="Nothing is no feature"):
        feature_names(" , ")
    times = clock(1, FPS)
    empty = recording_of(rows(times, {}, seen=np.zeros(len(times), bool)))
    with pytest.raises(DataError, match="shows no face"):
        read_face("a", empty, "aus")
    with pytest.raises(DataError, match=r"fewer than two frames .* takes a video"):
        read_face("a", recording_of(rows(times[:1], {})), "aus")
