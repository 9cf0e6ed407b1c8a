"""``duchenne convert``: recordings and other programs' tables into each other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.expressions import Expression
    from duchenne.genuineness.verdict import Judged
    from duchenne.recording.recording import Recording

# Where an option of ELAN and BIDS is of use; the others are of use to BIDS only.
_PLACES: Final = {"verdicts": ("elan", "bids"), "media": ("elan",)}


@dataclass(frozen=True)
class _Extra:
    """What only ELAN and BIDS have a place for."""

    verdicts: bool
    media: Path | None
    subject: str | None
    session: str | None
    task: str | None
    run: int | None

    def refuse_without_a_place(self, form: str) -> None:
        """Options that would be lost without a word."""
        for field in fields(self):
            forms = _PLACES.get(field.name, ("bids",))
            if getattr(self, field.name) and form not in forms:
                where = " or ".join(f"--to {one}" for one in forms)
                raise DataError(
                    f"--{field.name} has no place in {form}: leave it out, or use {where}."
                )


@click.command()
@click.argument("table", type=click.Path(path_type=Path), metavar="IN")
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(["openface", "pyfeat", "csv", "parquet", "recording", "elan", "bids"]),
    help="What to write; recording: a folder like those of `duchenne analyze`, with a report; "
    "elan: an .eaf document; bids: files in a BIDS derivative.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file (or folder) to write."
)
@click.option(
    "--fps", type=float, help="Frames a second, for tables without a clock or with a false one."
)
@click.option(
    "--verdicts", is_flag=True, help="elan, bids: also judge each expression, genuine or posed."
)
@click.option(
    "--media",
    type=click.Path(path_type=Path),
    help="elan: the video to link, where the recording does not name it.",
)
@click.option("--subject", help="bids: label of the subject; else the recording's person.")
@click.option("--session", help="bids: label of the session.")
@click.option("--task", show_default="video", help="bids: label of the task.")
@click.option("--run", type=click.IntRange(min=1), help="bids: number of the run.")
@JSON
def command(
    table: Path,
    form: str,
    out: Path,
    fps: float | None,
    verdicts: bool,
    media: Path | None,
    subject: str | None,
    session: str | None,
    task: str | None,
    run: int | None,
    as_json: bool,
) -> None:
    """Turn a recording, or a table of OpenFace or py-feat, into another form.

    IN is the folder or recording.parquet that `duchenne analyze` wrote, an OpenFace 2 CSV, or a
    py-feat Fex saved as CSV; which one it is, its columns tell. What the other form cannot hold is
    left out: OpenFace's table has no emotions, py-feat's no times, and neither the 478 landmarks.
    ELAN and BIDS get the displayed expressions too, where there are Action Unit intensities.
    """
    extra = _Extra(verdicts, media, subject, session, task, run)
    extra.refuse_without_a_place(form)
    recording = _read(table, fps)
    for warning in recording.metadata.warnings:
        click.echo(f"note: {warning}", err=True)
    _refuse_itself(table, out)
    if form in {"elan", "bids"}:
        _write_coded(recording, form, out, extra)
    else:
        _write(recording, form, out)
    faces = len(recording.face_ids)
    facts = {"out": out, "form": form, "rows": len(recording), "faces": faces}
    facts["warnings"] = recording.metadata.warnings
    words = f"{out}: {len(recording)} rows, {faces} {'face' if faces == 1 else 'faces'}"
    click.echo(in_json(facts) if as_json else words)


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


def _write_coded(recording: Recording, form: str, out: Path, extra: _Extra) -> None:
    from duchenne.recording.bids import named
    from duchenne.recording.bids import to_bids as write_bids

    if form == "elan" and out.is_dir():
        raise DataError(f"{out} is a folder: name the file to write.")
    # A name that cannot be should be told before minutes of finding and judging.
    entities = (
        named(recording, extra.subject, extra.session, extra.task or "video", extra.run)
        if form == "bids"
        else None
    )
    expressions = _expressions(recording)
    judged = _judged(recording, expressions) if extra.verdicts else ()
    if entities is None:
        recording.to_elan(out, expressions=expressions, verdicts=judged, media=extra.media)
    else:
        write_bids(recording, out, entities, expressions=expressions, verdicts=judged)


def _expressions(recording: Recording) -> tuple[Expression, ...]:
    from duchenne.expressions import find_expressions

    try:
        return find_expressions(recording)
    except DataError as error:
        # The rest of the recording is worth having.
        click.echo(f"note: no expressions: {error}", err=True)
        return ()


def _judged(recording: Recording, expressions: tuple[Expression, ...]) -> tuple[Judged, ...]:
    from duchenne.genuineness.judging import judge

    return judge(recording, expressions=expressions)
