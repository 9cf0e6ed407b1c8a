"""What a batch says of expressions: the verdicts of ``duchenne genuineness``, a table a source."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from duchenne.cli import batch_verdicts
from duchenne.cli.batch_verdicts import judge_recording, keep_verdicts, table_of
from duchenne.errors import DataError
from duchenne.expressions import to_frame
from duchenne.genuineness.judging import judge
from duchenne.recording import Recording
from duchenne.recording.batch import COUNTS, Job, Settings
from duchenne.recording.batch.worker import Done, Failed, Task, Worker
from tests.genuineness.made_up import smiles

ONE = {"expressions": 1, "genuine": 0, "posed": 0, "undecided": 0}


@pytest.fixture(scope="module")
def recording() -> Recording:
    return smiles()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job("smile.mp4", tmp_path / "recordings" / "source=smile-12345678", None)


def test_a_table_holds_the_verdicts_of_judge_and_the_dynamics(
    recording: Recording, job: Job
) -> None:
    counts = judge_recording(recording, job)
    ((expression, genuineness),) = judge(recording)
    assert counts == {0: ONE | {genuineness.verdict: 1}}
    (row,) = pd.read_parquet(table_of(job)).to_dict("records")
    assert row["verdict"] == genuineness.verdict
    assert row["p_genuine"] == pytest.approx(genuineness.p_genuine, abs=1e-4)
    assert row["reasons"] == " | ".join(genuineness.texts)
    (dynamics,) = to_frame([expression]).iloc[:, 8:].to_dict("records")
    assert dynamics.keys() < row.keys()
    for name, value in dynamics.items():
        np.testing.assert_allclose(row[name], value, rtol=1e-4, err_msg=name)


def test_two_runs_write_the_same_bytes(recording: Recording, job: Job, tmp_path: Path) -> None:
    other = replace(job, folder=tmp_path / "other" / "recordings" / job.folder.name)
    judge_recording(recording, job)
    judge_recording(recording, other)
    assert table_of(job).read_bytes() == table_of(other).read_bytes()


def test_what_was_judged_is_not_judged_again(
    recording: Recording, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = judge_recording(recording, job)
    monkeypatch.setattr(batch_verdicts, "judge", lambda _: pytest.fail("judged again"))
    assert judge_recording(recording, job) == first
    assert keep_verdicts(recording, job) == first


@pytest.mark.parametrize("change", ["the recording", "the models", "the table is damaged"])
def test_what_no_longer_fits_is_taken_away(
    recording: Recording, job: Job, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    first = judge_recording(recording, job)
    if change == "the recording":
        metadata = replace(recording.metadata, options=recording.metadata.options | {"every": 2})
        recording = replace(recording, metadata=metadata)
    elif change == "the models":
        monkeypatch.setattr(batch_verdicts, "_models", lambda: "others")
    else:
        table_of(job).write_bytes(table_of(job).read_bytes()[:200])
    assert keep_verdicts(recording, job) is None
    assert not table_of(job).exists()
    assert judge_recording(recording, job) == first


def test_nobody_there_is_an_empty_table_of_the_same_columns(
    recording: Recording, job: Job, tmp_path: Path
) -> None:
    judge_recording(recording, job)
    nobody = replace(recording, table=recording.table.slice(0, 0), _landmarks=None)
    empty = Job("nobody.mp4", tmp_path / "recordings" / "source=nobody")
    assert judge_recording(nobody, empty) == {}
    schemas = [pq.read_schema(table_of(one)).remove_metadata() for one in (job, empty)]
    assert schemas[0] == schemas[1]


def test_a_failure_in_judging_is_an_answer_of_its_own(
    recording: Recording, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.save(job.folder)

    def fail(_: Recording) -> None:
        raise error

    monkeypatch.setattr(batch_verdicts, "judge", fail)
    worker = Worker(Settings(judge=judge_recording))
    error: Exception = DataError("It has no times.")
    assert worker.do(Task(job, "judge"), lambda *_: None) == Failed("It has no times.")
    error = OSError(errno.ENOSPC, "No space left on device")
    answer = worker.do(Task(job, "judge"), lambda *_: None)
    assert isinstance(answer, Failed)
    assert answer.hopeless
    assert len(Recording.load(job.folder)) == len(recording)


def test_a_worker_judges_what_lies_on_the_disk(recording: Recording, job: Job) -> None:
    recording.save(job.folder)
    answer = Worker(Settings(judge=judge_recording)).do(Task(job, "judge"), lambda *_: None)
    assert isinstance(answer, Done)
    assert answer.counts is not None
    assert set(answer.counts[0]) == set(COUNTS)
    assert table_of(job).exists()
