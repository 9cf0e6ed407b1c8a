"""Tables of other programs: what cannot be read or written is told in a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from duchenne.action_units.tables import read_csv, write_csv
from duchenne.errors import DataError


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    rows = pd.DataFrame({"frame": [1, 2], "AU12_r": [0.5, 1.25]})
    write_csv(rows, tmp_path / "deep" / "table.csv", between_names=", ")
    assert (tmp_path / "deep" / "table.csv").read_text().startswith("frame, AU12_r\n")
    pd.testing.assert_frame_equal(read_csv(tmp_path / "deep" / "table.csv"), rows)


def test_a_table_without_a_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="cannot be written: "):
        write_csv(pd.DataFrame({"a": [1]}), tmp_path / "file" / "table.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3,4,5\n", "cannot be read as a CSV table"),
        ("a,b\n1,2,3\n", "lines differ in length"),
        ("a,a\n1,2\n", "two columns a"),
        ("a,b\n", "no rows below its header"),
    ],
)
def test_tables_that_are_none(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read_csv(tmp_path / "table.csv")


def test_a_comma_at_the_end_of_each_line_shifts_nothing(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,2,\n3,4,\n")
    assert read_csv(tmp_path / "table.csv").to_dict("list") == {"a": [1, 3], "b": [2, 4]}


def test_a_compressed_table_that_was_cut_off_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 5000)[:40])
    with pytest.raises(DataError, match="cannot be read as a CSV table"):
        read_csv(tmp_path / "table.csv.gz")
