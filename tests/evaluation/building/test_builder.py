"""Data sets are built from real pictures, go on after a kill, and say what made them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.media.videos import write_video

from duchenne.errors import DataError
from duchenne.evaluation.building import builder as dataset_builder
from duchenne.evaluation.building.builder import KEYS, METADATA_KEY, build_dataset
from duchenne.evaluation.building.parts import Parts
from duchenne.evaluation.building.sources import LabelledSource
from duchenne.recording.analyzer import Analyzer


@pytest.fixture(scope="module")
def shared_analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(autouse=True)
def one_analyzer(monkeypatch: pytest.MonkeyPatch, shared_analyzer: Analyzer) -> None:
    """Loading the networks once is enough for these tests."""
    monkeypatch.setattr(dataset_builder, "Analyzer", lambda: shared_analyzer)


@pytest.fixture
def sources(tmp_path: Path, astronaut: NDArray[np.uint8]) -> list[LabelledSource]:
    found = []
    for i, (label, pixels) in enumerate(
        [("posed", astronaut), ("posed", astronaut[:, ::-1]), ("genuine", astronaut[20:400])]
    ):
        path = tmp_path / f"{i}.png"
        Image.fromarray(np.ascontiguousarray(pixels)).save(path)
        found.append(LabelledSource(path, label, f"s{i}", "happy"))
    return found


def test_a_table_of_pictures(sources: list[LabelledSource], tmp_path: Path) -> None:
    out = tmp_path / "set.csv"
    built = build_dataset(sources, out)
    assert (built.rows, built.sources, built.earlier, built.skipped) == (3, 3, 0, ())
    table = pd.read_csv(out)
    assert tuple(table.columns[: len(KEYS)]) == KEYS
    assert table["label"].tolist() == ["posed", "posed", "genuine"]
    assert table["subject"].tolist() == ["s0", "s1", "s2"]
    assert (table["kind"] == "picture").all()
    assert (table["AU12_r"] > 3).all()
    about = json.loads((tmp_path / "set.csv.json").read_text())
    assert {model["name"] for model in about["models"]} >= {"face_landmarker", "emotion_compact"}
    assert (len(about["code_sha256"]), about["rows"], about["skipped"]) == (64, 3, [])
    assert not (tmp_path / "set.csv.parts").exists()


def test_parquet_carries_its_metadata_and_statistics(
    sources: list[LabelledSource], tmp_path: Path
) -> None:
    out = tmp_path / "set.parquet"
    build_dataset(sources[:1], out, "landmarks", "clip")
    about = json.loads(pq.read_schema(out).metadata[METADATA_KEY])
    assert (about["features"], about["per"]) == ("landmarks", "clip")
    assert about["statistics"] == ["mean", "sd", "min", "max"]
    table = pd.read_parquet(out)
    assert table["lm_0_x_mean"].tolist() == table["lm_0_x_max"].tolist()
    assert table["lm_0_x_sd"].tolist() == [0]


class Killed(BaseException):
    """As sudden as a power cut: nothing in between catches it."""


@pytest.mark.parametrize("name", ["set.csv", "set.parquet"])
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    sources: list[LabelledSource], tmp_path: Path, name: str
) -> None:
    whole, broken = tmp_path / "a" / name, tmp_path / "b" / name
    build_dataset(sources, whole)
    ticks: Iterator[None] = iter([None])

    def kill(_: LabelledSource) -> None:
        if next(ticks, "over") == "over":
            raise Killed

    with pytest.raises(Killed):
        build_dataset(sources, broken, progress=kill)
    assert not broken.exists()
    assert build_dataset(sources, broken).earlier == 2
    assert broken.read_bytes() == whole.read_bytes()


def test_a_complete_table_is_left_alone_until_something_changes(
    sources: list[LabelledSource], tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    out = tmp_path / "set.parquet"
    build_dataset(sources[:2], out)
    first = out.stat().st_mtime_ns
    again = build_dataset(sources[:2], out)
    assert (again.earlier, again.rows, out.stat().st_mtime_ns) == (2, 2, first)
    Image.fromarray(astronaut[:450]).save(sources[0].path)
    assert build_dataset(sources[:2], out).earlier == 0
    assert out.stat().st_mtime_ns > first
    assert build_dataset(sources[:2], out, per="clip").earlier == 0


def test_what_cannot_be_used_is_named_and_may_be_mended(
    sources: list[LabelledSource], tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    (tmp_path / "notes.png").write_text("Dear diary")
    faceless = write_video(tmp_path / "grey.mp4", [0, 40])
    bad = [
        LabelledSource(tmp_path / "notes.png", "posed"),
        LabelledSource(tmp_path / "none.png", "posed"),
        LabelledSource(faceless, "genuine"),
    ]
    out = tmp_path / "set.csv"
    built = build_dataset([*bad, sources[0]], out)
    assert (built.rows, built.sources) == (1, 1)
    for sentence, words in zip(
        built.skipped, ("notes.png", "none.png", "grey.mp4 shows no face"), strict=True
    ):
        assert words in sentence
    assert len(json.loads((tmp_path / "set.csv.json").read_text())["skipped"]) == 3
    Image.fromarray(astronaut).save(tmp_path / "notes.png")
    mended = build_dataset([*bad, sources[0]], out)
    assert (mended.rows, mended.earlier, len(mended.skipped)) == (2, 1, 2)
    assert "1 of 2 files name no subject" in mended.warnings[0]


def test_the_hash_is_of_code_that_is_there() -> None:
    top = Path(dataset_builder.__file__).parents[2]
    assert [room for room in dataset_builder._ROOMS if not (top / room).exists()] == []


def test_a_clip_has_a_row_a_frame(carphone: Path, tmp_path: Path) -> None:
    source = LabelledSource(carphone, "genuine", "man")
    out = tmp_path / "set.parquet"
    rows = build_dataset([source], out).rows
    table = pd.read_parquet(out)
    assert rows == len(table) > 100
    assert table["frame"].is_monotonic_increasing
    assert set(table["kind"]) == {"video"}
    means = tmp_path / "means.parquet"
    assert build_dataset([source], means, per="clip").rows == 1
    found = pd.read_parquet(means)["AU26_r_mean"].iloc[0]
    assert found == pytest.approx(table["AU26_r"].mean(), rel=1e-5)


def test_a_second_run_into_the_same_table_is_kept_out(
    sources: list[LabelledSource], tmp_path: Path
) -> None:
    out = tmp_path / "set.csv"

    def second(_: LabelledSource) -> None:
        with pytest.raises(DataError, match="Another run is writing"):
            build_dataset(sources, out)

    assert build_dataset(sources[:1], out, progress=second).rows == 1


def test_a_full_disk_is_no_fault_of_the_source(
    sources: list[LabelledSource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "set.csv")

    monkeypatch.setattr(Parts, "write", full)
    with pytest.raises(OSError, match="No space left"):
        build_dataset(sources, tmp_path / "set.csv")


def test_mistakes_are_told(
    sources: list[LabelledSource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match=r"\.csv or \.parquet"):
        build_dataset(sources, tmp_path / "set.txt")
    with pytest.raises(DataError, match="no pictures or clips to make a table of"):
        build_dataset([], tmp_path / "set.csv")
    missing = LabelledSource(tmp_path / "none.png", "posed")
    with pytest.raises(DataError, match=r"None of the 1 files.*none\.png"):
        build_dataset([missing], tmp_path / "set.csv")
    # The parts of a run with other settings would not fit.
    with pytest.raises(DataError, match="begun with other settings"):
        build_dataset([missing], tmp_path / "set.csv", per="clip")
    monkeypatch.setattr(dataset_builder, "_hash_of_code", lambda: "another")
    with pytest.raises(DataError, match="another version"):
        build_dataset([missing], tmp_path / "set.csv")
