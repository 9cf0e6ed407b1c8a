"""Model cards: a weight file is opened only through its card, never without one.

``<name>.json`` is the card that programs read, ``<name>.md`` the same for people, written
together by ``ModelCard.save`` so that they cannot part. Mitchell et al., "Model Cards for Model
Reporting", FAT* 2019.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from duchenne.errors import ModelError, reason
from duchenne.files import write_text
from duchenne.weights.facts import Figure, ModelInput, Result
from duchenne.weights.readable import markdown

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

WEIGHTS: Final = Path(__file__).parent

_NOT_IN_JSON: Final = {"folder"}
_OPTIONAL: Final = {"settings", "temperature", "classes"}
_TEXTS: Final = ("name", "task", "summary", "file", "sha256", "licence", "data", "split", "retrain")
_MOST_NAMES: Final = 12


@dataclass(frozen=True)
class ModelCard:
    """Where a model comes from, what it may be used for, and how good it is known to be.

    Attributes:
        name: of the card's files, ``<name>.json`` and ``<name>.md``.
        task: what it answers: emotion, action_units, genuineness.
        summary: one sentence for a list.
        file: the weight file beside the card.
        sha256: of that file.
        licence: of the weights.
        data: what it was trained on, with its source.
        split: which rows trained it, which chose the epoch, which were only reported.
        input: what goes in.
        training: recipe, epochs, budget, by name.
        retrain: the one command that makes it again.
        limits: what it must not be trusted with, a sentence each.
        numbers: what was measured, newest last; never empty in a card that loads.
        classes: names of the outputs, in order; empty where there are none.
        temperature: logits are divided by this before the softmax; 1 until calibrated
            (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
        settings: whatever else the model's own code needs, for example thresholds.
        folder: where the files lie; not part of the JSON.
    """

    name: str
    task: str
    summary: str
    file: str
    sha256: str
    licence: str
    data: str
    split: str
    input: ModelInput
    training: Mapping[str, Any]
    retrain: str
    limits: tuple[str, ...]
    numbers: tuple[Result, ...]
    classes: tuple[str, ...] = ()
    temperature: float = 1.0
    settings: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = field(default=WEIGHTS, compare=False)

    def __post_init__(self) -> None:
        for name in _TEXTS:
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise ModelError(f"The card of {self.name!r} says nothing under {name!r}.")
        if not self.limits:
            raise ModelError(f"The card of {self.name!r} names no limits; every model has some.")
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise ModelError(
                f"The card of {self.name!r} has temperature {self.temperature}, which must be "
                "a number above 0."
            )

    @property
    def path(self) -> Path:
        """The weight file."""
        return self.folder / self.file

    def verify(self) -> ModelCard:
        """This card, once its file is there, is the one described, and has been measured.

        Raises:
            ModelError: one of these does not hold.
        """
        if not self.numbers:
            raise ModelError(f"The card of {self.name!r} holds no numbers: evaluate it first.")
        if not self.path.is_file():
            raise ModelError(f"{self.path} is missing, though its card is there: reinstall it.")
        if sha256_of(self.path) != self.sha256:
            raise ModelError(
                f"{self.path} is not the file its card describes (other SHA-256): reinstall it, "
                "or make it again with the card's command."
            )
        return self

    def with_result(self, result: Result) -> ModelCard:
        """The card with a result added, in the place of an older one on the same data."""
        others = tuple(r for r in self.numbers if r.data != result.data)
        return replace(self, numbers=(*others, result))

    def figures(self, name: str) -> dict[str, Figure]:
        """One figure on every data set that it was measured on, by ``Result.data``.

        Raises:
            ModelError: the card has no such figure.
        """
        found = {
            r.data: figure for r in self.numbers for figure in r.figures if figure.name == name
        }
        if not found:
            known = list(dict.fromkeys(figure.name for r in self.numbers for figure in r.figures))
            more = " and others" if len(known) > _MOST_NAMES else ""
            raise ModelError(
                f"The card of {self.name} has no {name!r}; it has "
                f"{', '.join(known[:_MOST_NAMES])}{more}."
            )
        return found

    def figure(self, name: str, data: str | None = None) -> Figure:
        """One figure, for example ``card.figure("accuracy", "whole clips")``.

        Args:
            name: as ``Figure.name``.
            data: the data set or a part of its name; not needed where only one has the figure.

        Raises:
            ModelError: no such figure, or it is not one data set that is meant.
        """
        every = self.figures(name)
        if data in every:
            return every[data]
        meant = [figure for where, figure in every.items() if data is None or data in where]
        if len(meant) != 1:
            raise ModelError(
                f"The card of {self.name} has {name!r} for these data, of which one must be named: "
                f"{'; '.join(every)}."
            )
        return meant[0]

    def to_json(self) -> str:
        """Readable JSON with stable order."""
        values = {k: v for k, v in asdict(self).items() if k not in _NOT_IN_JSON}
        return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def to_markdown(self) -> str:
        """The card for people, with the reliability plot where one lies beside it."""
        plot = self.reliability_plot
        return markdown(json.loads(self.to_json()), plot.name if plot.is_file() else None)

    @property
    def reliability_plot(self) -> Path:
        """Where a picture of confidence beside accuracy belongs; it need not be there."""
        return self.folder / f"{self.name}_reliability.png"

    def save(self) -> Path:
        """Write ``<name>.json`` and ``<name>.md`` into ``folder``; returns the JSON's path.

        Raises:
            ModelError: the folder cannot be written.
        """
        path = self.folder / f"{self.name}.json"
        try:
            write_text(path, self.to_json())
            write_text(path.with_suffix(".md"), self.to_markdown())
        except OSError as error:
            raise ModelError(f"{path} cannot be written ({error.strerror}).") from error
        return path

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """Read a card's JSON, without a look at the weight file.

        Raises:
            ModelError: it cannot be read, or something that belongs in it is missing.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read as a model card: {reason(error)}.") from error
        if not isinstance(raw, dict):
            raise ModelError(f"{path} is not a model card: it holds no fields.")
        missing = [name for name in _required() if name not in raw]
        if missing:
            raise ModelError(f"{path} is not a whole model card: it lacks {', '.join(missing)}.")
        try:
            return cls(**_values(raw), folder=path.parent)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise ModelError(f"{path} is not a model card: {reason(error)}.") from error

    def plot(self) -> Picture:
        """Every number of the card with its interval, by the data it was measured on."""
        from duchenne.weights.showing import plot_card

        return plot_card(self)

    def _repr_html_(self) -> str:
        from duchenne.weights.showing import card_html

        return card_html(self)


def load_card(model: str | Path) -> ModelCard:
    """The verified card of a shipped model, or of a weight file of your own.

    Args:
        model: a name as ``duchenne models`` lists them, or the path of an ``.onnx`` file or of
            the ``.json`` card beside it.

    Raises:
        ModelError: no such model, no whole card, or a file that its card does not describe.
    """
    path = Path(model)
    if path.suffix in {".json", ".onnx"}:
        path = path.with_suffix(".json")
        if not path.is_file():
            raise ModelError(f"{model} comes without its card: {path} is not there.")
        return ModelCard.read(path).verify()
    path = WEIGHTS / f"{model}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in WEIGHTS.glob("*.json"))) or "none yet"
        raise ModelError(f"No model {str(model)!r}; there are: {known}; or give an .onnx file.")
    return ModelCard.read(path).verify()


def list_cards(task: str | None = None) -> list[ModelCard]:
    """The cards of the shipped models, by name; unverified, so that a list never fails halfway.

    Args:
        task: only the models for this.

    Raises:
        ModelError: a card of the package is damaged.
    """
    cards = [ModelCard.read(path) for path in sorted(WEIGHTS.glob("*.json"))]
    return [card for card in cards if task is None or card.task == task]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _required() -> list[str]:
    return [f.name for f in fields(ModelCard) if f.name not in _NOT_IN_JSON | _OPTIONAL]


def _values(raw: dict[str, Any]) -> dict[str, Any]:
    known = {f.name for f in fields(ModelCard)} - _NOT_IN_JSON
    values = {name: value for name, value in raw.items() if name in known}
    return values | {
        "input": ModelInput.from_json(raw["input"]),
        "limits": tuple(raw["limits"]),
        "numbers": tuple(Result.from_json(result) for result in raw["numbers"]),
        "classes": tuple(raw.get("classes", ())),
        "temperature": float(raw.get("temperature", 1.0)),
    }
