"""Protobuf's wire format, as far as the files of networks need it.

Source: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5
_SIZES: Final = {_FOUR_BYTES: 4, _EIGHT_BYTES: 8}

Field = tuple[int, int | memoryview]


def fields(content: memoryview) -> Iterator[Field]:
    """Pairs of field number and whole number, or raw bytes.

    Raises:
        ValueError: the content is no protobuf message, or ends too early.
        IndexError: it ends within a number.
    """
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(content, at)
            yield number, value
            continue
        if wire == _SIZED:
            size, at = _varint(content, at)
        elif wire in _SIZES:
            size = _SIZES[wire]
        else:
            raise ValueError(f"it has wire type {wire}")
        if at + size > len(content):
            raise ValueError("it ends too early")
        yield number, content[at : at + size]
        at += size


def numbers(content: memoryview) -> Iterator[int]:
    """Whole numbers that stand packed behind each other.

    Raises:
        IndexError: the content ends within a number.
    """
    at = 0
    while at < len(content):
        value, at = _varint(content, at)
        yield value


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
