"""Heads to hide and to turn."""

from tests.faces.conftest import her

__all__ = ["her"]
