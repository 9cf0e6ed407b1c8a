"""How results are printed: words for people, or JSON for programs, alike in every verb."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duchenne.weights.card import ModelCard


def in_json(facts: Mapping[str, Any]) -> str:
    """One line of JSON as RFC 8259 has it: a number that is none or endless becomes null."""
    return json.dumps(_plain(facts), ensure_ascii=False, allow_nan=False)


def written_models(cards: Mapping[Path, ModelCard]) -> str:
    """What a training says, as JSON, of the weight files that it wrote."""
    return in_json({"models": [_written(path, card) for path, card in cards.items()]})


def results_alone(as_json: bool) -> AbstractContextManager[None]:
    """While a library works that prints by itself: with ``--json`` that goes to standard error."""
    return _to_stderr() if as_json else contextlib.nullcontext()


@contextlib.contextmanager
def _to_stderr() -> Iterator[None]:
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _written(path: Path, card: ModelCard) -> dict[str, Any]:
    return {
        "file": path,
        "card": path.with_suffix(".json"),
        "sha256": card.sha256,
        "numbers": [asdict(result) for result in card.numbers],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    # NumPy's numbers know their Python ones.
    number = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
    return None if isinstance(number, float) and not math.isfinite(number) else number
