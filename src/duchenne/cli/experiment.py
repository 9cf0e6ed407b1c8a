"""``duchenne experiment``: the thesis' experiments, and ours, on labelled clips of your own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from duchenne.cli.extras import training_extra
from duchenne.cli.options import JSON, RUNS
from duchenne.cli.readings import exit_code
from duchenne.cli.saying import in_json, results_alone
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.learning.experiments.config import Experiment
    from duchenne.learning.experiments.running import Place

_FOLDER = click.Path(path_type=Path)
_OUT = click.option("--out", required=True, type=_FOLDER, help="Folder of the experiments.")


@click.group()
def command() -> None:
    """Train and compare networks for genuine and posed expressions (needs the extra: train)."""


@command.command()
@click.argument("source", type=_FOLDER)
@click.option("--layout", metavar="NAME", help="Of the folder; an unknown name lists them.")
@click.option("--out", required=True, type=_FOLDER, help="Folder of the crops.")
@click.option(
    "--from", "first", default=0.4, show_default=True, help="Share of a clip to begin at."
)
@click.option("--to", "last", default=0.9, show_default=True, help="Share of a clip to end at.")
@click.option("--frames", default=16, show_default=True, help="Of each clip, evenly spread.")
@click.option(
    "--detector",
    default="ours",
    show_default=True,
    type=click.Choice(["ours", "haar"]),
    help="haar: the thesis' cascade, no levelling.",
)
@click.option("--emotions", metavar="A,B,...", help="Only clips that display one of these.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Processes.")
@click.option("--thesis-names", type=_FOLDER, help="Also write frames here, named as the thesis'.")
@JSON
def crops(
    source: Path,
    layout: str | None,
    out: Path,
    first: float,
    last: float,
    frames: int,
    detector: Literal["ours", "haar"],
    emotions: str | None,
    jobs: int,
    thesis_names: Path | None,
    as_json: bool,
) -> int:
    """Cut the faces out of labelled videos, once; the same command goes on after a break.

    SOURCE is a CSV manifest with the columns path, label (genuine or posed), subject and emotion,
    or the folder of a set whose --layout we know. Exit code 1: some clips were left out, each is
    named.
    """
    from tqdm import tqdm

    from duchenne.evaluation.video_sets.clips import plain_emotion
    from duchenne.evaluation.video_sets.crop_cache import cache_crops
    from duchenne.evaluation.video_sets.crop_set import CropSet, thesis_frames
    from duchenne.evaluation.video_sets.cropping import CropSettings
    from duchenne.evaluation.video_sets.layouts import read_videos

    settings = CropSettings(first, last, frames, detector)
    videos = read_videos(source, layout)
    if emotions is not None:
        videos = videos.only(plain_emotion(word) for word in emotions.split(","))
    with tqdm(total=len(videos), unit="clip", disable=None, leave=False) as bar:

        def tick(code: str) -> None:
            bar.set_postfix_str(code)
            bar.update()

        cached = cache_crops(videos, out, settings, jobs, tick)
    for sentence in cached.skipped:
        click.echo(f"duchenne: {sentence}", err=True)
    facts = asdict(cached) | {"asked": len(videos)}
    lines = [f"{out}: {cached.clips} of {len(videos)} clips, {cached.made} of them new"]
    if thesis_names is not None:
        facts["thesis_frames"] = thesis_frames(CropSet.from_cache(out), thesis_names)
        lines.append(f"{thesis_names}: {facts['thesis_frames']} frames")
    click.echo(in_json(facts) if as_json else "\n".join(lines))
    return 1 if cached.skipped else 0


@command.command()
@click.argument("configs", nargs=-1, required=True)
@click.option("--data", required=True, type=_FOLDER, help="PEDFE's folder, or one of crops.")
@_OUT
@click.option(
    "--weights",
    multiple=True,
    metavar="none|NETWORK=FILE",
    help="Where a configuration wants published weights: a file of yours, or none.",
)
@click.option(
    "--size",
    type=click.Choice(["reduced", "full"]),
    help="By default full where there is a GPU.",
)
@click.option(
    "--minutes",
    default=20.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Training time of a reduced configuration, ended after a whole epoch; 0: no limit.",
)
@RUNS
@JSON
def run(
    configs: tuple[str, ...],
    data: Path,
    out: Path,
    weights: tuple[str, ...],
    size: Literal["reduced", "full"] | None,
    minutes: float,
    runs: Path,
    as_json: bool,
) -> int:
    """Run experiments by name, table (4.3 to 4.7, ours) or as `all`; finished ones are left alone.

    The same command goes on where it was interrupted. Exit code 1: some could not be run, each is
    named; 2: none could.
    """
    with training_extra():
        import duchenne.learning.experiments.running  # noqa: F401
    from duchenne.evaluation.video_sets.crop_set import read_crops_of
    from duchenne.learning.experiments.running import Place

    chosen = _chosen(configs)
    files = dict(_weights(given) for given in weights)
    place = Place(out, runs, files, size, minutes or None)
    crops = read_crops_of(data)
    click.echo(f"{crops.name}: {len(crops.clips)} clips, {len(crops.pixels)} crops", err=True)
    # Written down as they finish: with --json the words go to standard error.
    with results_alone(as_json):
        outcomes = [_run_one(each, crops, place, len(chosen) == 1) for each in chosen]
    if as_json:
        click.echo(in_json({"experiments": _results(chosen, out)}))
    return exit_code(outcomes)


@command.command("list")
@JSON
def list_(as_json: bool) -> None:
    """Every experiment by name, with the table of the thesis that it is a row of."""
    with training_extra():
        from duchenne.learning.experiments.catalogue import EXPERIMENTS, TABLES
    if as_json:
        named = [
            {"name": each.name, "table": each.table, "title": each.title}
            for each in EXPERIMENTS.values()
        ]
        click.echo(in_json({"tables": TABLES, "experiments": named}))
        return
    for table, heading in TABLES.items():
        click.echo(f"{table}: {heading}")
        for each in EXPERIMENTS.values():
            if each.table == table:
                click.echo(f"  {each.name:32} {each.title}")


@command.command()
@click.argument("tables", nargs=-1)
@_OUT
@JSON
def table(tables: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Print the thesis' tables in Markdown, our figures beside its own; by default all."""
    with training_extra():
        from duchenne.learning.experiments.catalogue import TABLES
        from duchenne.learning.experiments.tables import table_frame, tables_markdown
    if as_json:
        frames = {name: table_frame(name, out).to_dict("records") for name in tables or TABLES}
        click.echo(in_json(frames))
        return
    click.echo(tables_markdown(out, tables), nl=False)


