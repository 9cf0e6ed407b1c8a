"""What numpy raises for an archive (.npz) that is cut off, damaged or another file."""

from __future__ import annotations

import zlib
from typing import Final
from zipfile import BadZipFile

UNREADABLE_ARCHIVE: Final = (
    *(OSError, EOFError, KeyError, ValueError),
    *(BadZipFile, zlib.error, RuntimeError),
)
"""The last one is for a damaged byte that says encrypted, or another kind of compression."""
