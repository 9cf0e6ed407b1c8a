"""``duchenne models``: fetch the landmark model, list what is there."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Fetch and list the model files."""


@command.command()
def fetch() -> None:
    """Get Google's face_landmarker.task (3.8 MB, Apache-2.0), checked by its hash."""
    from duchenne.faces.model_file import landmarker_file

    click.echo(f"{landmarker_file()}: there, hash verified.")


@command.command("list")
def list_models() -> None:
    """Every model with its licence and where it lies."""
    from duchenne.faces import model_file
    from duchenne.weights.card import list_cards

    path = model_file.models_folder() / model_file.NAME
    state = "verified" if model_file.is_intact(path) else "missing: duchenne models fetch"
    click.echo(f"face_landmarker  {model_file.LICENCE}  {path}  ({state})")
    for card in list_cards():
        click.echo(f"{card.name}  {card.licence}  {card.path}")
