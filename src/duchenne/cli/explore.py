"""``duchenne explore``: look at a data set before anything is trained on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.evaluation.datasets.fer2013 import Fer2013
    from duchenne.evaluation.emotion.explore import Exploration


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option(
    "--split",
    type=click.Choice(["Training", "PublicTest", "PrivateTest"]),
    help="Show the pictures of this split only; copies are looked for in all.",
)
@JSON
def command(dataset: Path, out: Path, split: str | None, as_json: bool) -> None:
    """Look at FER-2013: class balance, samples, average faces, contrasts, copies.

    Writes OUT/explore.html, one page that opens offline, and OUT/explore.json. The page holds
    pictures of the data set: pass it on only where you may pass on the data set.
    """
    from duchenne.evaluation.datasets.fer2013 import read_fer2013
    from duchenne.evaluation.emotion.explore import STEPS, describe, explore
    from duchenne.report.explore_page import write_explore_page

    with tqdm(desc="reading", total=len(STEPS) + 2, leave=False, disable=None) as bar:

        def begin(step: str) -> None:
            bar.update()
            bar.set_description(step)

        data = read_fer2013(dataset)
        out.mkdir(parents=True, exist_ok=True)
        found = explore(data, split, begin)
        begin("page")
        page = write_explore_page(found, data, out / "explore.html")
    facts = describe(found, data)
    text = json.dumps(facts, ensure_ascii=False)
    (out / "explore.json").write_text(text + "\n", encoding="utf-8")
    click.echo(in_json(facts) if as_json else _in_words(found, data))
    if not as_json:
        click.echo(f"  -> {page}")


def _in_words(found: Exploration, data: Fer2013) -> str:
    from duchenne.report import explore_words

    lines = [f"note: {found.warning}."] if found.warning else []
    lines += explore_words.overview(found)
    lines += [explore_words.of_copies(found), explore_words.of_near_copies(found)]
    if len(found.blank):
        from duchenne.emotion.labels import EMOTIONS

        labels = [EMOTIONS[data.labels[row]] for row in found.blank]
        lines.append(explore_words.of_blank(found, labels))
    return "\n".join(lines)
