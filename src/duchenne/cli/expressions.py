"""``duchenne expressions``: each display of a recording with its onset, apex, offset, dynamics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duchenne.cli.options import JSON_LINES
from duchenne.cli.readings import check_form, each, exit_code, reading, told, write_tables
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    import pandas as pd

    from duchenne.expressions import Expression
    from duchenne.recording.recording import Recording


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
@JSON_LINES
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
        _describe(as_json)
        return 0
    if not sources:
        raise click.UsageError("Give a SOURCE or a RECORDING.")
    check_form(out)
    outcomes: list[bool] = []
    tables: list[pd.DataFrame] = []
    try:
        for source in each(sources):
            with told(outcomes):
                tables.append(_one(source, whole, as_json))
    finally:
        # Broken off, the sources that are done are worth keeping.
        if out is not None and tables:
            write_tables(tables, out)
    return exit_code(outcomes)


def _describe(as_json: bool) -> None:
    from duchenne.expressions import describe

    names = describe()
    if as_json:
        click.echo(in_json({"names": names.to_dict("records")}))
        return
    width, unit_width = (max(names[column].str.len()) for column in ("name", "unit"))
    for row in names.itertuples():
        click.echo(f"{row.name:{width}}  {row.unit:{unit_width}}  {row.meaning}")


def _one(source: str, whole: bool, as_json: bool) -> pd.DataFrame:
    from duchenne.expressions import find_expressions, to_frame
    from duchenne.expressions.doubts import why_none

    recording = reading(source)
    found = find_expressions(recording, whole=whole)
    why = "" if found else why_none(recording)
    if as_json:
        click.echo(in_json(_facts(source, recording, found, why)))
    else:
        click.echo(_in_words(source, recording, found, why))
    table = to_frame(found)
    table.insert(0, "source", source)
    return table


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
