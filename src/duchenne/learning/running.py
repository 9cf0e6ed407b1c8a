"""What every training does around its epochs: make its folder, compare recipes, stop cleanly."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from duchenne.errors import DataError
from duchenne.learning.checkpoints import RunFolder


def make_folder(path: Path) -> RunFolder:
    """The run folder, made where it is not there yet.

    Raises:
        DataError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{path} cannot be made ({error.strerror}): choose another.") from error
    return RunFolder(path)


def changed_settings(begun: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names of the settings that differ; compared where both speak, for older runs know fewer."""
    changed = []
    for name in begun.keys() & now.keys():
        then, wanted = begun[name], now[name]
        if isinstance(then, Mapping) and isinstance(wanted, Mapping):
            changed += [f"{name} ({inner})" for inner in changed_settings(then, wanted)]
        elif then != wanted:
            changed.append(name)
    return sorted(changed)


@contextlib.contextmanager
def own_interrupt() -> Iterator[None]:
    """Ctrl-C as Python has it: Lightning answers with an exit and leaves it switched off."""
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as stop:
        raise KeyboardInterrupt from stop
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)
