"""``duchenne evaluate action-units``: four checks that the Action Units could fail."""

from __future__ import annotations

from pathlib import Path

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json


@click.command("action-units")
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with ict_facekit, london_faces, pedfe and media; what is missing is skipped.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for metrics.json, units.csv, measures.csv, prototypes.csv and leakage.csv.",
)
@JSON
@click.option("--update-card", is_flag=True, help="Write the numbers into the card.")
def action_units(data: Path, out: Path | None, as_json: bool, update_card: bool) -> int:
    """Measure the Action Units: synthetic faces, smiles, emotions and blinks.

    A unit that fails one of them is experimental. Exit code 1: something that must hold does not.
    """
    from duchenne.errors import DataError
    from duchenne.evaluation.action_units.card import NAME, card_with
    from duchenne.evaluation.action_units.checks import FOLDERS, evaluate_action_units
    from duchenne.weights.card import load_card

    evaluation = evaluate_action_units(data, say=lambda text: click.echo(text, err=True))
    if as_json:
        click.echo(in_json(evaluation.to_dict()))
    else:
        click.echo(evaluation.to_text())
    if out is not None:
        evaluation.save(out)
        click.echo(f"Written to {out}.", err=True)
    if update_card:
        if evaluation.skipped:
            raise DataError(
                f"The card needs all of {', '.join(FOLDERS.values())}: {evaluation.skipped[0]}"
            )
        click.echo(f"Updated {card_with(load_card(NAME), evaluation).save()}.", err=True)
    return 0 if all(holds for _, holds in evaluation.demands()) else 1
