"""``duchenne train``: train a model from a recipe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli import train_attributes, train_genuineness
from duchenne.cli.extras import training_extra
from duchenne.cli.options import EPOCHS, EXPORT, EXPORT_ONLY, FER2013, JSON, RUNS
from duchenne.cli.saying import results_alone, written_models
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.evaluation.datasets.fer2013 import Fer2013
    from duchenne.learning.configs import EmotionConfig
    from duchenne.weights.card import ModelCard


@click.group()
def command() -> None:
    """Train a model (needs the extra: train)."""


command.add_command(train_attributes.command, "attributes")
command.add_command(train_genuineness.command, "genuineness")


@command.command()
@FER2013
@click.option(
    "--config",
    "recipe",
    default="emotion_cnn",
    show_default=True,
    metavar="NAME",
    help="The recipe; an unknown name lists them.",
)
@EPOCHS
@click.option(
    "--weights",
    metavar="none|fer|dlib|vggface2|imagenet|PATH",
    help="Start from these instead of the recipe's: a file is one under the published names.",
)
@RUNS
@EXPORT
@click.option(
    "--ship",
    metavar="NAME",
    help="For maintainers: put it into the package's weights under this name.",
)
@EXPORT_ONLY
@JSON
def emotion(
    data: Path,
    recipe: str,
    epochs: int | None,
    weights: str | None,
    runs: Path,
    target: Path | None,
    ship: str | None,
    export_only: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Train an emotion network on FER-2013.

    The run folder RUNS/NAME gets the checkpoints, history.csv, curves.png, and the best epoch by
    PublicTest as an ONNX file with its card. The same command goes on where it was interrupted.
    """
    with training_extra():
        # All of it at once: what is missing should show before an hour of reading and training.
        import duchenne.learning.export
        import duchenne.learning.train_emotion  # noqa: F401
        from duchenne.learning.recipes import emotion_recipe
    config = emotion_recipe(recipe)
    if weights is not None:
        config = replace(config, weights=weights)
    targets = [runs / config.name / f"{config.name}.onnx", *_further_targets(target, ship)]
    from duchenne.evaluation.datasets.fer2013 import read_fer2013

    pictures = read_fer2013(data)
    with results_alone(as_json):
        if not export_only:
            _train(config, pictures, runs, epochs)
        _draw_curves(config, runs)
        cards = {place: _export(config, pictures, runs, place) for place in targets}
    if as_json:
        click.echo(written_models(cards))
        return
    for place, card in cards.items():
        (accuracy,) = [f for f in card.numbers[0].figures if f.name == "accuracy"]
        click.echo(f"{place}: PublicTest accuracy {100 * accuracy.value:.2f} %")


def _train(config: EmotionConfig, pictures: Fer2013, runs: Path, epochs: int | None) -> None:
    from duchenne.learning.train_emotion import finished_epochs, train_emotion

    done = finished_epochs(config, runs)
    if done:
        click.echo(f"Going on after epoch {done} of {runs / config.name}.", err=True)
    try:
        trained = train_emotion(config, pictures, runs, epochs)
    except KeyboardInterrupt:
        kept = finished_epochs(config, runs)
        some = "1 finished epoch" if kept == 1 else f"{kept} finished epochs"
        verb = "is" if kept == 1 else "are"
        click.echo(f"{some} of {config.name} {verb} kept; the same command goes on.", err=True)
        raise
    click.echo(
        f"Epochs trained: {trained.epochs}; best PublicTest accuracy "
        f"{100 * trained.best_accuracy:.2f} %.",
        err=True,
    )


def _draw_curves(config: EmotionConfig, runs: Path) -> None:
    import pandas as pd

    from duchenne.evaluation.plots import plot_history, save_figure

    history = runs / config.name / "history.csv"
    if not history.is_file():
        raise DataError(f"{history.parent} holds no training of {config.name} to export.")
    table = pd.read_csv(history)
    if not table.empty:
        save_figure(plot_history(table, config.name), history.with_name("curves.png"))


def _export(config: EmotionConfig, pictures: Fer2013, runs: Path, target: Path) -> ModelCard:
    from duchenne.learning.export import export_emotion

    rows = int((pictures.usage == "PublicTest").sum())
    with tqdm(total=rows, desc="PublicTest", unit="face", leave=False, disable=None) as bar:
        return export_emotion(config, runs, pictures, target, bar.update)


def _further_targets(target: Path | None, ship: str | None) -> list[Path]:
    from duchenne.weights.card import WEIGHTS

    targets = []
    if target is not None:
        if target.suffix != ".onnx":
            raise DataError(f"{target} should end in .onnx, which is what is written.")
        targets.append(target)
    if ship is not None:
        if not ship.replace("_", "").isalnum():
            raise DataError(f"{ship!r} should be a plain name, such as emotion_cnn.")
        targets.append(WEIGHTS / f"{ship}.onnx")
    return targets
