"""``duchenne evaluate genuineness``: how well a model tells genuine from posed displays."""

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
    help="Folder laid out like PEDFE (clips.csv, frames.parquet) or UvA-NEMO (smile_dynamics.csv).",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for metrics.json and a table as CSV."
)
@JSON
@click.option("--update-card", is_flag=True, help="Write the numbers into the models' cards.")
def command(
    model: str, data: Path, out: Path | None, as_json: bool, update_card: bool
) -> None:  # fmt: skip
    """Measure a model of genuineness, always on people that it did not learn from.

    smile: on the UvA-NEMO smiles by ten repeats of a grouped 10-fold cross validation, beside
    simpler models (needs the extra: train); on PEDFE's clips of happiness by the shipped models.
    """
    module_of(model).evaluate(data, out, as_json, update_card)
