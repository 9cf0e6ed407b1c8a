"""Which module trains and evaluates which model of genuineness.

A module needs two functions:
``train(data: Path, out: Path | None, ship: bool, as_json: bool = False) -> None`` and
``evaluate(data: Path, out: Path | None, as_json: bool, update_card: bool) -> None``; both print
what they have to say, and raise a ``DuchenneError`` for what cannot be done. A module that serves
several models has a function ``named(model)`` instead, which gives an object with these two.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

_CLIPS: Final = "duchenne.cli.genuineness_clips"

MODULES: Final[dict[str, str]] = {
    "default": "duchenne.cli.genuineness_default",
    "smile": "duchenne.cli.genuineness_smile",
    "mlp-aus": _CLIPS,
    "mlp-aus-clip": _CLIPS,
    "mlp-landmarks-raw": _CLIPS,
    "mlp-landmarks": _CLIPS,
    "svm-statistics": _CLIPS,
    "svm-statistics-person": _CLIPS,
    "lstm-pb": _CLIPS,
    "ebsvm": _CLIPS,
    "ebsvm-clip": _CLIPS,
}
"""``--model`` to the module, which is imported only when it is named."""


def module_of(model: str) -> Any:
    """What trains and evaluates the model of that name, one of ``MODULES``."""
    module = import_module(MODULES[model])
    return module.named(model) if hasattr(module, "named") else module
