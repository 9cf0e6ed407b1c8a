"""How the server and its live process talk: a JSON head and bytes, each after its length."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO, Final

MOST_BYTES: Final = 8 * 2**20

_LENGTHS: Final = struct.Struct("<II")


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    text = json.dumps(head).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The next message of a pipe.

    Raises:
        EOFError: the other side is gone, or does not speak this way.
    """
    first = stream.read(_LENGTHS.size)
    if len(first) < _LENGTHS.size:
        raise EOFError
    head, body = _checked(first)
    return json.loads(stream.read(head)), stream.read(body)


async def receive(stream: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """The same of an asyncio stream.

    Raises:
        EOFError: the other side is gone, or does not speak this way.
    """
    head, body = _checked(await stream.readexactly(_LENGTHS.size))
    return json.loads(await stream.readexactly(head)), await stream.readexactly(body)


def _checked(lengths: bytes) -> tuple[int, int]:
    head, body = _LENGTHS.unpack(lengths)
    if head > MOST_BYTES or body > MOST_BYTES:
        raise EOFError
    return head, body
