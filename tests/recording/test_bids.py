from __future__ import annotations

import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.recording import Recording
from duchenne.recording.bids_table import Clock
from tests.expressions.made_up import clock, recording_of, rows, smile
from tests.recording.made_up import metadata
from tests.recording.ours import ours
from tests.recording.test_elan import Shown, Told, smiling


def physio(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A physio table, once it keeps the rules, with its sidecar."""
    told = json.loads(Path(str(path).replace(".tsv.gz", ".json")).read_text(encoding="utf-8"))
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    table = pd.read_csv(
        io.StringIO(text), sep="\t", header=None, names=told["Columns"], na_values=["n/a"],
        keep_default_na=False,
    )  # fmt: skip
    assert {"SamplingFrequency", "StartTime", "Columns"} <= set(told)
    assert all({"Description", "Units"} <= set(told[name]) for name in told["Columns"])
    assert all(line.count("\t") == len(told["Columns"]) - 1 for line in text.splitlines())
    return table, told


def test_a_smile_lies_where_bids_looks_for_it(tmp_path: Path) -> None:
    shown = Shown()
    files = smiling().to_bids(
        tmp_path, subject="01", session="a", task="film", run=2, expressions=[shown],
        verdicts=[(shown, Told())],
    )  # fmt: skip
    stem = "sub-01/ses-a/beh/sub-01_ses-a_task-film_run-2"
    ends = ["recording-face0_physio.tsv.gz", "recording-face0_physio.json", "events.tsv"]
    wanted = [f"{stem}_{end}" for end in [*ends, "events.json"]]
    assert [str(file.relative_to(tmp_path)) for file in files] == wanted
    about = json.loads((tmp_path / "dataset_description.json").read_text(encoding="utf-8"))
    assert (about["BIDSVersion"], about["DatasetType"]) == ("1.10.0", "derivative")
    assert about["GeneratedBy"][0]["Name"] == "duchenne"
    events = pd.read_csv(files[2], sep="\t")
    assert events.columns[:3].tolist() == ["onset", "duration", "trial_type"]
    assert events.loc[0, ["onset", "duration", "trial_type"]].tolist() == [1.0, 2.0, "happy"]
    assert events.loc[0, ["verdict", "p_genuine"]].tolist() == ["genuine", 0.7]
    told = json.loads(files[3].read_text(encoding="utf-8"))
    assert set(told) == {"Description", *events.columns}


def test_the_numbers_are_those_of_the_recording(tmp_path: Path) -> None:
    recording = smiling()
    files = recording.to_bids(tmp_path, subject="01")
    table, told = physio(files[0])
    face = recording.face(0)
    assert (told["SamplingFrequency"], told["StartTime"], len(table)) == (25.0, 0.0, 125)
    assert np.array_equal(table["AU12_r"].astype(np.float32), face["AU12_r"])
    assert table["timestamp"].to_numpy() == pytest.approx(face["timestamp"].to_numpy(), abs=1e-6)
    assert told["AU12_r"]["Units"] == "arbitrary"
    assert (told["timestamp"]["Units"], told["pose_yaw"]["Units"]) == ("s", "deg")
    # What was never measured has no column.
    assert "face_x" not in told["Columns"]
    again = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in recording.to_bids(tmp_path, subject="01")] == again


def test_faces_that_come_and_go_share_a_clock(tmp_path: Path) -> None:
    files = ours([2, 1, 0, 2]).to_bids(tmp_path, subject="01")
    first, second = (physio(file)[0] for file in files if file.suffix == ".gz")
    assert first["AU12_r"].notna().tolist() == [True, True, False, True]
    assert second["AU12_r"].notna().tolist() == [True, False, False, True]
    assert pd.read_csv(files[-2], sep="\t").empty


def test_an_uneven_camera_is_not_made_even(tmp_path: Path) -> None:
    times = np.array([0.0, 0.1, 0.2, 0.55, 0.6, 0.7])
    recording = recording_of(rows(times, smile(times, 0.0, 0.6)))
    table, _ = physio(recording.to_bids(tmp_path, subject="01")[0])
    assert table["timestamp"].fillna(-1).tolist() == [0.0, 0.1, 0.2, -1, -1, 0.55, 0.6, 0.7]


def test_a_clock_that_goes_back_is_put_in_order(tmp_path: Path) -> None:
    times = clock(2.0, 25.0)
    back = np.r_[30:50, 0:30]
    mixed = recording_of(rows(times[back], {"AU12_r": times[back]}))
    table, _ = physio(mixed.to_bids(tmp_path, subject="01")[0])
    assert table["AU12_r"].to_numpy() == pytest.approx(times)


@given(st.integers(2, 400), st.sampled_from([24.0, 25.0, 29.97, 30.0, 59.94]), st.floats(0, 9))
def test_times_rounded_to_milliseconds_keep_a_row_each(
    count: int, fps: float, start: float
) -> None:
    times = np.round(start + np.arange(count) / fps, 3)
    assert np.array_equal(Clock.of(times).places(times), np.arange(count))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=50))
def test_every_row_is_the_nearest_frame(steps: list[int]) -> None:
    times = np.cumsum([0, *steps]) / 100
    try:
        found = Clock.of(times)
    except DataError:
        return
    moments = found.start + np.arange(found.count) / found.rate
    for moment, place in zip(moments, found.places(times), strict=True):
        nearest = np.abs(times - moment).min()
        if place < 0:
            assert nearest * found.rate > 0.5
        else:
            assert abs(times[place] - moment) == pytest.approx(nearest)


def test_a_raw_data_set_gets_a_derivative(tmp_path: Path) -> None:
    raw = tmp_path / "dataset_description.json"
    raw.write_text('{"Name": "n", "BIDSVersion": "1.8.0"}')
    files = smiling().to_bids(tmp_path, subject="01")
    root = tmp_path / "derivatives" / "duchenne"
    assert all(root in file.parents for file in files)
    assert (root / "dataset_description.json").is_file()
    assert json.loads(raw.read_text()) == {"Name": "n", "BIDSVersion": "1.8.0"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"DatasetType": "derivative", "GeneratedBy": [{"Name": "fMRIPrep"}]}', "by fMRIPrep"),
        ('{"DatasetType": "derivative"}', "by somebody else"),
        ("{", "not the description"),
        ("[]", "holds no fields"),
    ],
)
def test_a_folder_of_others_is_left_alone(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "dataset_description.json").write_text(content)
    with pytest.raises(DataError, match=words):
        smiling().to_bids(tmp_path, subject="01")
    assert len(list(tmp_path.iterdir())) == 1


def test_the_person_is_the_subject_unless_another_is_named(tmp_path: Path) -> None:
    recording = replace(smiling(), metadata=metadata(person="sub-anna"))
    assert (recording.to_bids(tmp_path)[0]).name.startswith("sub-anna_task-video")
    assert (recording.to_bids(tmp_path, subject="7")[0]).name.startswith("sub-7_")


@pytest.mark.parametrize("name", ["", "a b", "../up", "a_b", "ü", "sub-", "a\n", "sub-sub-1"])
def test_labels_that_bids_does_not_have(name: str, tmp_path: Path) -> None:
    for given_as in ("subject", "session", "task"):
        names: dict[str, Any] = {"subject": "01", given_as: name}
        if given_as != "subject" and name.startswith("sub-"):
            names[given_as] = "x-y"
        with pytest.raises(DataError, match=f"A {given_as} of BIDS has letters .* not .*") as told:
            smiling().to_bids(tmp_path, **names)
        assert "\n" not in str(told.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("recording", "names", "words"),
    [
        (smiling(), {}, "has no person: give one"),
        (smiling(), {"subject": "1", "run": 0}, "count from 1"),
        (ours([1]), {"subject": "1"}, "fewer than two moments"),
        (smiling(), {"subject": "1", "expressions": [Shown(face_id=3)]}, "face 3"),
        (
            recording_of(rows(np.r_[clock(1.0, 1000.0), 9e6], {})),
            {"subject": "1"},
            "too uneven",
        ),
    ],
)
def test_what_cannot_be_written(
    recording: Recording, names: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=words):
        recording.to_bids(tmp_path, **names)
    assert not list(tmp_path.iterdir())
