"""``duchenne build-dataset`` as a person uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.cli.running import Runner


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def folders(tmp_path: Path, astronaut: NDArray[np.uint8]) -> tuple[Path, Path]:
    posed, genuine = tmp_path / "posed", tmp_path / "genuine"
    (posed / "eileen").mkdir(parents=True)
    genuine.mkdir()
    Image.fromarray(astronaut).save(posed / "eileen" / "a.png")
    Image.fromarray(astronaut[:, ::-1].copy()).save(genuine / "b.png")
    return posed, genuine


def test_two_folders_make_a_table(
    duchenne: Runner, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[0] / "notes.txt").write_text("Dear diary, " * 20)
    out = tmp_path / "set.csv"
    arguments = ("build-dataset", "--posed", folders[0], "--genuine", folders[1], "--out", out)
    done = duchenne(*arguments)
    assert (done.code, done.out) == (1, f"{out}: 2 rows of 2 files; 1 left out\n")
    assert "note: 2 of 3 files name no subject" in done.err
    assert "notes.txt" in done.err
    assert pd.read_csv(out, keep_default_na=False)["subject"].tolist() == ["eileen", ""]
    (folders[0] / "notes.txt").unlink()
    done = duchenne(*arguments)
    assert (done.code, done.out) == (
        0,
        f"{out}: 2 rows of 2 files, 2 of them from an earlier run\n",
    )


def test_a_manifest_makes_a_table(
    duchenne: Runner, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("path,label,subject,emotion\ngenuine/b.png,genuine,7,happy\n")
    out = tmp_path / "set.parquet"
    done = duchenne(
        "build-dataset", "--manifest", manifest, "--out", out, "--features", "all", "--per", "clip"
    )
    assert (done.code, done.err) == (0, "")
    (row,) = pd.read_parquet(out).to_dict("records")
    assert (row["subject"], row["emotion"], row["label"]) == ("7", "happy", "genuine")
    assert row["AU12_r_mean"] == row["AU12_r_max"] > 3


def test_mistakes_are_one_sentence(
    duchenne: Runner, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    posed, out = folders[0], tmp_path / "set.csv"
    for arguments, words in (
        (["--posed", posed], "--genuine"),
        ([], "--manifest"),
        (["--posed", posed, "--genuine", tmp_path / "none"], "no folder"),
        (["--manifest", tmp_path / "none.csv"], "cannot be read"),
        (["--manifest", "m.csv", "--posed", posed], "or a --manifest"),
    ):
        done = duchenne("build-dataset", *arguments, "--out", out)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert "Traceback" not in done.err
