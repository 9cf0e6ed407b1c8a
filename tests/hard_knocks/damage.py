"""Damages files at random; ``DUCHENNE_FUZZ`` says how often (50; ``make fuzz``: 1000)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES: Final = int(os.environ.get("DUCHENNE_FUZZ", "50"))

# In place of the usual two minutes a test.
patiently = pytest.mark.timeout(7 * EXAMPLES)

often = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Files(dict[str, bytes]):
    """Whole files by name, which nobody wants to see printed."""

    def __repr__(self) -> str:
        return f"Files({', '.join(self)})"


@dataclass(frozen=True)
class Damage:
    """Bytes overwritten at places from 0 to 1, and the share of the file that is left."""

    hits: tuple[tuple[float, bytes], ...]
    left: float = 1.0

    def on(self, content: bytes) -> bytes:
        damaged = bytearray(content)
        for place, values in self.hits:
            at = int(place * len(content))
            damaged[at : at + len(values)] = values
        return bytes(damaged[: int(self.left * len(content))])


_HITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=20
)

damages: st.SearchStrategy[Damage] = st.builds(
    Damage, _HITS.map(tuple), st.one_of(st.just(1.0), st.floats(0, 1))
)
