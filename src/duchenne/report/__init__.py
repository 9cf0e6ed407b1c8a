"""The HTML report of a recording, and pictures with what was found drawn onto them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duchenne.report.annotation import annotate as annotate
    from duchenne.report.moments import KeyMoment as KeyMoment
    from duchenne.report.moments import key_moments as key_moments
    from duchenne.report.page import write_report as write_report

# Loaded when asked for: Pillow and Jinja2 cost more than most verbs of the command line.
_HOMES: Final = {
    "KeyMoment": "duchenne.report.moments",
    "annotate": "duchenne.report.annotation",
    "key_moments": "duchenne.report.moments",
    "write_report": "duchenne.report.page",
}

__all__ = ["KeyMoment", "annotate", "key_moments", "write_report"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
