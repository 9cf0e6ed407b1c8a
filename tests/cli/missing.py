"""A machine without an extra, for one test."""

from __future__ import annotations

import sys

import pytest

import duchenne


def without_extra(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """As if ``missing``, a package of the extra train, were not installed."""
    for name in [n for n in sys.modules if n.startswith("duchenne.learning")]:
        monkeypatch.delitem(sys.modules, name)
    # The package itself remembers the module that is imported meanwhile, and would keep it.
    if hasattr(duchenne, "learning"):
        monkeypatch.setattr(duchenne, "learning", duchenne.learning)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.pytorch", None)
