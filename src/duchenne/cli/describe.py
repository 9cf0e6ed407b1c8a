"""``duchenne describe``: what every column of a recording means."""

from __future__ import annotations

from pathlib import Path

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json


@click.command()
@click.argument("recording", type=click.Path(path_type=Path), required=False)
@JSON
def command(recording: Path | None, as_json: bool) -> None:
    """Explain every column, with its unit; with a RECORDING, say what it holds too.

    RECORDING: a folder or recording.parquet, or the CSV table of OpenFace or py-feat.
    """
    from duchenne.recording.recording import Recording
    from duchenne.recording.summary import summarize

    loaded = Recording.load(recording) if recording is not None else None
    columns = Recording.describe() if loaded is None else loaded.describe_all()
    summary = summarize(loaded) if loaded is not None else None
    if as_json:
        answer = {"columns": columns.to_dict("records"), "recording": summary}
        click.echo(in_json(answer))
        return
    if summary is not None:
        click.echo(_headline(summary) + "\n")
    width = max(columns["column"].str.len())
    unit_width = max(columns["unit"].str.len())
    for row in columns.itertuples():
        click.echo(f"{row.column:{width}}  {row.unit:{unit_width}}  {row.meaning}")


def _headline(summary: dict[str, object]) -> str:
    return (
        f"{summary['source']}: {summary['rows']} rows, {summary['frames_with_face']} of "
        f"{summary['frames']} frames with a face"
    )
