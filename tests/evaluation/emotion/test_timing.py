from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from duchenne.evaluation.emotion.timing import Milliseconds, time_networks

CROPS = np.arange(6, dtype=np.uint8).repeat(48 * 48).reshape(6, 48, 48)


def test_networks_take_turns_on_different_faces() -> None:
    calls: list[tuple[str, int, int]] = []

    def network(name: str) -> Callable[[np.ndarray], None]:
        return lambda crops: calls.append((name, len(crops), int(crops[0, 0, 0])))

    found = time_networks({"a": network("a"), "b": network("b")}, CROPS, (1, 4), repeats=5)
    assert [call[:2] for call in calls[:4]] == [("a", 1), ("a", 4), ("b", 1), ("b", 4)]
    assert len(calls) == 4 * (3 + 5)
    assert {call[2] for call in calls if call[1] == 1} == set(range(6))
    assert set(found) == {"a", "b"}
    assert set(found["a"]) == {1, 4}


def test_milliseconds_are_a_face() -> None:
    found = Milliseconds.from_seconds([0.004, 0.008, 0.012], [0.004, 0.004, 0.006], 4)
    assert found.to_dict() == {"median": 2.0, "q1": 1.5, "q3": 2.5, "cpu": 1.0}


@pytest.mark.parametrize(("repeats", "batches"), [(0, (1,)), (1, (7,))])
def test_nothing_to_time_is_refused(repeats: int, batches: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="time nothing"):
        time_networks({"a": len}, CROPS, batches, repeats)