@command.command()
@click.argument("first")
@click.argument("second")
@_OUT
@JSON
def compare(first: str, second: str, out: Path, as_json: bool) -> None:
    """How much more often FIRST is right than SECOND, on the clips that both scored."""
    with training_extra():
        from duchenne.learning.experiments.tables import compare as compared
    found = compared(first, second, out)
    if as_json:
        click.echo(in_json({"first": first, "second": second} | asdict(found)))
        return
    click.echo(f"{first} less {second}, {found.clips} clips, 95 % interval over people")
    for task, gain in found.differences.items():
        click.echo(f"{task:8} {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})")


def _chosen(names: tuple[str, ...]) -> list[Experiment]:
    from duchenne.learning.experiments.catalogue import EXPERIMENTS, TABLES, experiment

    if "all" in names:
        return list(EXPERIMENTS.values())
    found: dict[str, Experiment] = {}
    for name in names:
        of_table = [each for each in EXPERIMENTS.values() if each.table == name]
        for each in of_table if name in TABLES else [experiment(name)]:
            found[each.name] = each
    return list(found.values())


def _results(chosen: list[Experiment], out: Path) -> list[dict[str, Any]]:
    """What ``metrics.json`` of each says; those that could not be run are left out."""
    from duchenne.learning.experiments.tables import result_of

    found = [result_of(each, out) for each in chosen]
    return [result for result in found if result is not None]


def _weights(given: str) -> tuple[str, str]:
    if given == "none":
        return "*", "none"
    network, equals, path = given.partition("=")
    if not equals or not path:
        raise DataError(f"--weights {given} should be none, or NETWORK=FILE.")
    return network, path


def _run_one(experiment: Experiment, crops: Any, place: Place, alone: bool) -> bool:
    """Whether its result is there now; among several, what cannot be run does not stop the rest."""
    from duchenne.errors import DuchenneError
    from duchenne.learning.experiments.running import INSTEAD, is_finished, run_experiment

    if is_finished(experiment, place):
        click.echo(f"{experiment.name}: there already", err=True)
        return True
    click.echo(f"{experiment.name} ...", err=True)
    try:
        run_experiment(experiment, crops, place, click.echo)
    except DuchenneError as error:
        option = f"by --weights {experiment.network}=FILE or --weights none"
        told = type(error)(str(error).replace(INSTEAD, option))
        if alone:
            raise told from error
        click.echo(f"duchenne: {told}", err=True)
        return False
    return True
