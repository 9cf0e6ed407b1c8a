"""``duchenne analyze``: sources in; a table, a picture and a report for each out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duchenne.cli.options import JSON_LINES
from duchenne.cli.outputs import folder_for, forget
from duchenne.cli.readings import exit_code, told
from duchenne.cli.saying import in_json
from duchenne.errors import DuchenneError, in_a_sentence

if TYPE_CHECKING:
    from duchenne.action_units.openface_program import OpenFaceProgram
    from duchenne.genuineness.verdict import Judged
    from duchenne.media import Frame, MediaInfo
    from duchenne.recording.analyzer import Analyzer, Progress, Span
    from duchenne.recording.manifest import Entry
    from duchenne.recording.recording import Recording


@dataclass(frozen=True)
class _Products:
    csv: bool
    report: bool
    json: bool
    verdicts: bool


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path),
    help="CSV of sources, with a column source and, if wanted, person.",
)
@click.option("--person", help="Name of the person seen in these sources, kept with the results.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option("--every", default=1, show_default=True, help="Look at every N-th frame only.")
@click.option("--start", type=float, help="Begin here (seconds).")
@click.option("--end", type=float, help="Stop here (seconds).")
@click.option("--fps", type=float, help="Frames a second of a folder of pictures.")
@click.option("--faces", default=10, show_default=True, help="Follow at most this many faces.")
@click.option(
    "--detector",
    default="blazeface",
    show_default=True,
    help="blazeface, or haar (the seeds' cascade).",
)
@click.option(
    "--au",
    "units",
    default="duchenne",
    show_default=True,
    type=click.Choice(["duchenne", "openface"]),
    help="Whose Action Units; openface runs an installed OpenFace 2 (its licence: research).",
)
@click.option(
    "--openface", help="Folder of OpenFace's programs [default: $DUCHENNE_OPENFACE, else the PATH]."
)
@click.option(
    "--neutral",
    default="auto",
    show_default=True,
    help="Face at rest for Action Units: auto (each face's own quieter half), none, or a picture "
    "of the person.",
)
@click.option(
    "--emotion-model",
    default="emotion_compact",
    show_default=True,
    help="A shipped network's name, or an .onnx file of `duchenne train emotion` with its card.",
)
@click.option("--again", is_flag=True, help="Analyse anew what was analysed already.")
@click.option("--csv", is_flag=True, help="Write recording.csv too.")
@click.option("--no-report", is_flag=True, help="Write no report.html.")
@click.option("--no-verdicts", is_flag=True, help="Say nothing about genuine or posed.")
@JSON_LINES
def command(
    sources: tuple[str, ...],
    manifest: Path | None,
    person: str | None,
    out: Path,
    every: int,
    start: float | None,
    end: float | None,
    fps: float | None,
    faces: int,
    detector: str,
    units: str,
    openface: str | None,
    neutral: str,
    emotion_model: str,
    again: bool,
    csv: bool,
    no_report: bool,
    no_verdicts: bool,
    as_json: bool,
) -> int:
    """Analyse pictures, videos, folders of frames, folders of videos, or camera:0.

    Writes OUT/<name>/recording.parquet, recording.json and report.html for each source, and
    annotated.png for a picture. Says of each displayed expression whether it resembles spontaneous
    or posed recordings, as `duchenne genuineness` does. A run that was broken off goes on where it
    stopped when the same command is given again. Exit code 1: some sources could not be read; 2:
    none could.
    """
    from duchenne.recording.analyzer import Analyzer, Span

    products = _Products(csv=csv, report=not no_report, json=as_json, verdicts=not no_verdicts)
    span = Span(every=every, start=start, end=end, fps=fps)
    entries = _entries(sources, manifest, person)
    analyzer = Analyzer(
        detector=detector,
        max_faces=faces,
        emotion_model=emotion_model,
        openface=_openface(units, openface),
        neutral=neutral,
    )
    taken: set[str] = set()
    outcomes: list[bool] = []
    for entry in entries:
        with told(outcomes):
            folder = folder_for(entry.source, out, taken)
            if again:
                forget(folder)
            _analyze_one(analyzer, entry, folder, span, products)
    return exit_code(outcomes)


def _openface(units: str, place: str | None) -> OpenFaceProgram | None:
    from duchenne.action_units.openface_program import OpenFaceProgram

    if units == "openface":
        return OpenFaceProgram(place)
    if place is not None:
        raise click.UsageError("--openface goes with --au openface.")
    return None


def _entries(sources: tuple[str, ...], manifest: Path | None, person: str | None) -> list[Entry]:
    from duchenne.media import find_sources
    from duchenne.recording.manifest import Entry, read_manifest

    named = [Entry(source, person) for source in sources]
    if manifest is not None:
        named += [replace(e, person=e.person or person) for e in read_manifest(manifest)]
    if not named:
        raise click.UsageError("Give a SOURCE, or a --manifest that names some.")
    return [replace(e, source=found) for e in named for found in find_sources(e.source)]


def _analyze_one(
    analyzer: Analyzer, entry: Entry, folder: Path, span: Span, products: _Products
) -> None:
    from duchenne.genuineness.verdict import judged_dict
    from duchenne.recording.summary import summarize

    source = entry.source
    looked_at: list[Frame] = []
    with _progress(source, looked_at) as progress:
        recording = analyzer.write(source, folder, span, progress, person=entry.person)
    if not looked_at and recording.metadata.frames:
        click.echo(f"{folder} is complete from an earlier run; --again makes it anew.", err=True)
    if products.csv:
        recording.to_frame().to_csv(folder / "recording.csv", index=False)
    judged, why_none = _verdicts(recording) if products.verdicts else (None, "")
    if products.report:
        _write_report(recording, source, span, folder, judged)
    if recording.metadata.source.kind == "picture":
        _write_picture(recording, source, folder)
    summary = summarize(recording) | {"out": str(folder)}
    if judged is not None:
        summary["expressions"] = [judged_dict(*one) for one in judged]
    if why_none:
        summary["warnings"].append(f"no verdicts: {why_none}")
    if products.json:
        click.echo(in_json(summary))
    else:
        click.echo(_in_words(summary, judged or ()))


def _verdicts(recording: Recording) -> tuple[tuple[Judged, ...] | None, str]:
    """What ``duchenne genuineness`` says; None, and why, where it cannot say anything."""
    from duchenne.genuineness.judging import judge

    try:
        return judge(recording), ""
    except DuchenneError as error:
        # Tables of programs without Action Units, or folders without times: the rest is worth it.
        return None, in_a_sentence(error)


def _write_report(
    recording: Recording,
    source: str,
    span: Span,
    folder: Path,
    judged: tuple[Judged, ...] | None,
) -> None:
    from duchenne.media import grab
    from duchenne.report import key_moments, write_report

    times = sorted({moment.time for moment in key_moments(recording)})
    frames = []
    if recording.metadata.source.kind != "camera":
        frames = grab(source, times, fps=span.fps) if times else []
    write_report(recording, folder / "report.html", frames, judged)


def _write_picture(recording: Recording, source: str, folder: Path) -> None:
    from PIL import Image

    from duchenne.media import grab
    from duchenne.report import annotate

    (frame,) = grab(source, [0.0])
    drawn = annotate(frame.pixels, recording.to_frame(), recording.landmarks)
    Image.fromarray(drawn).save(folder / "annotated.png")


@contextmanager
def _progress(source: str, first: list[Frame]) -> Iterator[Progress]:
    """A bar for one source; the first frame that is looked at is put into ``first``."""
    from tqdm import tqdm

    # disable=None: a bar on a terminal, silence in a log file.
    with tqdm(desc=Path(source).name, unit="frame", disable=None, leave=False) as bar:

        def tick(frame: Frame, info: MediaInfo) -> None:
            bar.total = info.frames
            if not first:
                first.append(frame)
            bar.update(frame.index + 1 - bar.n)

        yield tick


def _in_words(summary: dict[str, Any], judged: Sequence[Judged]) -> str:
    from duchenne.genuineness.verdict import in_words

    faces: Sequence[dict[str, Any]] = summary["faces"]
    name = Path(summary["source"]).name
    lines = [f"{name}: {summary['frames_with_face']} of {summary['frames']} frames with a face"]
    for face in faces:
        share = face["emotions"][face["emotion"]]
        lines.append(
            f"  face {face['face_id']}: {face['frames']} frames, displays mostly "
            f"{face['emotion']} (mean {_percent(share)})"
        )
    lines += [f"  {in_words(*one)}" for one in judged]
    lines += [f"  note: {warning}" for warning in summary["warnings"]]
    lines.append(f"  -> {summary['out']}")
    return "\n".join(lines)


def _percent(share: float) -> str:
    # Nobody should read certainty into rounding.
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")
