"""``duchenne convert`` as a person uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.action_units.openface import read_openface
from duchenne.action_units.pyfeat import read_pyfeat
from duchenne.recording import Recording
from tests.cli.running import Runner
from tests.expressions.made_up import clock, recording_of, rows
from tests.genuineness.made_up import smiles
from tests.recording.ours import ours


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recording of ours: two faces, one, none."""
    return ours([2, 1, 0]).save(tmp_path / "recording")


def test_a_recording_becomes_every_form(duchenne: Runner, folder: Path, tmp_path: Path) -> None:
    for form in ("openface", "pyfeat", "csv", "parquet", "recording"):
        done = duchenne("convert", folder, "--to", form, "--out", tmp_path / "o" / form)
        assert (done.code, done.err) == (0, "")
        assert done.out == f"{tmp_path / 'o' / form}: 4 rows, 2 faces\n"
    assert len(read_openface(tmp_path / "o" / "openface").rows) == 4
    assert len(read_pyfeat(tmp_path / "o" / "pyfeat").rows) == 4
    assert len(pd.read_csv(tmp_path / "o" / "csv")) == 4
    first = Recording.load(folder)
    for form in ("parquet", "recording"):
        again = Recording.load(tmp_path / "o" / form)
        assert again.to_frame().equals(first.to_frame())
        assert again.landmarks.tobytes() == first.landmarks.tobytes()
        assert again.metadata == first.metadata


def test_openface_to_a_recording_that_describe_takes(
    duchenne: Runner, tmp_path: Path, shared_media: Path
) -> None:
    table = shared_media / "OpenFace_Test.csv"
    out = tmp_path / "r"
    done = duchenne("convert", table, "--to", "recording", "--out", out, "--fps", 30)
    assert (done.code, done.err) == (0, "")
    assert Recording.load(out).metadata.source.fps == 30
    told = duchenne("describe", out)
    assert "100 rows, 100 of 100 frames with a face" in told.out
    assert "AU28_c" in told.out
    assert duchenne("describe", table).code == 0


def test_a_false_clock_is_told(duchenne: Runner, tmp_path: Path, shared_media: Path) -> None:
    done = duchenne(
        "convert", shared_media / "OpenFace_Test.csv", "--to", "csv", "--out", tmp_path / "o.csv"
    )
    assert done.code == 0
    assert "note: OpenFace_Test.csv has a clock of 1000 frames/s" in done.err


def test_elan_and_bids_get_the_expressions(duchenne: Runner, tmp_path: Path) -> None:
    recording = smiles().save(tmp_path / "smile")
    eaf, study = tmp_path / "o" / "smile.eaf", tmp_path / "study"
    done = duchenne("convert", recording, "--to", "elan", "--out", eaf, "--verdicts")
    assert (done.code, done.err) == (0, "")
    text = eaf.read_text(encoding="utf-8")
    assert 'TIER_ID="face 0 phase"' in text
    assert 'TIER_ID="face 0 verdict"' in text
    done = duchenne("convert", recording, "--to", "bids", "--out", study, "--subject", "01")
    assert (done.code, done.err) == (0, "")
    events = pd.read_csv(study / "sub-01" / "beh" / "sub-01_task-video_events.tsv", sep="\t")
    assert events["trial_type"].tolist() == ["happy"]


def test_without_intensities_the_rest_is_written(duchenne: Runner, tmp_path: Path) -> None:
    out, times = tmp_path / "o.eaf", clock(2.0, 10.0)
    unmeasured = recording_of(rows(times, {"AU12_r": np.full(len(times), np.nan)}))
    folder = unmeasured.save(tmp_path / "r")
    done = duchenne("convert", folder, "--to", "elan", "--out", out)
    assert done.code == 0, done.err
    assert "note: no expressions: AU12_r" in done.err
    assert "face 0 emotion" in out.read_text(encoding="utf-8")


def test_from_tool_to_tool(duchenne: Runner, folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "of.csv", tmp_path / "pf.csv"
    assert duchenne("convert", folder, "--to", "openface", "--out", one).code == 0
    assert duchenne("convert", one, "--to", "pyfeat", "--out", two).code == 0
    was, now = Recording.load(one).to_frame(), Recording.load(two).to_frame()
    assert now["AU12_r"].equals(was["AU12_r"])
    assert now["face_id"].equals(was["face_id"])


def test_mistakes_are_one_sentence(duchenne: Runner, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n")
    out = tmp_path / "o.csv"
    for arguments, words in (
        ([tmp_path / "none.csv", "--to", "csv", "--out", out], "does not exist"),
        ([table, "--to", "csv", "--out", out], "neither an OpenFace nor a py-feat table"),
        ([folder, "--to", "csv", "--out", out, "--fps", 25], "leave --fps out"),
        ([folder, "--to", "recording", "--out", folder], "choose another --out"),
        ([folder, "--to", "recording", "--out", table], "needs a folder"),
        ([folder, "--to", "csv", "--out", tmp_path], "is a folder"),
        ([tmp_path, "--to", "csv", "--out", out], "No recording"),
        ([folder, "--to", "elan", "--out", tmp_path], "is a folder"),
        ([folder, "--to", "bids", "--out", out], "give one as the subject"),
        ([folder, "--to", "bids", "--out", out, "--subject", "../a"], "letters from A to Z"),
        ([folder, "--to", "bids", "--out", table, "--subject", "a"], "needs a folder"),
        ([folder, "--to", "csv", "--out", out, "--verdicts"], "use --to elan or --to bids"),
        ([folder, "--to", "elan", "--out", out, "--run", 2], "--run has no place in elan"),
        ([folder, "--to", "bids", "--out", out, "--media", "a.mp4"], "use --to elan"),
    ):
        done = duchenne("convert", *arguments)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert len(done.err.splitlines()) == 1
    assert not out.exists()
    assert duchenne("convert", folder, "--to", "xml", "--out", out).code == 2


@pytest.mark.parametrize(
    ("name", "tool"), [("OpenFace_Test.csv", "OpenFace"), ("Feat_Test.csv", "py-feat")]
)
def test_people_who_keep_their_tool_get_a_report_that_names_it(
    duchenne: Runner, name: str, tool: str, shared_media: Path, tmp_path: Path
) -> None:
    out = tmp_path / "theirs"
    done = duchenne("convert", shared_media / name, "--to", "recording", "--out", out)
    assert done.code == 0, done.err
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"They are those of {tool}" in page
    assert "Low confidence" not in page
