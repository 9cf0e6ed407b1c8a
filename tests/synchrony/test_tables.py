import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from duchenne.errors import DataError
from duchenne.synchrony.tables import Layout, events_of, read_table, series_of


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    rows = pd.DataFrame(
        {
            "who": [1, 1, 2, 2, 2],
            "s": [1.0, 0.0, 0.0, 1.0, 2.0],
            "joy": [0.1, 0.2, np.nan, 0.4, 0.5],
            "fear": [1.0, 2.0, 3.0, 4.0, 5.0],
            "film": ["a", "a", "a", "a", "b"],
        }
    )
    path = tmp_path / "wide.csv.gz"
    rows.to_csv(path, index=False)
    return path


def test_columns_of_numbers_are_features(wide: Path) -> None:
    layout = Layout("who", "s")
    people, features = series_of(read_table(wide, layout), layout)
    assert features == ("joy", "fear")
    assert [own.person for own in people] == ["1", "2"]
    assert people[0].times.tolist() == [0.0, 1.0]  # in the order of time
    np.testing.assert_array_equal(people[1].values[:, 0], [np.nan, 0.4, 0.5])


def test_rows_of_one_film(wide: Path) -> None:
    layout = Layout("who", "s", ("fear",), only=("film", "a"))
    people, features = series_of(read_table(wide, layout), layout)
    assert features == ("fear",)
    assert people[1].times.tolist() == [0.0, 1.0]


def test_a_column_of_features(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [("a", 0.0, "x", 1.0), ("a", 0.0, "y", 2.0), ("a", 1.0, "x", 3.0)],
        columns=["person", "time", "what", "number"],
    )
    path = tmp_path / "long.parquet"
    rows.to_parquet(path)
    layout = Layout(feature="what")
    people, features = series_of(read_table(path, layout), layout)
    assert features == ("x", "y")
    np.testing.assert_array_equal(people[0].values, [[1.0, 2.0], [3.0, np.nan]])
    twice = pd.concat([rows, rows])
    with pytest.raises(DataError, match="a has two values of x at 0 s"):
        series_of(twice, layout)


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (Layout("person", "s"), "no column 'person'; there are: who, s, joy, fear, film"),
        (Layout("who", "s", ("film",)), "must hold numbers"),
        (Layout("who", "film"), "must hold numbers"),
        (Layout("who", "s", only=("film", "z")), "no rows where film is z"),
    ],
)
def test_layouts_that_do_not_fit(wide: Path, layout: Layout, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_table(wide, layout)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as a table"):
        read_table(tmp_path / "missing.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="cannot be read as a table"):
        read_table(tmp_path / "empty.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.csv.gz", gzip.compress(b"person,time,v\n" + b"a,1,2\n" * 5000, mtime=0)[:40]),
        ("cut.zip", b"PK\x03\x04"),
        ("cut.parquet", b"PAR1"),
        ("ragged.csv", b"person,time,v\na,1,2\na,2,3,4\n"),
    ],
)
def test_damaged_files_are_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as a table") as told:
        read_table(tmp_path / name)
    assert "\n" not in str(told.value)
    assert not str(told.value).endswith("..")


def test_two_rows_for_one_moment() -> None:
    rows = pd.DataFrame({"person": ["a", "a"], "time": [3.0, 3.0], "x": [1.0, 2.0]})
    with pytest.raises(DataError, match="a has two rows at 3 s"):
        series_of(rows)


def test_events_are_times_of_each_person() -> None:
    rows = pd.DataFrame({"person": ["b", "a", "b"], "time": [9.0, 4.0, 2.0]})
    found = events_of(rows)
    assert {name: times.tolist() for name, times in found.items()} == {"a": [4.0], "b": [2.0, 9.0]}


def test_a_column_of_features_takes_one_column_of_values(wide: Path) -> None:
    layout = Layout("who", "s", ("joy", "fear"), feature="film")
    with pytest.raises(DataError, match="here are 2: name the one"):
        series_of(read_table(wide, layout), layout)


def test_a_table_without_numbers_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("person,time,word\na,0,yes\nb,0,no\n")
    layout = Layout("person", "time")
    with pytest.raises(DataError, match="no column of numbers"):
        series_of(read_table(tmp_path / "words.csv", layout), layout)


def test_numbers_of_people_stay_whole_where_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / "gap.csv").write_text("person,time,joy\n1,0,1\n1,1,2\n,0,1\n2,0,1\n2,1,2\n")
    layout = Layout("person", "time")
    people, _ = series_of(read_table(tmp_path / "gap.csv", layout), layout)
    assert [own.person for own in people] == ["1", "2"]
