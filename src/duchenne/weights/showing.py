"""A model card in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duchenne.notebook import tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from duchenne.weights.card import ModelCard
    from duchenne.weights.facts import Result

_MOST: Final = 24


def plot_card(card: ModelCard) -> Figure:
    """See ``ModelCard.plot``; the 24 newest numbers."""
    from duchenne.notebook.figures import Row, intervals_figure

    rows = [
        Row(f"{_short(result)}: {one.name}", one.value, one.low, one.high)
        for result in card.numbers
        for one in result.figures
    ]
    return intervals_figure(card.name, {"value (line: 95 %)": rows[-_MOST:]}, up="measured on")


def card_html(card: ModelCard) -> str:
    """For a notebook's eye: what it is, its numbers, its limits."""
    facts = {
        "summary": card.summary,
        "task": card.task,
        "classes": card.classes,
        "trained on": card.data,
        "split": card.split,
        "licence": card.licence,
        "made by": card.retrain,
    }
    lines = [
        (result.data, result.rows, one.name.replace("_", " "), one)
        for result in card.numbers
        for one in result.figures
    ]
    numbers = tables.rows(["measured on", "rows", "what", "value (95 %)"], lines)
    limits = tables.items(f"Limit: {text}" for text in card.limits)
    return tables.noun(f"Model {card.name}", facts, numbers, limits)


def _short(result: Result) -> str:
    return tables.shorten(result.data, 22)
