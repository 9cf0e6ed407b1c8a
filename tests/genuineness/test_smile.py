from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.datasets.uva_nemo import read_uva_nemo
from duchenne.expressions.phases import COLUMNS
from duchenne.genuineness.clip_model import MODEL, KernelModel
from duchenne.genuineness.smile import SmileModel, SmilePart, calibrated
from duchenne.genuineness.smile_inputs import INPUTS, inputs_of
from duchenne.weights.card import load_card
from tests.conftest import SHARED

PLAIN = dict(zip(COLUMNS, np.linspace(0.01, 1, 75).tolist(), strict=True))


@pytest.fixture(scope="module")
def model() -> SmileModel:
    return SmileModel()


def test_shares_are_of_the_sum_and_zero_where_nothing_moves() -> None:
    seen = inputs_of(np.array([[PLAIN[name] for name in COLUMNS], [0.0] * 75]))
    names = list(INPUTS["whole"])
    three = [f"lip_{p}_duration_full_share" for p in ("onset", "apex", "offset")]
    assert seen[0, [names.index(n) for n in three]].sum() == pytest.approx(1)
    total = sum(PLAIN[f"lip_{p}_duration_full"] for p in ("onset", "apex", "offset"))
    assert seen[0, names.index("lip_duration_full")] == pytest.approx(total)
    assert not seen[1].any()


def test_left_and_right_in_unknown_pixels_do_not_count(model: SmileModel) -> None:
    changed = PLAIN | {n: 99.0 for n in COLUMNS if "left_right" in n}
    assert model.p_genuine(changed) == model.p_genuine(PLAIN)


def test_without_an_offset_the_onset_speaks(model: SmileModel) -> None:
    unfinished = {n: math.nan if "offset" in n else v for n, v in PLAIN.items()}
    assert model.p_genuine(unfinished) == model.p_genuine(PLAIN, finished=False)
    assert model.p_genuine(PLAIN) != model.p_genuine(PLAIN, finished=False)


def test_a_smile_without_features_is_named(model: SmileModel) -> None:
    with pytest.raises(DataError, match="lacks 9 of the 9 lip features of its onset"):
        model.p_genuine(dict.fromkeys(COLUMNS, math.nan))
    with pytest.raises(DataError, match="of its whole"):
        model.p_genuine({n: v for n, v in PLAIN.items() if "apex" not in n})


@given(st.lists(st.floats(-50, 50), min_size=75, max_size=75))
def test_any_numbers_give_a_probability(model: SmileModel, values: list[float]) -> None:
    assert 0 <= model.p_genuine(dict(zip(COLUMNS, values, strict=True))) <= 1


def test_calibration_keeps_the_order() -> None:
    p = calibrated(np.array([0.0, 0.1, 0.5, 0.9, 1.0]), 2.0, 0.0)
    assert (np.diff(p) > 0).all()
    assert p[2] == pytest.approx(0.5)


def test_real_smiles_are_told_apart(model: SmileModel) -> None:
    if not (SHARED / "uva_nemo_features").is_dir():
        pytest.skip(f"no UvA-NEMO smiles at {SHARED}: set DUCHENNE_SHARED_DATA")
    data = read_uva_nemo(SHARED / "uva_nemo_features")
    # It learned from these: this checks the file and the order of columns, not how good it is.
    right = (model.part("whole").p_genuine(data.lips) > 0.5) == data.spontaneous
    assert right.mean() > 0.85


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slope": None}, "is not that of a smile model"),
        ({"inputs": ["age"]}, "was made for other inputs"),
    ],
)
def test_cards_of_other_models_are_refused(
    model: SmileModel, changes: dict[str, object], message: str
) -> None:
    card = model.part("onset").card
    with pytest.raises(ModelError, match=message):
        SmilePart(replace(card, settings={**card.settings, **changes}))


def test_cards_of_clips_are_refused_too() -> None:
    card = load_card(MODEL)
    with pytest.raises(ModelError, match="is not that of a genuineness model"):
        KernelModel(replace(card, settings={}))
