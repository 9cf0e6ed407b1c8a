"""What ``train`` and ``evaluate genuineness`` do for the models that learn from PEDFE's clips."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duchenne.cli.extras import training_extra
from duchenne.cli.saying import in_json
from duchenne.errors import DataError

if TYPE_CHECKING:
    from duchenne.learning.evaluate_genuineness import ClipSet

NAMES: Final = (
    *("mlp-aus", "mlp-aus-clip", "mlp-landmarks-raw", "mlp-landmarks"),
    *("svm-statistics", "svm-statistics-person"),
    *("lstm-pb", "ebsvm", "ebsvm-clip"),
)
"""The keys of ``duchenne.learning.genuineness_models.MODELS``, known without its extra."""

WEIGHTS_FILE: Final = "weights.safetensors"
GENERATED: Final = "generated.png"


@dataclass(frozen=True)
class ClipModel:
    """One of ``NAMES``, with the functions that ``genuineness_table`` asks for."""

    name: str

    def train(self, data: Path, out: Path | None, ship: bool, as_json: bool = False) -> None:
        """Cross-validate on people not seen, then fit on everybody and write the weights.

        Raises:
            DataError: this model has no weights to keep, or ships none.
        """
        if ship or out is None:
            raise DataError(f"{self.name} is for comparison and does not ship: give --out alone.")
        with training_extra():
            from duchenne.learning.evaluate_genuineness import evaluate_genuineness
            from duchenne.learning.genuineness_models import MODELS, TrainingRows
        model = MODELS[self.name]
        if model.save is None:
            raise DataError(
                f"{self.name} is fitted anew for each evaluation and keeps no weights: "
                "use duchenne evaluate genuineness."
            )
        known = _read(data)
        measured = evaluate_genuineness(known, self.name, out=out, say=_say)
        click.echo(in_json(measured.to_dict()) if as_json else measured.to_text())
        features, people = model.features(known.features), known.clips["subject"].to_numpy()
        fitted, _ = model.fit(TrainingRows(features, known.genuine, people), 0)
        model.save(fitted, out / WEIGHTS_FILE)
        if self.name == "lstm-pb":
            _draw(fitted, features, known, out / GENERATED)
        click.echo(f"Written to {out}.", err=True)

    def evaluate(self, data: Path, out: Path | None, as_json: bool, update_card: bool) -> None:
        """By folds of people, and beside them the random folds that mislead.

        Raises:
            DataError: there is no card of this model.
        """
        if update_card:
            raise DataError(f"{self.name} is for comparison and has no card to update.")
        with training_extra():
            from duchenne.learning.evaluate_genuineness import evaluate_genuineness
        known = _read(data)
        fair = evaluate_genuineness(known, self.name, "subject", out, _say)
        mixed = evaluate_genuineness(known, self.name, "random", say=_say)
        found: dict[str, Any] = fair.to_dict() | {"by_random_folds": mixed.to_dict()["all"]}
        text = fair.to_text()
        seen = f"accuracy {mixed.scores.accuracy.value:.3f}, AUC {mixed.scores.auc.value:.3f}"
        text += f"\nby random folds, which mix people and so are no result: {seen}"
        if self.name.startswith("mlp-landmarks"):
            table = _distances(known)
            found["distance_check"] = table.to_dict(orient="records")
            text += "\n\nposed clips brought nearer in training (planted), all in the trial "
            text += f"(nearer):\n{table.round(3).to_string(index=False)}"
        if out is not None:
            (out / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
            click.echo(f"Written to {out}.", err=True)
        click.echo(in_json(found) if as_json else text)


def named(model: str) -> ClipModel:
    """The model of that name."""
    return ClipModel(model)


def _read(data: Path) -> ClipSet:
    with training_extra():
        from duchenne.learning.evaluate_genuineness import ClipSet

    _say("Reading the clips: some minutes for all of PEDFE.")
    return ClipSet.from_folder(data)


def _draw(fitted: Any, streams: Any, known: ClipSet, path: Path) -> None:
    from duchenne.evaluation.plots import save_figure
    from duchenne.learning.genuineness_lstm_pb_plot import mean_biases, plot_generated

    save_figure(plot_generated(fitted, mean_biases(fitted, streams, known.clips)), path)


def _distances(known: ClipSet) -> Any:
    from duchenne.faces.canonical import CanonicalFace
    from duchenne.faces.networks import FaceNetworks
    from duchenne.learning.distance_check import distance_check

    return distance_check(known, CanonicalFace.from_bytes(FaceNetworks().geometry))


def _say(text: str) -> None:
    click.echo(text, err=True)
