"""What a server is allowed to do: every limit in one place, checked at the door."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from duchenne.errors import DataError

MEGABYTE: Final = 2**20
_LEAST_TOKEN: Final = 16


@dataclass(frozen=True)
class Settings:
    """Choices of one server.

    Attributes:
        library: folder of everything that was analysed.
        host: address to listen on.
        port: of TCP.
        token: what a browser or a program must show; needed on any but the loopback address.
        most_upload: bytes of one file.
        most_waiting: analyses that may wait at once.
        most_live: live pages at once.
        memory: bytes of address space that a worker process may take.
        stall: s without a new frame after which an analysis is given up.
        longest: s after which it is given up whatever it does.
        workers: analyses at once.

    Raises:
        DataError: a choice makes no sense, or is not safe.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8000
    token: str | None = field(default=None, repr=False)
    most_upload: int = 2048 * MEGABYTE
    most_waiting: int = 100
    most_live: int = 8
    memory: int = 6144 * MEGABYTE
    stall: float = 300.0
    longest: float = 6 * 3600.0
    workers: int = 1

    def __post_init__(self) -> None:
        if not self.local and not self.token:
            raise DataError(
                f"On {self.host} other machines could reach this server: give a token of "
                f"{_LEAST_TOKEN} characters or more, for example {secrets.token_urlsafe(16)}."
            )
        if self.token is not None and not _is_good_token(self.token):
            raise DataError(
                f"A token needs {_LEAST_TOKEN} or more letters, digits, - and _ "
                "(no spaces, nothing that an address would have to escape)."
            )
        if not 0 <= self.port < 65536:
            raise DataError(f"A port lies in 0 to 65535, not at {self.port}.")
        for name in ("most_upload", "most_waiting", "most_live", "memory", "workers"):
            if getattr(self, name) < 1:
                raise DataError(f"{name} must be at least 1, not {getattr(self, name)}.")
        if not (self.stall > 0 and self.longest > 0):
            raise DataError("A time limit must be longer than 0 s.")

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def default_library() -> Path:
    """``DUCHENNE_LIBRARY``, else ``duchenne-library`` in the user's home."""
    named = os.environ.get("DUCHENNE_LIBRARY")
    return Path(named) if named else Path.home() / "duchenne-library"


def _is_good_token(token: str) -> bool:
    plain = token.replace("-", "").replace("_", "")
    return len(token) >= _LEAST_TOKEN and plain.isascii() and plain.isalnum()
