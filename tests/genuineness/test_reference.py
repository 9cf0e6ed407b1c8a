from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from duchenne.errors import ModelError
from duchenne.genuineness.clip_inputs import INPUTS
from duchenne.genuineness.reference import KINDS, SHARES, Kind, Reference
from duchenne.weights.card import load_card


@pytest.fixture
def reference() -> Reference:
    """Posed clips spread from 0 to 1, genuine ones from 1 to 3, happy ones ten times as far."""
    quantiles = np.empty((2, len(KINDS), 2, len(SHARES)), np.float32)
    for place, size in enumerate((1.0, 10.0)):
        quantiles[place, 0], quantiles[place, 1] = size * SHARES, size * (1 + 2 * SHARES)
    quantiles[:, :, 1] = 0.25
    return Reference(("speed", "flat"), ("every", "happy"), quantiles)


@pytest.mark.parametrize(
    ("value", "kind", "emotion", "percent"),
    [
        (0.5, "posed", None, 50.0),
        (2.0, "genuine", None, 50.0),
        (0.5, "genuine", None, 0.0),
        (9.0, "genuine", None, 100.0),
        (5.0, "posed", "happy", 50.0),
        (0.5, "posed", "bored", 50.0),
    ],
)
def test_the_share_below_a_value(
    reference: Reference, value: float, kind: Kind, emotion: str | None, percent: float
) -> None:
    assert reference.percent("speed", value, kind, emotion) == pytest.approx(percent)


def test_a_value_that_all_share_lies_in_their_middle(reference: Reference) -> None:
    assert reference.percent("flat", 0.25) == 50.0


def test_no_such_input(reference: Reference) -> None:
    with pytest.raises(KeyError):
        reference.percent("colour", 1.0)


def test_it_is_kept_and_found_again(reference: Reference, tmp_path: Path) -> None:
    path = reference.save(tmp_path)
    with np.load(path) as held:
        assert held["quantiles"] == pytest.approx(reference.quantiles)


def test_the_shipped_one_belongs_to_its_card() -> None:
    shipped = Reference.load()
    assert shipped.names == INPUTS
    assert (np.diff(shipped.quantiles, axis=-1) >= 0).all()


def test_one_that_the_card_does_not_name_is_refused(tmp_path: Path, reference: Reference) -> None:
    from dataclasses import replace

    reference.save(tmp_path)
    with pytest.raises(ModelError, match="not the one its card names"):
        Reference.load(replace(load_card("genuineness"), folder=tmp_path))


def test_the_highest_is_what_one_clip_in_twenty_exceeds(reference: Reference) -> None:
    assert reference.highest("speed") == pytest.approx(1 + 2 * 0.95)
    with pytest.raises(KeyError):
        reference.highest("colour")
