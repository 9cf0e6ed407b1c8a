"""What a verb says when the extra that it needs is not installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from duchenne.errors import MissingExtraError


@contextlib.contextmanager
def training_extra() -> Iterator[None]:
    """Imports of the room `learning` go inside.

    Raises:
        MissingExtraError: a package of the extra is missing.
    """
    try:
        yield
    except ImportError as error:
        if (error.name or "").startswith("duchenne"):
            raise
        raise MissingExtraError(
            "Training needs the extra `train`: pip install 'duchenne[train]'."
        ) from error
