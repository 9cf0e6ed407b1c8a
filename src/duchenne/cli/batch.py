"""``duchenne batch``: thousands of sources by many workers, into one Parquet data set."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.recording.batch import Job, Outcome, Settings
    from duchenne.recording.batch.crew import Crew
    from duchenne.recording.batch.running import Failure
    from duchenne.recording.batch.worker import Task
    from duchenne.recording.manifest import Entry

_LOCK: Final = ".batch.lock"
# More do not fit on a terminal, and nobody reads them.
_MOST_BARS: Final = 16


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="DIR_OR_MANIFEST...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="How many work at once [default: one a core].",
)
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Work on a Ray cluster: auto, HOST:6379, ray://HOST:10001, or local (extra: cluster).",
)
@click.option("--person", help="Name of the person seen in all sources, kept with the results.")
@click.option("--every", default=1, show_default=True, help="Look at every N-th frame only.")
@click.option("--start", type=float, help="Begin here (seconds).")
@click.option("--end", type=float, help="Stop here (seconds).")
@click.option("--fps", type=float, help="Frames a second of folders of pictures.")
@click.option("--faces", default=10, show_default=True, help="Follow at most this many faces.")
@click.option("--detector", default="blazeface", show_default=True, help="blazeface, or haar.")
@click.option(
    "--neutral",
    default="auto",
    show_default=True,
    help="Face at rest for Action Units: auto, none, or a picture.",
)
@click.option(
    "--emotion-model",
    default="emotion_compact",
    show_default=True,
    help="A shipped network's name, or an .onnx file with its card.",
)
@click.option("--no-verdicts", is_flag=True, help="Say nothing about genuine or posed.")
@JSON
def command(
    sources: tuple[str, ...],
    out: Path,
    workers: int | None,
    ray: str | None,
    person: str | None,
    every: int,
    start: float | None,
    end: float | None,
    fps: float | None,
    faces: int,
    detector: str,
    neutral: str,
    emotion_model: str,
    no_verdicts: bool,
    as_json: bool,
) -> int:
    """Analyse every picture, video and folder of frames in folders or CSV manifests.

    Writes OUT/recordings/source=<name>/recording.parquet, and each displayed expression with its
    verdict, as `duchenne genuineness` gives it, to OUT/expressions/source=<name>/; DuckDB and
    Polars open either as one table. OUT/summary.parquet and summary.csv hold a row a face,
    OUT/failures.csv what failed. Long videos are shared among the workers; the numbers do not
    depend on how many there are. A run that was broken off goes on where it stopped when the same
    command is given again. Exit code 1: some sources could not be read; 2: none could.
    """
    from duchenne.cli.batch_verdicts import judge_recording, keep_verdicts, open_models
    from duchenne.recording.analyzer import Span
    from duchenne.recording.batch import Settings, jobs_for
    from duchenne.recording.batch.worker import analyzer_for

    span = Span(every=every, start=start, end=end, fps=fps)
    judge = keep_verdicts if no_verdicts else judge_recording
    settings = Settings(detector, faces, emotion_model, neutral, span, judge)
    _check_span(span)
    entries = [entry for source in sources for entry in _entries(source, person)]
    if not entries:
        raise DataError(
            f"There is nothing to analyse in {', '.join(sources)}: no picture or video."
        )
    # Whatever is wrong with the settings is told once and now, and models are fetched only once.
    analyzer_for(settings)
    if not no_verdicts:
        open_models()
    jobs = jobs_for(entries, out)
    with _locked(out):
        outcome = _run(jobs, out, _crew(settings, workers, ray))
    facts = _facts(outcome, len(jobs), out)
    click.echo(in_json(facts) if as_json else _in_words(outcome, len(jobs), out))
    return 0 if not outcome.failures else 1 if outcome.summaries else 2


def _check_span(span: Any) -> None:
    from duchenne.media.selection import Selection

    Selection.from_options(span.every, span.start, span.end)
    if span.fps is not None and not 0 < span.fps < float("inf"):
        raise DataError(f"--fps must be a number above 0, not {span.fps}.")


def _entries(source: str, person: str | None) -> list[Entry]:
    from duchenne.media import find_sources
    from duchenne.recording.batch import find_all
    from duchenne.recording.manifest import Entry, read_manifest

    path = Path(source)
    if path.is_dir():
        return [Entry(found, person) for found in find_all(path)]
    if path.suffix.lower() != ".csv":
        return [Entry(source, person)]
    return [
        Entry(found, entry.person or person)
        for entry in read_manifest(path)
        for found in find_sources(entry.source)
    ]


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    from filelock import FileLock

    from duchenne.recording.locking import take

    lock = FileLock(out / _LOCK, blocking=False)
    take(lock, out)
    try:
        yield
    finally:
        lock.release()


def _crew(settings: Settings, workers: int | None, ray: str | None) -> Crew:
    if ray is not None:
        from duchenne.recording.batch.ray_crew import RayCrew

        return RayCrew(settings, ray, workers)
    from duchenne.cli.checkup.system import usable_cores
    from duchenne.recording.batch.crew import ProcessCrew

    return ProcessCrew(settings, workers or usable_cores())


def _run(jobs: list[Job], out: Path, crew: Crew) -> Outcome:
    from duchenne.recording.batch import Outcome, run_batch, write_results

    outcome = Outcome()
    try:
        with _Bars(len(jobs), crew.size) as bars:
            run_batch(jobs, crew, bars, outcome)
    finally:
        crew.stop()
        write_results(out, outcome.summaries, outcome.failures)
    return outcome


def _facts(outcome: Outcome, jobs: int, out: Path) -> dict[str, Any]:
    """The sums alone: a row a source stands in the tables, which may be thousands."""
    return {
        "out": out,
        "sources": jobs,
        "analysed": len(outcome.summaries),
        "failures": [_told(failure) for failure in outcome.failures],
        "without_verdicts": [_told(failure) for failure in outcome.unjudged],
    }


def _told(failure: Failure) -> dict[str, str]:
    return {"source": failure.job.source, "reason": failure.reason}


def _in_words(outcome: Outcome, jobs: int, out: Path) -> str:
    lines = [f"{len(outcome.summaries)} of {jobs} sources analysed -> {out}"]
    verdicts = _verdicts_in_words(outcome)
    if verdicts:
        lines.append(verdicts)
    if outcome.unjudged:
        lines.append(
            f"{len(outcome.unjudged)} without verdicts: see the warnings in {out / 'summary.csv'}"
        )
    if outcome.failures:
        lines.append(
            f"{len(outcome.failures)} failed twice and are listed in {out / 'failures.csv'}"
        )
    return "\n".join(lines)


def _verdicts_in_words(outcome: Outcome) -> str:
    from duchenne.recording.batch import COUNTS

    counts = [summary.get("counts") for summary in outcome.summaries.values()]
    if all(one is None for one in counts):
        return ""
    faces = [face for one in counts if one is not None for face in one.values()]
    total = {name: sum(face[name] for face in faces) for name in COUNTS}
    return (
        f"Expressions: {total['expressions']}; {total['genuine']} like spontaneous recordings, "
        f"{total['posed']} like posed ones, {total['undecided']} undecided"
    )


class _Bars:
    """A bar for all sources and one for each of the first workers; on a terminal only."""

    def __init__(self, jobs: int, workers: int) -> None:
        from tqdm import tqdm

        # disable=None: bars on a terminal, silence in a log file.
        self._all = tqdm(total=jobs, desc="sources", unit="source", position=0, disable=None)
        self._workers = [
            tqdm(desc="", unit="frame", position=1 + i, disable=None, leave=False)
            for i in range(min(workers, _MOST_BARS))
        ]
        self._tasks: dict[int, Task | None] = {}
        self._failed = 0

    def __enter__(self) -> _Bars:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for bar in reversed([self._all, *self._workers]):
            bar.close()

    def progress(self, place: int, task: Task | None, done: int, of: int) -> None:
        """As ``Listener.progress``."""
        if place >= len(self._workers):
            return
        bar = self._workers[place]
        if self._tasks.get(place) is not task:
            self._tasks[place] = task
            bar.reset()
            bar.set_description_str(_described(task), refresh=False)
        bar.total = of or None
        bar.update(done - bar.n)

    def finished(self, job: Job, reason: str | None) -> None:
        """As ``Listener.finished``."""
        if reason is not None:
            self._failed += 1
            self._all.set_postfix_str(f"{self._failed} failed", refresh=False)
            self._all.write(f"duchenne: {reason}", file=sys.stderr)
        self._all.update()


def _described(task: Task | None) -> str:
    if task is None:
        return ""
    name = Path(task.job.source).name[-30:]
    name = name if name.isprintable() else ascii(name)
    if task.stretch is not None:
        return f"{name} from {task.stretch.first * 10} s"
    steps = {"join": " (joining)", "judge": " (verdicts)"}
    return name + steps.get(task.step, "")
