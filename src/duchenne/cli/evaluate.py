"""``duchenne evaluate``: measure models on data sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli import evaluate_distances, evaluate_genuineness
from duchenne.cli.evaluate_action_units import action_units
from duchenne.cli.options import FER2013, JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.emotion.cross_data import PedfeResult
    from duchenne.evaluation.emotion.london import LondonResult
    from duchenne.evaluation.emotion.scores import EmotionEvaluation


@click.group()
def command() -> None:
    """Measure a model on a data set."""


command.add_command(action_units)
command.add_command(evaluate_genuineness.command, "genuineness")
command.add_command(evaluate_distances.command, "distances")


@command.command()
@FER2013
@click.option(
    "--split",
    default="PrivateTest",
    show_default=True,
    type=click.Choice(["Training", "PublicTest", "PrivateTest"]),
    help="Which rows; choices are made on PublicTest, PrivateTest is for the report.",
)
@click.option(
    "--model",
    default="emotion_compact",
    show_default=True,
    help="A shipped model's name, or an .onnx file with its card beside it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for metrics.json, classes.csv, confusion.csv, confusion.png and reliability.png.",
)
@JSON
@click.option("--update-card", is_flag=True, help="Write the numbers into the model's card.")
def emotion(
    data: Path, split: str, model: str, out: Path | None, as_json: bool, update_card: bool
) -> None:  # fmt: skip
    """Measure an emotion network on FER-2013: accuracy, macro F1, classes, confusions, calibration.

    A network is held against the labels of its own classes: FER-2013's seven, the five without
    disgust and neutral, or FER+'s eight (majority of its votes). One pass over each picture, no
    test-time augmentation. Beside the figures on all rows stand those without the rows that are
    copies, pixel for pixel, of Training pictures.
    """
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.emotion.scores import card_with
    from duchenne.evaluation.plots import plot_reliability, save_figure

    classifier = EmotionClassifier(model, classes=None)
    evaluation = _measure(classifier, data, split)
    click.echo(in_json(evaluation.to_dict()) if as_json else evaluation.to_text())
    if out is not None:
        evaluation.save(out)
        click.echo(f"Written to {out}.", err=True)
    if update_card:
        card = card_with(classifier.card, evaluation)
        title = f"{card.name} on {evaluation.data}"
        save_figure(plot_reliability(evaluation.calibration, title), card.reliability_plot)
        click.echo(f"Updated {card.save()}.", err=True)


@command.command("emotion-networks")
@FER2013
@click.option(
    "--model",
    "models",
    multiple=True,
    help="A network to compare, by name or .onnx file; again for each. Default: all shipped ones.",
)
@click.option(
    "--split",
    default="PrivateTest",
    show_default=True,
    type=click.Choice(["Training", "PublicTest", "PrivateTest"]),
    help="Which rows.",
)
@click.option(
    "--repeats",
    default=60,
    show_default=True,
    type=click.IntRange(min=1),
    help="Timed calls of each network and batch size.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for networks.csv, talk.csv, networks.json and networks.html.",
)
@JSON
def emotion_networks(
    data: Path, models: tuple[str, ...], split: str, repeats: int, out: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Compare emotion networks on FER-2013: how right, how sure, how large, how fast.

    The first network of those with the same classes is the one that the others are compared
    with, picture by picture. The talk's five-class table stands below.
    """
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.datasets.fer2013 import read_fer2013
    from duchenne.evaluation.emotion.comparison import compare_networks
    from duchenne.weights.card import list_cards

    names = models or tuple(card.name for card in list_cards("emotion"))
    networks = [EmotionClassifier(name, classes=None) for name in names]
    pictures = read_fer2013(data)
    with tqdm(desc=split, unit="face", leave=False, disable=None) as bar:
        comparison = compare_networks(networks, pictures, split, repeats, bar.update)
    click.echo(in_json(comparison.to_dict()) if as_json else comparison.to_text())
    if out is not None:
        from duchenne.report.comparison_page import write_comparison

        write_comparison(comparison, comparison.save(out) / "networks.html")
        click.echo(f"Written to {out}.", err=True)


@command.command("emotion-transfer")
@click.option(
    "--pedfe",
    type=click.Path(path_type=Path),
    help="Folder of PEDFE: clips.csv and crops.parquet.",
)
@click.option(
    "--london",
    type=click.Path(path_type=Path),
    help="Folder of the London faces: london_info.csv and the pictures.",
)
@click.option(
    "--model",
    default="emotion_compact",
    show_default=True,
    help="A shipped model's name, or an .onnx file with its card beside it; seven classes.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for metrics.json and tables.")
@JSON
@click.option("--update-card", is_flag=True, help="Write the numbers into the model's card.")
def emotion_transfer(
    pedfe: Path | None,
    london: Path | None,
    model: str,
    out: Path | None,
    as_json: bool,
    update_card: bool,
) -> None:
    """Measure an emotion network on faces of another kind than it learned from.

    PEDFE: six emotions in genuine and in posed clips, beside human raters. London faces: neutral
    against smiling, by gender and ethnicity. Give one of the two, or both.
    """
    from duchenne.weights.card import load_card

    if pedfe is None and london is None:
        raise click.UsageError("Give --pedfe, --london, or both.")
    results: dict[str, PedfeResult | LondonResult] = {}
    if pedfe is not None:
        results["pedfe"] = _on_pedfe(pedfe, model)
    if london is not None:
        results["london"] = _on_london(london, model)
    found = {name: result.to_dict() for name, result in results.items()}
    texts = [result.to_text() for result in results.values()]
    click.echo(in_json(found) if as_json else "\n\n".join(texts))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        (out / "metrics.json").write_text(text, encoding="utf-8")
        for result in results.values():
            result.save(out)
        click.echo(f"Written to {out}.", err=True)
    if update_card:
        card = load_card(model)
        for figures in (figures for result in results.values() for figures in result.results()):
            card = card.with_result(figures)
        click.echo(f"Updated {card.save()}.", err=True)


def _on_pedfe(folder: Path, model: str) -> PedfeResult:
    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.evaluation.emotion.cross_data import evaluate_pedfe

    with tqdm(desc="PEDFE", unit="crop", leave=False, disable=None) as bar:
        return evaluate_pedfe(EmotionClassifier(model), folder, bar.update)


def _on_london(folder: Path, model: str) -> LondonResult:
    from duchenne.evaluation.emotion.london import evaluate_london
    from duchenne.recording.analyzer import Analyzer
    from duchenne.weights.card import load_card

    analyzer = Analyzer(emotion_model=model)
    with tqdm(desc="London", unit="picture", leave=False, disable=None) as bar:
        return evaluate_london(analyzer, load_card(model), folder, bar.update)


def _measure(classifier: EmotionClassifier, data: Path, split: str) -> EmotionEvaluation:
    from duchenne.evaluation.datasets.fer2013 import read_fer2013
    from duchenne.evaluation.emotion.scores import evaluate_emotion

    pictures = read_fer2013(data)
    with tqdm(desc=split, unit="face", leave=False, disable=None) as bar:
        return evaluate_emotion(classifier, pictures, split, bar.update)
