"""``duchenne genuineness``: whether each displayed expression resembles spontaneous recordings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duchenne.cli.options import JSON_LINES
from duchenne.cli.readings import check_form, each, exit_code, reading, told, write_tables
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    import pandas as pd

    from duchenne.genuineness.clip_model import Baseline
    from duchenne.genuineness.judging import Display, From
    from duchenne.genuineness.verdict import Judged
    from duchenne.recording.recording import Recording

LIMITS: Final = (
    "A verdict compares a display with recordings whose kind is known. It does not tell what "
    "somebody experiences, nor whether anybody is honest."
)


@dataclass(frozen=True, eq=False)
class _Looked:
    """One source, ready to be judged."""

    source: str
    displays: tuple[Display, ...]
    warnings: tuple[str, ...]
    main_face: int | None


@dataclass(frozen=True)
class _How:
    """The options that say how sources are judged."""

    whole: bool
    kind: From
    same_person: bool
    as_json: bool


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE_OR_RECORDING...")
@click.option(
    "--whole",
    is_flag=True,
    help="Take each source as one expression, from its first frame to its last.",
)
@click.option(
    "--from",
    "kind",
    default="clip",
    show_default=True,
    type=click.Choice(["clip", "aus", "landmarks"]),
    help="clip: the whole course of an expression. aus, landmarks: its apex alone, weaker.",
)
@click.option(
    "--same-person",
    is_flag=True,
    help="All sources show one person (in each the face seen longest) in spontaneous and posed "
    "expressions: judge each beside the others.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write one table of all verdicts here (.csv or .parquet).",
)
@JSON_LINES
def command(
    sources: tuple[str, ...],
    whole: bool,
    kind: From,
    same_person: bool,
    out: Path | None,
    as_json: bool,
) -> int:
    """Say of each displayed expression: genuine, posed, or undecided and why.

    A source (picture, video, folder of frames or of videos) is analysed first; a recording (the
    folder or recording.parquet that `duchenne analyze` wrote, or the CSV of OpenFace) is read.
    "genuine" means that a display resembles spontaneous recordings, "posed" that it resembles
    posed ones; neither tells what somebody experiences. A single picture is judged from its Action
    Units, as weaker evidence. Exit code 1: some sources could not be read; 2: none could.
    """
    if not sources:
        raise click.UsageError("Give a SOURCE or a RECORDING.")
    check_form(out)
    _open_models(kind)
    how = _How(whole, kind, same_person, as_json)
    outcomes: list[bool] = []
    tables: list[pd.DataFrame] = []
    try:
        _judge_all(sources, how, outcomes, tables)
    finally:
        # Broken off, the sources that are done are worth keeping.
        if out is not None and tables:
            write_tables(tables, out)
    if not as_json and any(outcomes):
        click.echo(LIMITS)
    return exit_code(outcomes)


def _open_models(kind: From) -> None:
    """A missing model should be told before an hour of video is analysed."""
    from duchenne.genuineness.models import shipped

    if kind == "clip":
        shipped().clips()
        shipped().reference()
    else:
        shipped().still(kind)


def _judge_all(
    sources: tuple[str, ...], how: _How, outcomes: list[bool], tables: list[pd.DataFrame]
) -> None:
    waiting = []
    for source in each(sources):
        with told(outcomes):
            looked = _look(source, how)
            if how.same_person:
                waiting.append(looked)
            else:
                tables.append(_tell(looked, {}, how))
    baseline = _shared_baseline(waiting) if waiting else None
    for looked in waiting:
        face = looked.main_face
        own = {} if baseline is None or face is None else {face: baseline}
        tables.append(_tell(looked, own, how))


def _look(source: str, how: _How) -> _Looked:
    from duchenne.genuineness.judging import look, why_nothing

    recording = reading(source)
    found = look(recording, whole=how.whole, source=how.kind)
    displays = tuple(_in_our_options(display) for display in found)
    warnings = list(recording.metadata.warnings)
    if not displays:
        warnings.append(f"undecided: {_our_words(why_nothing(recording))}")
    return _Looked(source, displays, tuple(warnings), _main_face(recording))


def _in_our_options(display: Display) -> Display:
    return replace(display, why=tuple(_our_words(text) for text in display.why))


def _our_words(text: str) -> str:
    """What Python is told to do otherwise, as an option of this verb."""
    from duchenne.genuineness.options import AS_ONE, INSTEAD

    return text.replace(INSTEAD, "--from aus").replace(AS_ONE, "--whole")


def _main_face(recording: Recording) -> int | None:
    return next(iter(recording.face_ids), None)


def _shared_baseline(looked: list[_Looked]) -> Baseline | None:
    from duchenne.genuineness.clip_model import LEAST_CLIPS
    from duchenne.genuineness.judging import baseline_of

    mine = [d for one in looked for d in one.displays if d.expression.face_id == one.main_face]
    baseline = baseline_of(mine)
    if baseline is None:
        click.echo(
            f"duchenne: the person's baseline needs {LEAST_CLIPS} expressions that were seen well; "
            "there are fewer, so each is judged by itself.",
            err=True,
        )
    return baseline


def _tell(looked: _Looked, baselines: dict[int, Baseline], how: _How) -> pd.DataFrame:
    from duchenne.genuineness.judging import decide
    from duchenne.genuineness.verdict import judged_dict, judged_frame

    judged = decide(looked.displays, baselines)
    if how.as_json:
        facts: dict[str, Any] = {
            "source": looked.source,
            "expressions": [judged_dict(*one) for one in judged],
            "warnings": list(looked.warnings),
        }
        click.echo(in_json(facts))
    else:
        click.echo(_in_words(looked, judged))
    table = judged_frame(judged)
    table.insert(0, "source", looked.source)
    return table


def _in_words(looked: _Looked, judged: tuple[Judged, ...]) -> str:
    from duchenne.genuineness.verdict import in_words

    name = Path(looked.source).name
    lines = [f"{name}: {len(judged)} {'expression' if len(judged) == 1 else 'expressions'}"]
    for expression, genuineness in judged:
        lines.append(f"  {in_words(expression, genuineness)}")
        lines += [f"    {text}" for text in genuineness.texts if not text.startswith("Undecided")]
        lines += [f"    note: {warning}" for warning in expression.warnings]
        lines.append(f"    by {genuineness.model}, evidence: {genuineness.evidence}")
    lines += [f"  note: {warning}" for warning in looked.warnings]
    return "\n".join(lines)
