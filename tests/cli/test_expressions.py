"""``duchenne expressions`` as a person uses it: files, exit codes, sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.expressions import DYNAMICS
from tests.cli.running import Runner
from tests.expressions.made_up import clock, recording_of, rows, smile, smiling_heads
from tests.media.videos import write_video


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def smiling(tmp_path: Path) -> Path:
    """A recording of two smiles."""
    times = clock(8, 30)
    two = {n: v + smile(times, 5, 6.5, 3)[n] for n, v in smile(times, 1, 3).items()}
    recording = recording_of(rows(times, two), landmarks=smiling_heads(two["AU12_r"]))
    return recording.save(tmp_path / "smiling")


@pytest.fixture
def faceless(tmp_path: Path) -> Path:
    """Five grey frames."""
    return write_video(tmp_path / "grey.mp4", range(0, 200, 40))


def test_a_recording_is_read(run: Runner, smiling: Path) -> None:
    done = run("expressions", smiling)
    assert (done.code, done.err) == (0, "")
    assert "smiling: 2 expressions" in done.out
    assert "displays happy, strength 3.0 of 5" in done.out
    assert "Action Units in the order of their rise: AU12, AU06" in done.out
    assert run("expressions", smiling / "recording.parquet").code == 0


def test_json_is_one_object_a_source(run: Runner, smiling: Path, faceless: Path) -> None:
    done = run("expressions", smiling, faceless, "--json")
    assert done.code == 0
    first, second = map(json.loads, done.out.splitlines())
    assert first["source"] == str(smiling)
    assert [e["emotion"] for e in first["expressions"]] == ["happy", "happy"]
    assert first["expressions"][0]["onset_s"] == pytest.approx(1.1, abs=0.1)
    assert first["expressions"][0]["dynamics"]["lip_onset_net_amplitude"] > 0.1
    assert second["expressions"] == []
    assert second["warnings"] == ["no expression: no face was found"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_of_all_sources(
    run: Runner, smiling: Path, faceless: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / "deep" / f"table.{ending}"
    assert run("expressions", smiling, faceless, "--out", out).code == 0
    table = pd.read_csv(out) if ending == "csv" else pd.read_parquet(out)
    assert table["source"].tolist() == [str(smiling)] * 2
    assert table["face_id"].dtype == np.int64
    assert list(table.columns[9:]) == [feature.name for feature in DYNAMICS]


def test_nothing_found_is_a_table_without_rows(run: Runner, faceless: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    assert run("expressions", faceless, "--out", out).code == 0
    assert len(pd.read_csv(out)) == 0


def test_the_whole_clip(run: Runner, smiling: Path) -> None:
    done = run("expressions", smiling, "--whole", "--json")
    (found,) = json.loads(done.out)["expressions"]
    assert (found["onset_s"], found["offset_s"]) == (0.0, 7.967)


def test_every_name_is_explained(run: Runner) -> None:
    done = run("expressions", "--describe")
    assert done.code == 0
    assert len(done.out.splitlines()) == len(DYNAMICS)
    assert "lip_onset_duration_positive" in done.out


def test_one_bad_source_does_not_stop_the_others(
    run: Runner, smiling: Path, tmp_path: Path
) -> None:
    done = run("expressions", tmp_path / "none.mp4", smiling, "--json")
    assert done.code == 1
    assert "none.mp4 does not exist" in done.err
    assert len(json.loads(done.out)["expressions"]) == 2
    assert run("expressions", tmp_path / "none.mp4").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give a SOURCE"),
        (["x.mp4", "--out", "table.txt"], "must end in .csv or .parquet"),
        (["x.parquet"], "x.parquet"),
        (["camera:0"], "camera:0 is a camera, which has no end"),
    ],
)
def test_a_mistake_is_one_sentence(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("expressions", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
