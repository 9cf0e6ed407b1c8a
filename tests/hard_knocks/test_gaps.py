"""Statistics of recordings with holes: no warning, no NaN where a number is promised."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.expressions import find_expressions
from duchenne.recording import Recording
from duchenne.recording.batch.jobs import jobs_for
from duchenne.recording.batch.results import write_results
from duchenne.recording.columns import names_starting
from duchenne.recording.manifest import Entry
from duchenne.recording.summary import summarize
from tests.hard_knocks.damage import often, patiently
from tests.recording.made_up import metadata, rows

GROUPS = ("emotion_", "AU", "bs_", "pose_", "face_")


def with_holes(counts: list[int], holes: list[tuple[int, str]]) -> Recording:
    """Rows of which some groups of columns are NaN, from a row on to the end of the recording."""
    table = rows(counts, fps=25.0).take()
    points = table["landmarks"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    table = table.drop_columns(["landmarks"])
    for first, group in holes:
        for name in names_starting(group):
            if name == "face_id":
                continue
            values = table[name].to_numpy().copy()
            values[first : first + 20] = np.nan
            place = table.column_names.index(name)
            table = table.set_column(place, name, pa.array(values, pa.float32()))
    return Recording(table, metadata(), None, points.reshape(-1, 478, 3))


HOLES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(GROUPS)), max_size=6)


@pytest.mark.filterwarnings("error")
@patiently
@often
@given(st.lists(st.integers(0, 2), min_size=1, max_size=40), HOLES)
def test_a_summary_holds_numbers_or_nothing(
    counts: list[int], holes: list[tuple[int, str]]
) -> None:
    summary = summarize(with_holes(counts, holes))
    # Strict JSON knows no NaN and no infinity.
    json.dumps(summary, allow_nan=False)
    for face in summary["faces"]:
        assert (face["emotion"] is None) == all(v is None for v in face["emotions"].values())


@pytest.mark.filterwarnings("error")
@patiently
@often
@given(st.lists(st.integers(0, 2), min_size=1, max_size=60), HOLES)
def test_expressions_hold_no_infinity(counts: list[int], holes: list[tuple[int, str]]) -> None:
    for expression in find_expressions(with_holes(counts, holes)):
        assert expression.onset_s <= expression.apex_s <= expression.offset_s
        assert math.isfinite(expression.intensity)


@pytest.mark.filterwarnings("error")
def test_the_table_of_a_batch_holds_nothing_for_what_was_not_measured(tmp_path: Path) -> None:
    jobs = jobs_for([Entry("a.mp4"), Entry("b.mp4")], tmp_path)
    some = summarize(with_holes([1, 1], [(0, "emotion_")]))
    none = summarize(with_holes([0, 0], []))
    write_results(tmp_path, dict(zip(jobs, (some, none), strict=True)), [])
    table = pq.read_table(tmp_path / "summary.parquet").to_pylist()
    assert [row["emotion_happy"] for row in table] == [None, None]
    assert table[0]["AU12_r"] is not None
    assert [row["face_id"] for row in table] == [0, -1]
