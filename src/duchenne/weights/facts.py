"""What a model card says in numbers: what was measured, and what goes into the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number with its 95 % interval (None where it has none)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Result:
    """What one command measured on one set of rows.

    Attributes:
        data: the rows, for example ``FER-2013 PrivateTest``.
        rows: how many.
        command: what was run to measure it.
        figures: the numbers, proportions from 0 to 1.
    """

    data: str
    rows: int
    command: str
    figures: tuple[Figure, ...]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Result:
        """As the card's file holds it."""
        figures = tuple(Figure(**figure) for figure in raw["figures"])
        return cls(**(dict(raw) | {"figures": figures}))


@dataclass(frozen=True)
class ModelInput:
    """What goes into the network.

    Attributes:
        meaning: in words.
        size: shape of one item, without the batch axis.
        scale: the network sees ``value * scale + offset``.
        offset: see ``scale``.
    """

    meaning: str
    size: tuple[int, ...]
    scale: float = 1.0
    offset: float = 0.0

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ModelInput:
        """As the card's file holds it."""
        size = tuple(int(n) for n in raw["size"])
        return cls(**(dict(raw) | {"size": size}))
