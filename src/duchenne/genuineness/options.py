"""Options of ``judge`` that messages name; the command line puts its own in their place."""

from __future__ import annotations

from typing import Final

INSTEAD: Final = "source='aus'"
"""Judge without landmarks."""

AS_ONE: Final = "whole=True"
"""Take the recording as one expression."""
