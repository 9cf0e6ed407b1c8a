from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.weights.protobuf import fields, numbers


def _varint(value: int) -> bytes:
    parts = []
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


NUMBERS = st.integers(min_value=0, max_value=2**63)
FIELDS = st.tuples(st.integers(min_value=1, max_value=10_000), NUMBERS | st.binary(max_size=300))


@given(st.lists(FIELDS, max_size=8))
def test_what_was_written_is_read(written: list[tuple[int, int | bytes]]) -> None:
    content = b"".join(_field(*each) for each in written)
    read = [(n, v if isinstance(v, int) else bytes(v)) for n, v in fields(memoryview(content))]
    assert read == written


@given(st.lists(NUMBERS, max_size=8))
def test_packed_numbers_are_read(written: list[int]) -> None:
    assert list(numbers(memoryview(b"".join(map(_varint, written))))) == written


def test_fixed_sizes_are_raw_bytes() -> None:
    content = _varint(1 << 3 | 5) + b"abcd" + _varint(2 << 3 | 1) + b"01234567"
    assert [bytes(v) for _, v in fields(memoryview(content)) if isinstance(v, memoryview)] == [
        b"abcd",
        b"01234567",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [(_field(1, b"abcd")[:-1], "ends too early"), (_varint(1 << 3 | 3), "wire type 3")],
)
def test_what_is_broken_is_said(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(fields(memoryview(content)))


@given(st.binary(max_size=60))
def test_any_bytes_end(content: bytes) -> None:
    try:
        read = list(fields(memoryview(content)))
    except (ValueError, IndexError):
        return
    assert all(number >= 0 for number, _ in read)
