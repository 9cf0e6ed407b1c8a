"""``duchenne train genuineness``: train a model that tells genuine from posed displays."""

from __future__ import annotations

from pathlib import Path

import click

from duchenne.cli.genuineness_table import MODULES, module_of
from duchenne.cli.options import JSON


@click.command()
@click.option("--model", required=True, type=click.Choice(list(MODULES)), help="Which model.")
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to learn from; smile: the UvA-NEMO smiles, smile_dynamics.csv.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the weights, their cards and the figures.",
)
@click.option("--ship", is_flag=True, help="For maintainers: put them into the package's weights.")
@JSON
def command(model: str, data: Path, out: Path | None, ship: bool, as_json: bool) -> None:
    """Train a model of genuineness, measured on people that it did not learn from.

    smile: how far a smile resembles spontaneous ones, from the movement of the lip corners; one
    model for whole smiles, one for recordings that end before the smile does.
    """
    if out is None and not ship:
        raise click.UsageError("Give --out DIR, so that the weights have a place to go.")
    module_of(model).train(data, out, ship, as_json)
