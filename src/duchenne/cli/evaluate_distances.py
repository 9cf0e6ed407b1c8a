"""``duchenne evaluate distances``: the classifier that compares distances between landmarks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.evaluation.distances.descriptions import Description
    from duchenne.evaluation.distances.results import Metric, Protocol, Target


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder laid out like PEDFE: clips.csv and frames.parquet.",
)
@click.option(
    "--target",
    default="emotion",
    show_default=True,
    type=click.Choice(["emotion", "genuine"]),
    help="Name the six emotions, or tell genuine from posed.",
)
@click.option(
    "--folds",
    default="loso",
    show_default=True,
    type=click.Choice(["kfold", "loso"]),
    help="Random 10-fold (the person is in the training clips too), or leave one subject out. "
    "Both are measured; this one is shown in detail.",
)
@click.option(
    "--metric",
    default="correlation",
    show_default=True,
    type=click.Choice(["euclidean", "correlation", "discriminant", "dtw"]),
    help="How far two clips are apart. discriminant learns from the training labels; "
    "dtw needs the extra: distances, --clips-as resampled and --points expressive.",
)
@click.option(
    "--clips-as",
    "description",
    default="mean-range",
    show_default=True,
    type=click.Choice(["mean-range", "resampled"]),
    help="Mean and range of each distance over the clip, or its course at ten moments.",
)
@click.option(
    "--points",
    default="all",
    show_default=True,
    type=click.Choice(["all", "expressive"]),
    help="All 229 landmarks (26,106 pairs), or the 30 that follow muscles (435 pairs).",
)
@click.option(
    "--neighbours",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many of the nearest clips vote.",
)
@click.option(
    "--person-mean/--no-person-mean",
    default=True,
    show_default=True,
    help="Remove each person's own mean over clips (needs no labels, but several clips).",
)
@click.option("--seed", default=0, show_default=True, help="Of the random folds and draws.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for metrics.json, predictions.csv, distances.html, and what a later run reuses.",
)
@JSON
def command(
    data: Path,
    target: Target,
    folds: Protocol,
    metric: Metric,
    description: Description,
    points: str,
    neighbours: int,
    person_mean: bool,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Name clips by the clips whose landmark distances are nearest to theirs.

    The poster's plain method (1-nearest, Euclidean, nothing removed) is always measured beside the
    one asked for, each with random folds and with people left out; and how much of the difference
    is the person's own clips. A run that was stopped goes on where --out is given again.
    """
    from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
    from duchenne.evaluation.distances.results import Settings
    from duchenne.evaluation.distances.study import Ground, study_distances
    from duchenne.evaluation.distances.trajectories import Trajectories
    from duchenne.expressions.track import canonical_face

    settings = Settings(target, metric, description, points, person_mean, neighbours, seed)
    with tqdm(desc="reading", leave=False, disable=None) as bar:

        def say(step: str, done: int, total: int) -> None:
            bar.set_description(step, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        clips = read_judged_clips(data)
        frames = read_clip_frames(data, clips, canonical_face())
        trajectories = Trajectories.from_frames(frames, points)
        folder = None if out is None else out / "parts"
        study = study_distances(Ground(clips, trajectories, folder, say), settings, folds)
    click.echo(in_json(study.to_dict()) if as_json else study.to_text())
    if out is not None:
        from duchenne.report.distances_page import write_distances_page

        study.save(out)
        write_distances_page(study, canonical_face(), out / "distances.html")
        click.echo(f"Written to {out}.", err=True)
