"""Which emotion an expression displays."""

from __future__ import annotations

import numpy as np
import pytest

from duchenne.expressions.naming import DISPLAYS, PROTOTYPES, decide, emotion_evidence
from duchenne.expressions.signals import Signals
from duchenne.expressions.track import UNITS

UNKNOWN = {unit: np.full(20, np.nan) for unit in UNITS}


def seen(**shares: float) -> Signals:
    values = {f"emotion_{name}": np.full(20, share) for name, share in shares.items()}
    return Signals(0.0, 10.0, values or {"none": np.zeros(20)})


@pytest.mark.parametrize("emotion", DISPLAYS)
def test_a_prototype_names_its_emotion(emotion: str) -> None:
    rises = {unit: np.full(20, 3.0 * (unit in PROTOTYPES[emotion])) for unit in UNITS}
    evidence = emotion_evidence(seen(), rises, apex=1.0)
    assert decide(evidence) == emotion
    assert sum(evidence[f"prototype_{name}"] for name in DISPLAYS) == pytest.approx(1.0)
    assert all(np.isnan(evidence[f"emotion_{name}"]) for name in DISPLAYS)


def test_neutral_is_dropped_and_the_network_alone_decides_without_units() -> None:
    shares = dict.fromkeys(DISPLAYS, 0.02) | {"sad": 0.1, "neutral": 0.8}
    evidence = emotion_evidence(seen(**shares), UNKNOWN, apex=1.0)
    assert evidence["emotion_sad"] == pytest.approx(0.5)
    assert decide(evidence) == "sad"


def test_only_the_time_around_the_apex_counts() -> None:
    signals = Signals(
        0.0,
        10.0,
        {f"emotion_{name}": np.full(20, 0.1) for name in DISPLAYS}
        | {"emotion_fear": np.where(np.arange(20) < 5, 0.9, 0.0)},
    )
    assert decide(emotion_evidence(signals, UNKNOWN, apex=0.2)) == "fear"
    assert emotion_evidence(signals, UNKNOWN, apex=1.5)["emotion_fear"] == 0.0


def test_nothing_measured_no_name() -> None:
    assert decide(emotion_evidence(seen(), UNKNOWN, apex=1.0)) is None
