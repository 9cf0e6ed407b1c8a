"""``duchenne train attributes``: emotion, gender, age and ethnicity by one network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli.extras import training_extra
from duchenne.cli.options import EPOCHS, EXPORT, EXPORT_ONLY, JSON, RUNS
from duchenne.cli.saying import results_alone, written_models
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.evaluation.datasets.face_attributes import FaceAttributes
    from duchenne.learning.multi_task_configs import AttributesConfig
    from duchenne.weights.card import ModelCard

_KINDS = ("rafdb", "utkface", "fer")


@click.command()
@click.option(
    "--data",
    "sources",
    required=True,
    multiple=True,
    metavar="KIND=PATH",
    help="rafdb=DIR, utkface=DIR or fer=FILE; give it again for each that is to be joined.",
)
@click.option(
    "--config",
    "recipe",
    default="attributes_cnn",
    show_default=True,
    metavar="NAME",
    help="The recipe; an unknown name lists them.",
)
@EPOCHS
@RUNS
@click.option("--level-eyes", is_flag=True, help="Find UTKFace's faces and level their eyes.")
@EXPORT
@EXPORT_ONLY
@JSON
def command(
    sources: tuple[str, ...],
    recipe: str,
    epochs: int | None,
    runs: Path,
    level_eyes: bool,
    target: Path | None,
    export_only: bool,
    as_json: bool,
) -> None:
    """Train a network for emotion, gender, age and ethnicity as raters ascribe them.

    RAF-DB has labels of all four, UTKFace all but emotion, FER-2013 emotion alone; a face counts
    only for the answers that it has labels for. The run folder RUNS/NAME gets the checkpoints,
    history.csv, curves.png, and the best epoch by Validation as an ONNX file with its card. The
    same command goes on where it was interrupted.
    """
    with training_extra():
        # All of it at once: what is missing should show before an hour of reading and training.
        import duchenne.learning.multi_task_export
        import duchenne.learning.multi_task_train  # noqa: F401
        from duchenne.learning.multi_task_configs import attributes_recipe
    config = attributes_recipe(recipe)
    if target is not None and target.suffix != ".onnx":
        raise DataError(f"{target} should end in .onnx, which is what is written.")
    data = _read(sources, level_eyes)
    own = runs / config.name / f"{config.name}.onnx"
    places = (own, *([target] if target is not None else []))
    with results_alone(as_json):
        if not export_only:
            _train(config, data, runs, epochs)
        _draw_curves(config, runs)
        cards = {place: _export(config, data, runs, place) for place in places}
    if as_json:
        click.echo(written_models(cards))
        return
    for place, card in cards.items():
        click.echo(_in_words(place, card))


def _read(sources: tuple[str, ...], level_eyes: bool) -> FaceAttributes:
    from duchenne.evaluation.datasets.face_attributes import join

    places = [_place(source) for source in sources]
    if level_eyes and "utkface" not in [kind for kind, _ in places]:
        raise DataError("--level-eyes is for UTKFace, of which no --data utkface=DIR is given.")
    data = join([_read_one(kind, path, level_eyes) for kind, path in places])
    if data.warning:
        click.echo(f"Warning: {data.warning}.", err=True)
    return data


def _place(source: str) -> tuple[str, Path]:
    kind, equals, path = source.partition("=")
    if kind not in _KINDS or not equals or not path:
        known = ", ".join(f"{name}=PATH" for name in _KINDS)
        raise DataError(f"--data {source} should be one of {known}.")
    return kind, Path(path)


def _read_one(kind: str, path: Path, level_eyes: bool) -> FaceAttributes:
    from duchenne.evaluation.datasets.face_attributes import from_fer2013
    from duchenne.evaluation.datasets.fer2013 import read_fer2013
    from duchenne.evaluation.datasets.rafdb import read_rafdb
    from duchenne.evaluation.datasets.utkface import read_utkface
    from duchenne.faces.tracker import FaceTracker

    if kind == "fer":
        return from_fer2013(read_fer2013(path))
    with tqdm(desc=kind, unit="picture", leave=False, disable=None) as bar:
        if kind == "rafdb":
            return read_rafdb(path, on_progress=bar.update)
        tracker = FaceTracker(max_faces=1) if level_eyes else None
        return read_utkface(path, tracker=tracker, on_progress=bar.update)


def _train(config: AttributesConfig, data: FaceAttributes, runs: Path, epochs: int | None) -> None:
    from duchenne.learning.multi_task_train import epochs_so_far, train_attributes

    done = epochs_so_far(config, runs)
    if done:
        click.echo(f"Going on after epoch {done} of {runs / config.name}.", err=True)
    try:
        trained = train_attributes(config, data, runs, epochs)
    except KeyboardInterrupt:
        kept = epochs_so_far(config, runs)
        click.echo(
            f"Finished epochs of {config.name} that are kept: {kept}; the same command goes on.",
            err=True,
        )
        raise
    click.echo(
        f"Epochs trained: {trained.epochs}; best mean Validation accuracy of the four heads "
        f"{100 * trained.best_accuracy:.2f} %.",
        err=True,
    )


def _draw_curves(config: AttributesConfig, runs: Path) -> None:
    import pandas as pd

    from duchenne.evaluation.plots import plot_history, save_figure

    history = runs / config.name / "history.csv"
    if not history.is_file():
        raise DataError(f"{history.parent} holds no training of {config.name} to export.")
    table = pd.read_csv(history)
    if not table.empty:
        figure = plot_history(table, f"{config.name}, mean of four heads", "Validation")
        save_figure(figure, history.with_name("curves.png"))


def _export(config: AttributesConfig, data: FaceAttributes, runs: Path, target: Path) -> ModelCard:
    from duchenne.learning.multi_task_export import export_attributes

    rows = int((data.usage == "Validation").sum())
    with tqdm(total=rows, desc="Validation", unit="face", leave=False, disable=None) as bar:
        return export_attributes(config, runs, data, target, bar.update)


def _in_words(target: Path, card: ModelCard) -> str:
    from duchenne.evaluation.datasets.face_attributes import HEADS

    figures = {figure.name: figure.value for figure in card.numbers[0].figures}
    heads = [f"{head} {100 * figures[f'{head}_accuracy']:.2f} %" for head in HEADS]
    return f"{target}: Validation accuracy: {', '.join(heads)}"
