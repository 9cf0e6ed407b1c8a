"""The tables that a batch leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from duchenne.recording.batch.jobs import jobs_for
from duchenne.recording.batch.results import FAILURES, SUMMARY, SUMMARY_CSV, write_results
from duchenne.recording.batch.running import Failure
from duchenne.recording.manifest import Entry
from duchenne.recording.summary import summarize
from tests.recording.ours import ours


def test_file_names_that_are_not_utf_8_are_written_as_escapes(tmp_path: Path) -> None:
    names = [os.fsdecode(name) for name in (b"/films/M\xfcller.mp4", b"/films/\xff.mp4")]
    good, bad = jobs_for([Entry(name) for name in names], tmp_path)
    summary = summarize(ours([1])) | {"source": good.source}
    failures = [Failure(bad, f"{bad.source} cannot be read.")]
    assert write_results(tmp_path, {good: summary}, failures) == 1
    wanted = r"/films/M\udcfcller.mp4"
    assert pd.read_parquet(tmp_path / SUMMARY)["path"].tolist() == [wanted]
    assert pd.read_csv(tmp_path / SUMMARY_CSV)["path"].tolist() == [wanted]
    (failed,) = pd.read_csv(tmp_path / FAILURES).to_dict("records")
    assert failed["path"] == r"/films/\udcff.mp4"
    assert failed["reason"] == r"/films/\udcff.mp4 cannot be read."
