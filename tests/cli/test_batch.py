"""``duchenne batch`` as a lab uses it: workers that die, runs that are killed, disks that fill."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest
from filelock import FileLock
from numpy.typing import NDArray
from PIL import Image

from duchenne.cli.batch_verdicts import TABLE
from duchenne.genuineness.judging import judge
from duchenne.recording import Recording, storage
from duchenne.recording.analyzer import Analyzer
from duchenne.recording.batch.jobs import partition_name
from duchenne.recording.batch.stretches import StretchAnalyzer
from tests.cli.running import Runner
from tests.media.videos import write_video


def command(*arguments: object) -> list[str]:
    code = "from duchenne.cli import main; main()"
    return [sys.executable, "-c", code, "batch", *map(str, arguments)]


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Path:
    """A picture with a face, a video that is long enough to be split, and a broken one."""
    folder = tmp_path_factory.mktemp("lab")
    Image.fromarray(astronaut).save(folder / "astronaut.png")
    (folder / "deep" / "er").mkdir(parents=True)
    write_video(folder / "deep" / "er" / "long.mp4", range(0, 250_000, 1250), size=(32, 32))
    (folder / "broken.mp4").write_bytes(b"no video at all" * 100)
    return folder


@pytest.fixture(scope="module")
def analysed(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lab's output by two workers."""
    out = tmp_path_factory.mktemp("out")
    done = subprocess.run(
        command(lab, "--out", out, "--workers", 2), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "2 of 3 sources analysed" in done.stdout
    assert "broken.mp4 is neither a picture nor a video" in done.stderr
    assert "Traceback" not in done.stderr
    return out


def recordings(out: Path) -> dict[str, Path]:
    """By the source's stem."""
    return {p.name.split("=")[1].split("-")[0]: p for p in (out / "recordings").iterdir()}


def test_each_recording_has_the_bytes_of_a_run_by_one(
    lab: Path, analysed: Path, tmp_path: Path
) -> None:
    analyzer = StretchAnalyzer()
    for name, source in (("astronaut", "astronaut.png"), ("long", "deep/er/long.mp4")):
        alone = tmp_path / name
        analyzer.write(str(lab / source), alone)
        for file in (storage.TABLE, storage.METADATA):
            there = recordings(analysed)[name] / file
            assert there.read_bytes() == (alone / file).read_bytes(), there
    assert len(Recording.load(recordings(analysed)["long"])) == 200


def test_the_recordings_are_one_data_set(analysed: Path) -> None:
    files = sorted(map(str, (analysed / "recordings").glob("*/recording.parquet")))
    table = ds.dataset(files, partitioning="hive", partition_base_dir=str(analysed / "recordings"))
    frame = table.to_table(columns=["source", "frame", "success"]).to_pandas()
    assert len(frame) == 201
    assert frame["source"].nunique() == 2
    assert frame.loc[frame["source"].str.startswith("astronaut"), "success"].tolist() == [1]


def verdicts(out: Path) -> dict[str, Path]:
    """Tables of expressions, by the source's stem."""
    return {n: out / "expressions" / p.name / TABLE for n, p in recordings(out).items()}


def test_the_expressions_are_one_data_set_with_the_verdicts_of_a_single_run(
    lab: Path, analysed: Path
) -> None:
    files = sorted(map(str, (analysed / "expressions").glob("*/*.parquet")))
    assert files == sorted(map(str, verdicts(analysed).values()))
    base = str(analysed / "expressions")
    table = ds.dataset(files, partitioning="hive", partition_base_dir=base).to_table().to_pandas()
    assert [name.split("-")[0] for name in table["source"]] == ["astronaut"]
    ((_, alone),) = judge(Analyzer().run(lab / "astronaut.png"))
    assert table["verdict"].tolist() == [alone.verdict]
    assert table["evidence"].tolist() == [alone.evidence]
    assert table["p_genuine"].tolist() == pytest.approx([alone.p_genuine], abs=1e-4)


def test_verdicts_can_be_left_out_and_come_later(
    duchenne: Runner, lab: Path, analysed: Path, tmp_path: Path
) -> None:
    picture = lab / "astronaut.png"
    batch = ("batch", picture, "--out", tmp_path, "--workers", 1)
    without = duchenne(*batch, "--no-verdicts")
    assert without.code == 0, without.err
    assert "Expressions" not in without.out
    assert not (tmp_path / "expressions").exists()
    assert pd.read_parquet(tmp_path / "summary.parquet")["expressions"].isna().all()
    later = duchenne(*batch)
    assert "Expressions: 1;" in later.out
    path = verdicts(tmp_path)["astronaut"]
    assert path.read_bytes() == verdicts(analysed)["astronaut"].read_bytes()
    kept = duchenne(*batch, "--no-verdicts")
    assert "Expressions: 1;" in kept.out
    assert path.exists()


def test_summary_and_failures_are_tables(lab: Path, analysed: Path) -> None:
    summary = pd.read_parquet(analysed / "summary.parquet")
    assert [name.split("-")[0] for name in summary["source"]] == ["astronaut", "long"]
    assert summary["emotion"].tolist()[0] == "happy"
    assert summary["face_id"].tolist() == [0, -1]
    assert summary["frames"].tolist() == [1, 200]
    assert summary["expressions"].tolist() == [1, 0]
    assert summary[["genuine", "posed", "undecided"]].sum(axis=1).tolist() == [1, 0]
    as_csv = pd.read_csv(analysed / "summary.csv")
    assert list(as_csv.columns) == list(summary.columns)
    failures = pd.read_csv(analysed / "failures.csv")
    assert failures["path"].tolist() == [str(lab / "broken.mp4")]


def test_a_second_run_repeats_nothing_and_changes_nothing(
    duchenne: Runner, lab: Path, analysed: Path
) -> None:
    table = recordings(analysed)["long"] / storage.TABLE
    made, summary = table.stat().st_mtime_ns, (analysed / "summary.parquet").read_bytes()
    # The manifest names only one of them: what is known of the others stays.
    manifest = analysed / "again.csv"
    manifest.write_text(f"source\n{lab / 'deep' / 'er' / 'long.mp4'}\n")
    done = duchenne("batch", manifest, "--out", analysed, "--workers", 1)
    assert done.code == 0, done.err
    assert table.stat().st_mtime_ns == made
    assert (analysed / "summary.parquet").read_bytes() == summary
    assert not (analysed / "failures.csv").exists()


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(c) for task in tasks.iterdir() for c in (task / "children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def until(condition: Callable[[], object], seconds: float = 90.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_killed_run_leaves_no_worker_behind_and_goes_on(
    lab: Path, analysed: Path, tmp_path: Path
) -> None:
    video, out = lab / "deep" / "er" / "long.mp4", tmp_path / "out"
    run = subprocess.Popen(command(video, "--out", out, "--workers", 1))
    assert until(lambda: list(out.glob("recordings/*/recording.stretches/000003.done")))
    workers = children(run.pid)
    assert workers
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert until(lambda: not any(map(is_alive, workers)), 30)
    (folder,) = (out / "recordings").iterdir()
    assert not (folder / storage.TABLE).exists()

    again = subprocess.run(
        command(video, "--out", out, "--workers", 1), capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    assert (folder / storage.TABLE).read_bytes() == (
        recordings(analysed)["long"] / storage.TABLE
    ).read_bytes()
    assert not (folder / "recording.stretches").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_ctrl_c_ends_everybody_with_a_sentence(lab: Path, tmp_path: Path) -> None:
    video, out = lab / "deep" / "er" / "long.mp4", tmp_path / "out"
    run = subprocess.Popen(
        command(video, "--out", out, "--workers", 2),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that run in the background of a shell inherit a deaf ear for Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert until(lambda: list(out.glob("recordings/*/recording.stretches/*")))
    workers = children(run.pid)
    # As a terminal does it: to all of them, also to the one that is only beginning.
    os.killpg(run.pid, signal.SIGINT)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "what was computed so far is kept" in told
    assert "Traceback" not in told
    assert until(lambda: not any(map(is_alive, workers)))


def test_two_runs_on_one_output_do_not_meet(duchenne: Runner, lab: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".batch.lock"):
        done = duchenne("batch", lab, "--out", tmp_path)
    assert done.code == 2
    assert "Another run" in done.err
    assert len(done.err.strip().splitlines()) == 1


def _next_processes(count: int) -> list[int]:
    """The numbers that Linux will give to the next processes; it begins again at 300."""
    most = int(Path("/proc/sys/kernel/pid_max").read_text())
    numbers = range(os.getpid(), os.getpid() + count)
    return [n if n < most else n - most + 300 for n in numbers]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_stops_the_batch_with_a_sentence(
    duchenne: Runner, lab: Path, tmp_path: Path
) -> None:
    picture = lab / "astronaut.png"
    folder = tmp_path / "recordings" / f"source={partition_name(str(picture))}"
    folder.mkdir(parents=True)
    # Where the table is written to before it gets its name, whichever process the worker will be:
    # every write says the disk is full.
    fresh = [folder / f"{storage.TABLE}.{number}.new" for number in _next_processes(5000)]
    for name in fresh:
        name.symlink_to("/dev/full")
    done = duchenne("batch", picture, "--out", tmp_path, "--workers", 1)
    assert done.code == 2
    assert "No space left on device" in done.err
    assert "Traceback" not in done.err
    for name in fresh:
        name.unlink(missing_ok=True)
    assert duchenne("batch", picture, "--out", tmp_path, "--workers", 1).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--every", 0], "every"),
        (["--detector", "magic"], "detector"),
        (["--start", 3, "--end", 2], "end"),
        (["--fps", 0], "fps"),
        (["--faces", 0], "faces"),
        (["--emotion-model", "nothing"], "nothing"),
        (["--neutral", "nobody.png"], "nobody.png"),
        (["--workers", 0], "workers"),
    ],
)
def test_options_without_sense_are_one_sentence(
    duchenne: Runner, lab: Path, tmp_path: Path, arguments: list[object], sentence: str
) -> None:
    done = duchenne("batch", lab, "--out", tmp_path / "o", *arguments)
    assert done.code == 2
    assert sentence in done.err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("name", ["empty", "none.csv", "list.csv", "folders.csv"])
def test_sources_without_sense_are_one_sentence(
    duchenne: Runner, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.csv").write_bytes(b"\xff\xfe\x00source\x00" * 9)
    (tmp_path / "folders.csv").write_text("source\n\n\n")
    done = duchenne("batch", tmp_path / name, "--out", tmp_path / "o")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert name in done.err


@pytest.mark.parametrize("kind", ["a file", "no folder anybody may make", "read-only"])
def test_an_output_that_cannot_be_written_is_one_sentence(
    duchenne: Runner, lab: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "o"
    if kind == "a file":
        out.write_text("a file where the folder should be")
    elif kind == "read-only":
        if os.name == "nt" or os.geteuid() == 0:
            pytest.skip("nothing is read-only to an administrator")
        out.mkdir(mode=0o555)
    else:
        out = Path("/proc/duchenne/o") if Path("/proc/self").exists() else Path("/dev/null/o")
    done = duchenne("batch", lab, "--out", out)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1


def test_without_ray_the_extra_is_named(
    duchenne: Runner, lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    done = duchenne("batch", lab, "--out", tmp_path, "--ray", "local")
    assert done.code == 2
    assert "pip install 'duchenne[cluster]'" in done.err


def test_ray_gives_the_same_bytes(
    duchenne: Runner, lab: Path, analysed: Path, tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    done = duchenne("batch", lab, "--out", tmp_path, "--ray", "local", "--workers", 2)
    assert done.code == 1, done.err
    assert "2 of 3 sources analysed" in done.out
    for name in ("astronaut", "long"):
        ours, theirs = (recordings(o)[name] / storage.TABLE for o in (tmp_path, analysed))
        assert ours.read_bytes() == theirs.read_bytes()
        ours, theirs = (verdicts(o)[name] for o in (tmp_path, analysed))
        assert ours.read_bytes() == theirs.read_bytes()
    with contextlib.suppress(ImportError):
        import ray

        assert not ray.is_initialized()
