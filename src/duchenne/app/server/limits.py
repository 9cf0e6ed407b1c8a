"""What a worker process may take from the machine."""

from __future__ import annotations

import contextlib
import sys

_MOST_WRITTEN = 8 * 2**30


def limit_process(memory: int) -> None:
    """Bound this process: a malicious file may end it, never the machine or the server.

    Args:
        memory: bytes of address space. Where the system knows no such limit (Windows), the
            server's time limits remain.
    """
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, _MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        # A hard limit that is lower already stays.
        with contextlib.suppress(OSError, ValueError):
            _, hard = resource.getrlimit(what)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (bound, bound))
