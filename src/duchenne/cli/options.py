"""Options that several verbs share, so that they read alike everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

FER2013: Final = click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="FER-2013: its CSV, Parquet file or folder.",
)

EPOCHS: Final = click.option(
    "--epochs",
    type=click.IntRange(min=1),
    help="Stop after this many; more in a later call goes on from there.",
)

RUNS: Final = click.option(
    "--runs",
    default="runs",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of all trainings.",
)

EXPORT: Final = click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE.onnx",
    help="Write the weight file here too, its card beside it.",
)

EXPORT_ONLY: Final = click.option(
    "--export-only", is_flag=True, help="Train nothing, export the best epoch so far."
)

JSON: Final = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of words."
)

JSON_LINES: Final = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line, per source."
)
