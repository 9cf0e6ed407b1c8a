"""What ``train`` and ``evaluate genuineness --model smile`` do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli.extras import training_extra
from duchenne.cli.saying import in_json
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.evaluation.datasets.uva_nemo import UvaNemo
    from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation
    from duchenne.learning.evaluate_smile import SmileValidation


def train(data: Path, out: Path | None, ship: bool, as_json: bool = False) -> None:
    """Cross-validate, then fit on all smiles and write both models where they are wanted."""
    with training_extra():
        from duchenne.learning.evaluate_smile import export_parts
    from duchenne.evaluation.datasets.uva_nemo import read_uva_nemo
    from duchenne.weights.card import WEIGHTS

    smiles = read_uva_nemo(data)
    validation = _validate(smiles)
    measured = validation.evaluation
    click.echo(in_json(measured.to_dict()) if as_json else measured.to_text())
    if out is not None:
        validation.evaluation.save(out)
    for folder in [out, *([WEIGHTS] if ship else [])]:
        if folder is not None:
            for card in export_parts(smiles, validation, folder):
                click.echo(f"Written to {card.path}.", err=True)


def evaluate(data: Path, out: Path | None, as_json: bool, update_card: bool) -> None:
    """Measure on whichever of the two data sets the folder holds."""
    from duchenne.evaluation.datasets.uva_nemo import TABLE

    uva = data.name == TABLE or (data / TABLE).is_file()
    if not uva and not (data / "clips.csv").is_file():
        raise DataError(
            f"{data} holds neither {TABLE} (UvA-NEMO) nor clips.csv and frames.parquet (PEDFE)."
        )
    if uva and update_card:
        raise DataError("The cards get their figures on UvA-NEMO from duchenne train genuineness.")
    evaluation = _on_uva_nemo(data) if uva else _on_pedfe(data)
    click.echo(in_json(evaluation.to_dict()) if as_json else evaluation.to_text())
    if out is not None:
        evaluation.save(out)
        click.echo(f"Written to {out}.", err=True)
    if update_card:
        _update_cards(evaluation)


def _on_uva_nemo(data: Path) -> SmileEvaluation:
    with training_extra():
        import duchenne.learning.evaluate_smile  # noqa: F401
    from duchenne.evaluation.datasets.uva_nemo import read_uva_nemo

    return _validate(read_uva_nemo(data)).evaluation


def _on_pedfe(data: Path) -> SmileEvaluation:
    from duchenne.evaluation.genuineness.smile_transfer import evaluate_transfer, read_pedfe_smiles
    from duchenne.faces.canonical import CanonicalFace
    from duchenne.faces.networks import FaceNetworks

    face = CanonicalFace.from_bytes(FaceNetworks().geometry)
    return evaluate_transfer(read_pedfe_smiles(data, face))


def _validate(smiles: UvaNemo) -> SmileValidation:
    from duchenne.evaluation.datasets.uva_nemo import REPEATS
    from duchenne.learning.evaluate_smile import CONTENDERS, validate_smile

    count = REPEATS * CONTENDERS
    with tqdm(total=count, desc="UvA-NEMO", unit="repeat", leave=False, disable=None) as bar:
        return validate_smile(smiles, on_progress=bar.update)


def _update_cards(evaluation: SmileEvaluation) -> None:
    from duchenne.evaluation.genuineness.smile_scores import result_of
    from duchenne.weights.card import load_card

    for score in evaluation.scores:
        path = load_card(score.model).with_result(result_of(score, "pedfe")).save()
        click.echo(f"Updated {path}.", err=True)
