"""``duchenne models``: fetch the landmark model, list what is there."""

from __future__ import annotations

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json


@click.group()
def command() -> None:
    """Fetch and list the model files."""


@command.command()
@JSON
def fetch(as_json: bool) -> None:
    """Get Google's face_landmarker.task (3.8 MB, Apache-2.0), checked by its hash."""
    from duchenne.faces.model_file import SHA256, landmarker_file

    path = landmarker_file()
    facts = {"file": path, "sha256": SHA256}
    click.echo(in_json(facts) if as_json else f"{path}: there, hash verified.")


@command.command("list")
@JSON
def list_models(as_json: bool) -> None:
    """Every model with its licence and where it lies."""
    from duchenne.faces import model_file
    from duchenne.weights.card import list_cards

    path = model_file.models_folder() / model_file.NAME
    intact = model_file.is_intact(path)
    cards = list_cards()
    if as_json:
        landmarks = {"name": "face_landmarker", "licence": model_file.LICENCE, "file": path}
        ours = [
            {
                "name": c.name,
                "task": c.task,
                "licence": c.licence,
                "file": c.path,
                "about": c.summary,
            }
            for c in cards
        ]
        click.echo(in_json({"models": [landmarks | {"verified": intact}, *ours]}))
        return
    state = "verified" if intact else "missing: duchenne models fetch"
    click.echo(f"face_landmarker  {model_file.LICENCE}  {path}  ({state})")
    for card in cards:
        click.echo(f"{card.name}  {card.licence}  {card.path}")
