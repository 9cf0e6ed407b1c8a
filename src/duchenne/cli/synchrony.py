"""``duchenne synchrony``: who moves with whom, and when, beyond chance."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json
from duchenne.cli.synchrony_inputs import Inputs, read_peaks, read_people
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.synchrony import Settings, Synchrony
    from duchenne.synchrony.peaks import Agreement

# Named here as well, so that `--help` loads no tables; a test holds them against the settings.
MEASURES = ("pairwise", "leave-one-out")
METHODS = ("pearson", "spearman")
AVERAGES = ("r", "z")
NULLS = ("shift", "phase", "time")
CORRECTIONS = ("max", "features", "cluster", "fdr")


@click.command()
@click.argument("recordings", nargs=-1, metavar="RECORDING...", type=click.Path(path_type=Path))
@click.option("--table", type=click.Path(path_type=Path), help="Compare this long CSV instead.")
@click.option("--ratings", type=click.Path(path_type=Path), help="CSV of rated peaks or ratings.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option(
    "--features",
    default="aus",
    show_default=True,
    help="aus, emotions, blendshapes, pose, vertices, distances, or COLUMN,COLUMN...",
)
@click.option("--face", "faces", multiple=True, metavar="PERSON=ID", help="Another face than the "
              "one seen longest.")  # fmt: skip
@click.option("--offset", "offsets", multiple=True, metavar="PERSON=SECONDS",
              help="When the common clock's 0 is in that person's recording.")  # fmt: skip
@click.option("--rate", type=float, help="Samples a second of the common clock.")
@click.option("--person-column", default="person", show_default=True)
@click.option("--time-column", default="time", show_default=True, help="In seconds.")
@click.option("--value-column", "values", multiple=True, help="Default: all columns of numbers.")
@click.option("--feature-column", help="For tables with one value a row.")
@click.option("--only", metavar="COLUMN=VALUE", help="Rows of the table to use: one film, say.")
@click.option("--rating-column", help="Continuous ratings; without it each row is a peak.")
@click.option("--window", default="5", show_default=True, help="Seconds, or `whole`.")
@click.option("--step", default=1.66, show_default=True, help="Seconds.")
@click.option("--isc", "measure", type=click.Choice(MEASURES), default="pairwise",
              show_default=True)  # fmt: skip
@click.option("--method", type=click.Choice(METHODS), default="pearson", show_default=True)
@click.option("--average", type=click.Choice(AVERAGES), default="r", show_default=True,
              help="Average correlations as they are, or by Fisher's z.")  # fmt: skip
@click.option("--null", type=click.Choice(NULLS), default="shift", show_default=True,
              help="Move people in time, randomise phases, or shuffle time points.")  # fmt: skip
@click.option("--surrogates", default=200, show_default=True)
@click.option("--min-shift", type=float, help="Seconds between any two people; default: a window.")
@click.option("--correction", type=click.Choice(CORRECTIONS), default="max", show_default=True)
@click.option("--alpha", default=0.05, show_default=True, help="Error rate of either tail.")
@click.option("--min-valid", default=0.8, show_default=True,
              help="Share of a window's samples that a person needs.")  # fmt: skip
@click.option("--min-people", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--jobs", default=2, show_default=True, help="Threads.")
@click.option("--title", help="Of the report.")
@JSON
def command(
    out: Path, ratings: Path | None, title: str | None, as_json: bool, **options: Any
) -> None:
    """Measure temporal inter-subject correlation, and test it against chance.

    Each RECORDING is one person (what `duchenne analyze` wrote, or a CSV of OpenFace or py-feat);
    --table takes any measurements: person, time and values in columns. Windows that go together
    beyond chance are marked; docs/synchrony.md says which null is right when.

    Writes OUT/synchrony.html and tables (synchrony, features, windows, people, moments .csv,
    synchrony.npz, summary.json), with --ratings peaks.csv and agreement.csv.
    """
    settings = _settings(options)
    inputs = Inputs.of(options, ratings)
    out.mkdir(parents=True, exist_ok=True)
    found = _measured(inputs, settings)
    agreement = _agreement(inputs, found)
    # The numbers first: a page that cannot be drawn must not cost them.
    facts = _write(found, agreement, out)
    from duchenne.report.synchrony_page import write_synchrony_page

    page = write_synchrony_page(found, out / "synchrony.html", title or inputs.title, agreement)
    click.echo(in_json(facts) if as_json else _said(found))
    click.echo(f"  -> {page}", err=True)


def _settings(options: dict[str, Any]) -> Settings:
    from duchenne.synchrony import Settings

    names = ("step", "measure", "method", "average", "null", "surrogates", "min_shift",
             "correction", "alpha", "min_valid", "min_people", "seed", "jobs")  # fmt: skip
    return Settings(window=_window(options["window"]), **{name: options[name] for name in names})


def _window(text: str) -> float:
    if text == "whole":
        return math.inf
    try:
        return float(text)
    except ValueError as error:
        raise DataError(f"--window takes seconds or `whole`, not {text!r}.") from error


def _measured(inputs: Inputs, settings: Settings) -> Synchrony:
    from duchenne.synchrony import Synchrony, align

    people, features = read_people(inputs)
    aligned = align(people, features, rate=inputs.rate, offsets=inputs.offsets)
    # disable=None: a bar on a terminal, silence in a log file.
    with tqdm(total=len(features), unit="feature", disable=None, leave=False) as bar:

        def tick() -> None:
            bar.update()

        return Synchrony.from_aligned(aligned, settings, tick)


def _agreement(inputs: Inputs, found: Synchrony) -> Agreement | None:
    from duchenne.synchrony.peaks import agree

    if inputs.ratings is None:
        return None
    return agree(read_peaks(inputs, float(found.ends[0] - found.starts[0])), found)


def _write(found: Synchrony, agreement: Agreement | None, out: Path) -> dict[str, Any]:
    from duchenne.synchrony.results import summary, write_tables

    found.save(out)
    write_tables(found, agreement, out)
    facts = summary(found, agreement)
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    (out / "summary.json").write_text(text, encoding="utf-8")
    return facts


def _said(found: Synchrony) -> str:
    from duchenne.report.synchrony_words import summary

    return "\n".join([summary(found), *(f"note: {note}" for note in found.notes)])
