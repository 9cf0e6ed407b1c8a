"""``duchenne evaluate``: measure a model on a data set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

if TYPE_CHECKING:
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.emotion import EmotionEvaluation


@click.group()
def command() -> None:
    """Measure a model on a data set."""


@command.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="FER-2013: its CSV, Parquet file or folder.",
)
@click.option(
    "--split",
    default="PrivateTest",
    show_default=True,
    type=click.Choice(["Training", "PublicTest", "PrivateTest"]),
    help="Which rows; choices are made on PublicTest, PrivateTest is for the report.",
)
@click.option(
    "--model",
    default="emotion_cnn",
    show_default=True,
    help="A shipped model's name, or an .onnx file with its card beside it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for metrics.json, classes.csv, confusion.csv and confusion.png.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option("--update-card", is_flag=True, help="Write the numbers into the model's card.")
def emotion(
    data: Path, split: str, model: str, out: Path | None, as_json: bool, update_card: bool
) -> None:  # fmt: skip
    """Measure an emotion network on FER-2013: accuracy, macro F1, classes, confusions.

    One pass over each picture, no test-time augmentation. Beside the figures on all rows stand
    those without the rows that are copies, pixel for pixel, of Training pictures.
    """
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.emotion import card_with

    classifier = EmotionClassifier(model)
    evaluation = _measure(classifier, data, split)
    click.echo(json.dumps(evaluation.to_dict()) if as_json else evaluation.to_text())
    if out is not None:
        evaluation.save(out)
        click.echo(f"Written to {out}.", err=True)
    if update_card:
        path = card_with(classifier.card, evaluation).save()
        click.echo(f"Updated {path}.", err=True)


def _measure(classifier: EmotionClassifier, data: Path, split: str) -> EmotionEvaluation:
    from duchenne.evaluation.emotion import evaluate_emotion
    from duchenne.evaluation.fer2013 import read_fer2013

    pictures = read_fer2013(data)
    rows = int((pictures.usage == split).sum())
    with tqdm(total=rows, desc=split, unit="face", leave=False, disable=None) as bar:
        return evaluate_emotion(classifier, pictures, split, bar.update)
