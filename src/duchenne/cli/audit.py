"""``duchenne audit``: does a data set teach the expression, or the camera?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.evaluation.audit import Audit, AuditSet
    from duchenne.evaluation.audit.listing import Columns


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path), metavar="DATASET_OR_MANIFEST")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option("--label", metavar="COLUMN", help="What a model would learn.")
@click.option("--subject", metavar="COLUMN", help="Who is seen.")
@click.option("--source", metavar="COLUMN", help="The collection, camera or session.")
@click.option("--split", metavar="COLUMN", help="The data set's own split.")
@click.option(
    "--nuisance",
    "nuisances",
    multiple=True,
    metavar="COLUMN",
    help="A column of a feature table that the display does not change; may be repeated.",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="Audit this model too: an emotion network, smile, or a column of scores.",
)
@click.option(
    "--bar",
    default=0.65,
    show_default=True,
    type=click.FloatRange(0.5, 1.0, min_open=True),
    help="AUC from which a shortcut counts as bad; 0.5 is chance.",
)
@click.option("--no-faces", is_flag=True, help="Do not look for faces: several times quicker.")
@click.option("--strict", is_flag=True, help="Exit code 1 where something beats the bar.")
@JSON
def command(
    dataset: Path,
    out: Path,
    label: str | None,
    subject: str | None,
    source: str | None,
    split: str | None,
    nuisances: tuple[str, ...],
    models: tuple[str, ...],
    bar: float,
    no_faces: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Ask a data set what a model could learn from it besides the expression.

    DATASET_OR_MANIFEST: a folder of pictures, clips or recordings, one folder a label
    (happy/, or train/happy/); a CSV or Parquet table with a path and a label a row; a table of
    features with a label; FER-2013, PEDFE, UvA-NEMO's numbers.

    Writes OUT/audit.html, one page that opens offline, OUT/audit.json and OUT/audit.csv. The page
    holds small pictures of the data set: pass it on only where you may pass on the data set. What
    was measured is kept in OUT/measured.jsonl: the same command goes on after a kill.
    """
    from duchenne.evaluation.audit.listing import Columns
    from duchenne.report.audit_page import write_audit

    columns = Columns(label, subject, source, split, nuisances, models)
    data = _read(dataset, columns, out, not no_faces)
    found = _run(data, models, bar)
    found.save(out)
    page = write_audit(found, out / "audit.html")
    if as_json:
        click.echo(in_json(found.to_dict()))
    else:
        click.echo(found.to_text())
        click.echo(f"  -> {page}")
    return int(strict and not found.passed)


def _read(dataset: Path, columns: Columns, out: Path, look_for_faces: bool) -> AuditSet:
    from duchenne.evaluation.audit import read_audit_set

    with tqdm(desc="measuring", unit="item", leave=False, disable=None) as bar:

        def tick(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return read_audit_set(
            dataset,
            columns,
            memory=out / "measured.jsonl",
            look_for_faces=look_for_faces,
            on_progress=tick,
        )


def _run(data: AuditSet, models: tuple[str, ...], bar: float) -> Audit:
    from duchenne.evaluation.audit import run_audit
    from duchenne.evaluation.audit.scorers import in_our_words, scorer_of

    scorers = [scorer_of(name, data) for name in models]
    data = in_our_words(data) if scorers else data
    with tqdm(leave=False, disable=None, bar_format="{desc} {elapsed}") as line:
        return run_audit(data, scorers, bar=bar, on_step=line.set_description_str)
