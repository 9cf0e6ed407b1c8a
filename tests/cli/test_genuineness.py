"""``duchenne genuineness`` as a person uses it: JSON, tables, exit codes, sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.genuineness import judging, models
from duchenne.recording import Recording
from tests.cli.running import Runner
from tests.expressions.made_up import clock
from tests.genuineness.made_up import smiles
from tests.genuineness.standins import Standins
from tests.media.videos import write_video


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """The command with models that add up a few inputs."""
    standins = Standins()
    monkeypatch.setattr(judging, "shipped", lambda: standins)
    monkeypatch.setattr(models, "shipped", lambda: standins)
    return Runner(monkeypatch, capsys)


@pytest.fixture
def smiling(tmp_path: Path) -> Path:
    """A recording of a smile that goes far, and one that does not."""
    return smiles().save(tmp_path / "smiling")


@pytest.fixture
def faceless(tmp_path: Path) -> Path:
    return write_video(tmp_path / "grey.mp4", range(0, 200, 40))


def _only(out: str) -> dict[str, Any]:
    expression: dict[str, Any]
    (line,) = out.splitlines()
    (expression,) = json.loads(line)["expressions"]
    return expression


def test_json_is_one_object_a_source(run: Runner, smiling: Path, faceless: Path) -> None:
    done = run("genuineness", smiling, faceless, "--json")
    assert (done.code, done.err) == (0, "")
    first, second = map(json.loads, done.out.splitlines())
    assert first["source"] == str(smiling)
    (found,) = first["expressions"]
    assert {
        "face_id", "onset_s", "apex_s", "offset_s", "emotion", "p_genuine", "verdict", "reasons",
        "model",
    } <= set(found)  # fmt: skip
    assert (found["emotion"], found["verdict"], found["model"]) == (
        "happy",
        "genuine",
        "genuineness",
    )
    assert found["p_genuine"] == pytest.approx(0.88, abs=0.03)
    assert found["reasons"][0].startswith("The rise of the left lip corner came to 0.80 of 1")
    assert second["expressions"] == []
    assert second["warnings"][-1] == "undecided: no face was found"


def test_words_for_people(run: Runner, smiling: Path) -> None:
    done = run("genuineness", smiling)
    assert done.code == 0
    assert "smiling: 1 expression\n" in done.out
    assert "displays happy; resembles spontaneous recordings (p_genuine 0.8" in done.out
    assert "by genuineness, evidence: clip" in done.out
    assert "It does not tell what somebody experiences" in done.out


def test_the_whole_clip_is_one_expression(run: Runner, smiling: Path) -> None:
    found = _only(run("genuineness", smiling, "--whole", "--json").out)
    assert (found["onset_s"], found["offset_s"]) == (0.0, 4.967)


@pytest.mark.parametrize(
    ("recording", "phrase"),
    [
        (lambda: smiles(fps=5.0), "5 frames/s"),
        (lambda: smiles(height=0.5), "the expression is weak"),
        (lambda: smiles(seen=abs(clock(5, 30) - 2) > 0.3), "the face was lost in the middle"),
        (lambda: smiles(spans=((-1.0, 9.0),), seconds=0.2), "it lasts 0.17 s"),
    ],
)
def test_what_was_seen_badly_is_undecided_and_says_why(
    run: Runner, tmp_path: Path, recording: Callable[[], Recording], phrase: str
) -> None:
    folder = recording().save(tmp_path / "bad")
    done = run("genuineness", folder, "--whole", "--json")
    assert (done.code, done.err) == (0, "")
    found = _only(done.out)
    assert found["verdict"] == "undecided"
    assert phrase in found["why"][0]
    assert found["reasons"][0] == f"Undecided: {'; '.join(found['why'])}."


def test_one_frame_of_a_face(run: Runner, tmp_path: Path, astronaut: NDArray[np.uint8]) -> None:
    picture = tmp_path / "astronaut.png"
    Image.fromarray(astronaut).save(picture)
    found = _only(run("genuineness", picture, "--json").out)
    assert found["evidence"] == "still (weaker)"
    assert found["model"] == "genuineness_aus"
    assert found["verdict"] in {"genuine", "posed", "undecided"}
    assert found["p_genuine"] is not None
    landmarks = _only(run("genuineness", picture, "--from", "landmarks", "--json").out)
    assert landmarks["model"] == "genuineness_landmarks"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_of_all_sources(
    run: Runner, smiling: Path, faceless: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / "deep" / f"verdicts.{ending}"
    assert run("genuineness", smiling, faceless, "--out", out).code == 0
    table = pd.read_csv(out) if ending == "csv" else pd.read_parquet(out)
    assert table["source"].tolist() == [str(smiling)]
    assert table["verdict"].tolist() == ["genuine"]


def test_one_person_in_several_sources(run: Runner, tmp_path: Path) -> None:
    spans = [(2.0 * i + 0.5, 2.0 * i + 1.7) for i in range(4)]
    folders = [smiles(spans, seconds=9, fps=15).save(tmp_path / name) for name in "ab"]
    lines = run("genuineness", *folders, "--same-person", "--json").out.splitlines()
    found = [one for line in lines for one in json.loads(line)["expressions"]]
    assert [one["model"] for one in found] == ["genuineness_person, beside 8 of the person"] * 8
    alone = run("genuineness", folders[0], "--same-person", "--json")
    assert "needs 8 expressions" in alone.err
    assert json.loads(alone.out)["expressions"][0]["model"] == "genuineness"


def test_one_bad_source_does_not_stop_the_others(
    run: Runner, smiling: Path, tmp_path: Path
) -> None:
    done = run("genuineness", tmp_path / "none.mp4", smiling, "--json")
    assert done.code == 1
    assert "none.mp4 does not exist" in done.err
    assert _only(done.out)["verdict"] == "genuine"
    assert run("genuineness", tmp_path / "none.mp4").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give a SOURCE"),
        (["x.mp4", "--out", "table.txt"], "must end in .csv or .parquet"),
        (["x.mp4", "--from", "blood"], "'blood' is not one of"),
        (["camera:0"], "camera:0 is a camera, which has no end"),
    ],
)
def test_a_mistake_is_one_sentence(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("genuineness", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_table_of_openface(run: Runner, shared_media: Path) -> None:
    table = shared_media / "OpenFace_Test.csv"
    (line,) = run("genuineness", table, "--whole", "--json").out.splitlines()
    assert all("--from aus" in one["why"][-1] for one in json.loads(line)["expressions"])
    done = run("genuineness", table, "--whole", "--from", "aus", "--json")
    assert all(one["p_genuine"] is not None for one in json.loads(done.out)["expressions"])


def test_analyze_includes_verdicts(
    run: Runner, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    picture = tmp_path / "astronaut.png"
    Image.fromarray(astronaut).save(picture)
    summary = json.loads(run("analyze", picture, "--out", tmp_path / "o", "--json").out)
    (found,) = summary["expressions"]
    assert found["evidence"] == "still (weaker)"
    page = (tmp_path / "o" / "astronaut" / "report.html").read_text(encoding="utf-8")
    assert "Spontaneous or posed?" in page
    done = run("analyze", picture, "--out", tmp_path / "p", "--no-verdicts", "--json")
    assert "expressions" not in json.loads(done.out)
    page = (tmp_path / "p" / "astronaut" / "report.html").read_text(encoding="utf-8")
    assert "Spontaneous or posed?" not in page
    assert Recording.load(tmp_path / "p" / "astronaut").face_ids == [0]
