"""``duchenne synchrony`` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.cli import synchrony as verb
from duchenne.synchrony import Synchrony
from duchenne.synchrony import settings as choices
from duchenne.synchrony.simulation import MadeUp, Scene, make_up
from tests.cli.running import Runner
from tests.expressions.made_up import clock, recording_of, rows

QUICK = ("--surrogates", 19, "--jobs", 1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return make_up(Scene(people=5, features=3, seconds=90, rate=10.0, events=5, strength=3.0), 1)


@pytest.fixture
def table(tmp_path: Path, made: MadeUp) -> Path:
    aligned = made.aligned
    parts = []
    for place, person in enumerate(aligned.people):
        part = pd.DataFrame(aligned.values[:, place].T, columns=list(aligned.features))
        parts.append(part.assign(person=person, time=aligned.times, film="one"))
    path = tmp_path / "people.csv"
    pd.concat(parts).to_csv(path, index=False)
    return path


@pytest.fixture
def ratings(tmp_path: Path, made: MadeUp) -> Path:
    random = np.random.default_rng(0)
    pressed = [
        (f"rater {i}", begin + 2 + random.normal(0, 0.5))
        for i in range(8)
        for begin, _ in made.events
    ]
    path = tmp_path / "ratings.csv"
    pd.DataFrame(pressed, columns=["person", "time"]).to_csv(path, index=False)
    return path


def test_a_table_becomes_tables_and_a_page(
    run: Runner, table: Path, ratings: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run("synchrony", "--table", table, "--ratings", ratings, "--only", "film=one",
               "--out", out, *QUICK)  # fmt: skip
    assert done.code == 0, done.err
    assert "5 people over" in done.out
    assert "feature 1" in done.out
    names = ("synchrony", "features", "windows", "people", "moments", "peaks", "agreement")
    tables = {name: pd.read_csv(out / f"{name}.csv") for name in names}
    found = Synchrony.load(out)
    assert len(tables["synchrony"]) == found.isc.size
    assert len(tables["people"]) == 10
    assert set(tables["moments"]["feature"]) == {"feature 1"}
    assert tables["agreement"]["p"].iloc[1] < 0.1
    page = (out / "synchrony.html").read_text()
    assert "people, one" in page
    assert "Rated peaks" in page


def test_the_summary_as_json(run: Runner, table: Path, tmp_path: Path) -> None:
    done = run("synchrony", "--table", table, "--out", tmp_path / "out", "--value-column",
               "feature 1", "--window", "whole", "--isc", "leave-one-out", "--json",
               *QUICK)  # fmt: skip
    facts = json.loads(done.out)
    assert facts == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (facts["people"], facts["features"], facts["windows"]) == (5, 1, 1)
    assert facts["settings"]["window"] == "whole"
    low, high = facts["interval"]
    assert low < facts["mean_isc"] < high


def test_ratings_that_run_on_have_peaks_and_only_the_film_asked_for_counts(
    run: Runner, table: Path, tmp_path: Path, made: MadeUp
) -> None:
    times = made.aligned.times
    # Everybody is moved once, in the middle; what they said of another film is of no interest.
    moved = np.exp(-(((times - times.mean()) / 3) ** 2))
    parts = [
        pd.DataFrame({"person": f"rater {i}", "time": times, "moved": values, "film": film})
        for i in range(4)
        for film, values in (("one", moved), ("two", -moved))
    ]
    pd.concat(parts).to_csv(tmp_path / "ratings.csv", index=False)
    out = tmp_path / "out"
    done = run("synchrony", "--table", table, "--ratings", tmp_path / "ratings.csv",
               "--rating-column", "moved", "--only", "film=one", "--out", out, *QUICK)  # fmt: skip
    assert done.code == 0, done.err
    peaks = pd.read_csv(out / "peaks.csv")
    middle = (peaks["start"] < times.mean()) & (times.mean() < peaks["end"])
    assert set(peaks.loc[middle, "share"]) == {1.0}
    assert set(peaks.loc[~middle, "share"]) == {0.0}


def test_two_recordings_of_one_person_are_one_too_many(run: Runner, tmp_path: Path) -> None:
    times = clock(3, 10)
    for name in ("one/ann", "two/ann"):
        recording_of(rows(times, {"AU12_r": np.sin(times)})).save(tmp_path / name)
    done = run("synchrony", tmp_path / "one/ann", tmp_path / "two/ann", "--out", tmp_path / "out")
    assert (done.code, "is the second recording of ann" in done.err) == (2, True)


def test_recordings_are_people(run: Runner, tmp_path: Path) -> None:
    times = clock(30, 10)
    for place, name in enumerate(("ann", "ben", "eve")):
        noise = np.random.default_rng(place).normal(0, 0.1, len(times))
        values = 2 + np.sin(times) + noise
        recording_of(rows(times, {"AU12_r": values})).save(tmp_path / name)
    out = tmp_path / "out"
    people = [tmp_path / name for name in ("ann", "ben", "eve")]
    done = run("synchrony", *people, "--features", "AU12_r", "--offset", "eve=0.0",
               "--out", out, *QUICK)  # fmt: skip
    assert done.code == 0, done.err
    found = Synchrony.load(out)
    assert found.people == ("ann", "ben", "eve")
    assert np.nanmin(found.isc) > 0.9
    assert "AU12 lip corner puller" in (out / "synchrony.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give either recordings"),
        (("--table", "no.csv"), "cannot be read as a table"),
        (("--table", "TABLE", "--window", "long"), "takes seconds or `whole`"),
        (("--table", "TABLE", "--window", "500"), "less than one window"),
        (("--table", "TABLE", "--person-column", "who"), "no column 'who'"),
        (("--table", "TABLE", "--offset", "ann"), "--offset PERSON=SECONDS cannot be read"),
        (("--table", "TABLE", "--offset", "ann=1"), "offset of ann"),
        (("--table", "TABLE", "--face", "ann=x"), "--face PERSON=ID cannot be read"),
        (("--table", "TABLE", "--surrogates", "5"), "make 19 or more"),
    ],
)
def test_bad_input_is_one_sentence(
    run: Runner, table: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    given = [str(table) if a == "TABLE" else a for a in arguments]
    done = run("synchrony", *given, "--out", tmp_path / "out")
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_the_options_are_those_of_the_settings() -> None:
    for name in ("MEASURES", "METHODS", "AVERAGES", "NULLS", "CORRECTIONS"):
        assert getattr(verb, name) == getattr(choices, name)
