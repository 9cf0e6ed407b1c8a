from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import reason


def test_a_missing_file_is_told_without_the_systems_number(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "not there.csv").read_text()
    assert reason(caught.value) == "no such file or directory"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("times"), "it lacks times"),
        (KeyError("times is not a file in the archive"), "times is not a file in the archive"),
        (ValueError("line one\nline two.\n"), "line one line two"),
        (OSError("no gzip file"), "no gzip file"),
        (EOFError(), "EOFError"),
        (KeyError(), "KeyError"),
    ],
)
def test_other_errors_in_one_line(error: Exception, words: str) -> None:
    assert reason(error) == words


@given(st.text())
def test_a_reason_is_one_line_that_takes_a_full_stop(text: str) -> None:
    for error in (ValueError(text), KeyError(text)):
        said = reason(error)
        assert said
        assert len(said.splitlines()) == 1
        assert not said.endswith(".")
