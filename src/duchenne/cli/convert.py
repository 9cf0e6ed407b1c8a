"""``duchenne convert``: recordings and other programs' tables into each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.recording.recording import Recording


@click.command()
@click.argument("table", type=click.Path(path_type=Path), metavar="IN")
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(["openface", "pyfeat", "csv", "parquet", "recording"]),
    help="What to write; recording: a folder like those of `duchenne analyze`, with a report.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file (or folder) to write."
)
@click.option(
    "--fps", type=float, help="Frames a second, for tables without a clock or with a false one."
)
def command(table: Path, form: str, out: Path, fps: float | None) -> None:
    """Turn a recording, or a table of OpenFace or py-feat, into another form.

    IN is the folder or recording.parquet that `duchenne analyze` wrote, an OpenFace 2 CSV, or a
    py-feat Fex saved as CSV; which one it is, its columns tell. What the other form cannot hold is
    left out: OpenFace's table has no emotions, py-feat's no times, and neither the 478 landmarks.
    """
    recording = _read(table, fps)
    for warning in recording.metadata.warnings:
        click.echo(f"note: {warning}", err=True)
    _refuse_itself(table, out)
    _write(recording, form, out)
    faces = len(recording.face_ids)
    click.echo(f"{out}: {len(recording)} rows, {faces} {'face' if faces == 1 else 'faces'}")


def _read(path: Path, fps: float | None) -> Recording:
    from duchenne.recording.recording import Recording
    from duchenne.recording.tables import from_table

    if path.suffix.lower() == ".parquet" or path.is_dir():
        if fps is not None:
            raise DataError(f"{path} has its true times already: leave --fps out.")
        return Recording.load(path)
    if not path.exists():
        raise DataError(f"{path} does not exist: check the path.")
    return from_table(path, fps=fps)


def _refuse_itself(table: Path, out: Path) -> None:
    inputs = {table.resolve(), (table / "recording.parquet").resolve()}
    if out.resolve() in inputs or (out / "recording.parquet").resolve() in inputs:
        raise DataError(f"{out} is what is read: choose another --out.")


def _write(recording: Recording, form: str, out: Path) -> None:
    if form == "recording":
        if out.is_file():
            raise DataError(f"{out} is a file: a recording needs a folder.")
        from duchenne.report.page import write_report

        recording.save(out)
        write_report(recording, out / "report.html")
        return
    if out.is_dir():
        raise DataError(f"{out} is a folder: name the file to write.")
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == "openface":
        _write_openface(recording, out)
    elif form == "pyfeat":
        _write_pyfeat(recording, out)
    elif form == "csv":
        recording.to_frame().to_csv(out, index=False)
    else:
        from duchenne.recording.storage import write_single

        write_single(out, recording.with_landmarks(), recording.metadata)


def _write_openface(recording: Recording, out: Path) -> None:
    from duchenne.action_units.openface import write_openface
    from duchenne.recording.from_openface import to_openface

    write_openface(to_openface(recording), out)


def _write_pyfeat(recording: Recording, out: Path) -> None:
    from duchenne.action_units.pyfeat import write_pyfeat
    from duchenne.recording.from_pyfeat import to_pyfeat

    write_pyfeat(to_pyfeat(recording), out)
