"""``duchenne build-dataset``: one table of features of many pictures and clips."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.evaluation.building.builder import Built
    from duchenne.evaluation.building.sources import LabelledSource

_FOLDER = click.Path(path_type=Path)


@click.command()
@click.option("--posed", type=_FOLDER, help="Folder of posed expressions.")
@click.option("--genuine", type=_FOLDER, help="Folder of genuine expressions.")
@click.option(
    "--manifest",
    type=_FOLDER,
    help="CSV with the columns path, label (posed or genuine), subject and emotion.",
)
@click.option("--out", required=True, type=_FOLDER, help="The .csv or .parquet file to write.")
@click.option(
    "--features",
    default="aus",
    show_default=True,
    type=click.Choice(["aus", "landmarks", "all"]),
    help="Action Units; landmarks without head pose; all: both, emotions, pose, blendshapes.",
)
@click.option(
    "--per",
    default="frame",
    show_default=True,
    type=click.Choice(["frame", "clip"]),
    help="A row for each frame, or one row with mean, sd, min and max.",
)
@JSON
def command(
    posed: Path | None,
    genuine: Path | None,
    manifest: Path | None,
    out: Path,
    features: Literal["aus", "landmarks", "all"],
    per: Literal["frame", "clip"],
    as_json: bool,
) -> int:
    """Make one table of Action Units or landmarks of posed and genuine expressions.

    All pictures and clips below the two folders are read; the folder right around a file names its
    subject. The same command goes on after a kill, finished files are kept. The exact version of
    code and models goes into the Parquet file's metadata, or into OUT.json beside a CSV. Exit code
    1: some files were left out, each is named; 2: none can be used.
    """
    from duchenne.evaluation.building.sources import subjects_missing

    sources = _sources(posed, genuine, manifest)
    for warning in subjects_missing(sources):
        click.echo(f"note: {warning}", err=True)
    built = _build(sources, out, features, per)
    for sentence in built.skipped:
        click.echo(f"duchenne: {sentence}", err=True)
    facts = asdict(built) | {"out": out}
    click.echo(in_json(facts) if as_json else _in_words(built, out))
    return 1 if built.skipped else 0


def _sources(
    posed: Path | None, genuine: Path | None, manifest: Path | None
) -> list[LabelledSource]:
    from duchenne.evaluation.building.sources import sources_of_folders, sources_of_manifest

    if manifest is not None and posed is None and genuine is None:
        return sources_of_manifest(manifest)
    if manifest is None and posed is not None and genuine is not None:
        return sources_of_folders(posed, genuine)
    raise click.UsageError("Give --posed and --genuine, or a --manifest.")


def _build(
    sources: list[LabelledSource],
    out: Path,
    features: Literal["aus", "landmarks", "all"],
    per: Literal["frame", "clip"],
) -> Built:
    from tqdm import tqdm

    from duchenne.evaluation.building.builder import build_dataset

    # disable=None: a bar on a terminal, silence in a log file.
    with tqdm(total=len(sources), unit="file", disable=None, leave=False) as bar:

        def tick(source: LabelledSource) -> None:
            bar.set_postfix_str(source.path.name)
            bar.update()

        return build_dataset(sources, out, features, per, tick)


def _in_words(built: Built, out: Path) -> str:
    kept = f", {built.earlier} of them from an earlier run" if built.earlier else ""
    left = f"; {len(built.skipped)} left out" if built.skipped else ""
    return f"{out}: {built.rows} rows of {built.sources} files{kept}{left}"
