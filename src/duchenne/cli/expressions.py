"""``duchenne expressions``: each display of a recording with its onset, apex, offset, dynamics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duchenne.errors import DataError, DuchenneError, in_a_sentence

if TYPE_CHECKING:
    import pandas as pd

    from duchenne.expressions import Expression
    from duchenne.media import Frame, MediaInfo
    from duchenne.recording.analyzer import Analyzer
    from duchenne.recording.recording import Recording

_FORMS = (".csv", ".parquet")


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE_OR_RECORDING...")
@click.option(
    "--whole",
    is_flag=True,
    help="Take each source as one expression, from its first frame to its last.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write one table of all expressions here (.csv or .parquet).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, per source.")
@click.option("--describe", is_flag=True, help="Explain the name of each dynamic, and stop.")
def command(
    sources: tuple[str, ...], whole: bool, out: Path | None, as_json: bool, describe: bool
) -> int:
    """Find each displayed expression: onset, apex, offset, emotion, dynamics.

    A source (picture, video, folder of frames or of videos) is analysed first; a recording (the
    folder or recording.parquet that `duchenne analyze` wrote, or the CSV of OpenFace) is read.
    Exit code 1: some sources could not be read; 2: none could.
    """
    if describe:
        _describe()
        return 0
    if not sources:
        raise click.UsageError("Give a SOURCE or a RECORDING.")
    _check_form(out)
    outcomes: list[bool] = []
    tables: list[pd.DataFrame] = []
    try:
        for source in _each(sources):
            with _told(outcomes):
                tables.append(_one(source, whole, as_json))
    finally:
        # Broken off, the sources that are done are worth keeping.
        if out is not None and tables:
            _write(tables, out)
    return 0 if all(outcomes) else 1 if any(outcomes) else 2


def _describe() -> None:
    from duchenne.expressions import describe

    names = describe()
    width, unit_width = (max(names[column].str.len()) for column in ("name", "unit"))
    for row in names.itertuples():
        click.echo(f"{row.name:{width}}  {row.unit:{unit_width}}  {row.meaning}")


def _check_form(out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in _FORMS:
        raise DataError(
            f"{out} must end in {' or '.join(_FORMS)}: the ending says what is written."
        )
    if out.is_dir():
        raise DataError(f"{out} is a folder: name the file to write.")
    out.parent.mkdir(parents=True, exist_ok=True)


def _each(sources: tuple[str, ...]) -> Iterator[str]:
    from duchenne.media import find_sources

    for source in sources:
        yield from [source] if _is_recording(Path(source)) else find_sources(source)


def _is_recording(path: Path) -> bool:
    from duchenne.recording.storage import METADATA, PARTS, TABLE

    if path.is_dir():
        return any((path / name).exists() for name in (METADATA, TABLE, PARTS))
    return path.suffix.lower() in _FORMS


@contextmanager
def _told(outcomes: list[bool]) -> Iterator[None]:
    """One bad source is told in a sentence; the others still get their turn."""
    try:
        yield
        outcomes.append(True)
    except (DuchenneError, OSError) as error:
        outcomes.append(False)
        click.echo(f"duchenne: {in_a_sentence(error)}", err=True)


def _one(source: str, whole: bool, as_json: bool) -> pd.DataFrame:
    from duchenne.expressions import find_expressions, to_frame
    from duchenne.expressions.doubts import why_none

    recording = _recording(source)
    found = find_expressions(recording, whole=whole)
    why = "" if found else why_none(recording)
    if as_json:
        click.echo(json.dumps(_facts(source, recording, found, why), ensure_ascii=False))
    else:
        click.echo(_in_words(source, recording, found, why))
    table = to_frame(found)
    table.insert(0, "source", source)
    return table


def _recording(source: str) -> Recording:
    from duchenne.recording.recording import Recording

    if _is_recording(Path(source)):
        return Recording.load(source)
    return _analyzed(source)


def _analyzed(source: str) -> Recording:
    from tqdm import tqdm

    if re.fullmatch(r"(camera:)?[0-9]+", source) and not Path(source).exists():
        raise DataError(
            f"{source} is a camera, which has no end: record it by `duchenne analyze`, and give "
            "the recording."
        )
    # disable=None: a bar on a terminal, silence in a log file.
    with tqdm(desc=Path(source).name, unit="frame", disable=None, leave=False) as bar:

        def tick(frame: Frame, info: MediaInfo) -> None:
            bar.total = info.frames
            bar.update(frame.index + 1 - bar.n)

        return _analyzer().run(source, progress=tick)


@lru_cache(maxsize=1)
def _analyzer() -> Analyzer:
    """One for all sources of a run: its networks load once, and only where they are needed."""
    from duchenne.recording.analyzer import Analyzer

    return Analyzer()


def _facts(
    source: str, recording: Recording, found: tuple[Expression, ...], why: str
) -> dict[str, Any]:
    warnings = [*recording.metadata.warnings, *([f"no expression: {why}"] if why else [])]
    return {
        "source": source,
        "expressions": [expression.to_dict() for expression in found],
        "warnings": warnings,
    }


def _in_words(source: str, recording: Recording, found: tuple[Expression, ...], why: str) -> str:
    name = Path(source).name
    if why:
        lines = [f"{name}: no expression: {why}"]
    else:
        lines = [f"{name}: {len(found)} {'expression' if len(found) == 1 else 'expressions'}"]
    for expression in found:
        brief = "brief, " if expression.brief else ""
        lines.append(
            f"  face {expression.face_id}, {expression.onset_s:.2f} to {expression.offset_s:.2f} s "
            f"(apex {expression.apex_s:.2f}): {brief}displays {expression.emotion}, "
            f"strength {expression.intensity:.1f} of 5"
        )
        if expression.order:
            lines.append(f"    Action Units in the order of their rise: {_listed(expression)}")
        lines += [f"    note: {warning}" for warning in expression.warnings]
    lines += [f"  note: {warning}" for warning in recording.metadata.warnings]
    return "\n".join(lines)


def _listed(expression: Expression) -> str:
    return ", ".join(expression.order)


def _write(tables: list[pd.DataFrame], out: Path) -> None:
    import pandas as pd

    # Empty tables carry no types, and would turn numbers into objects.
    whole = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    if out.suffix.lower() == ".csv":
        whole.to_csv(out, index=False)
    else:
        whole.to_parquet(out, index=False)
    click.echo(f"  -> {out}: {len(whole)} rows", err=True)
