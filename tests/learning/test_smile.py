from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.smiles import write_smiles

pytest.importorskip("sklearn")
pytest.importorskip("torch")
pytest.importorskip("skl2onnx")

from duchenne.evaluation.datasets.uva_nemo import UvaNemo, read_uva_nemo
from duchenne.genuineness.smile import SmilePart, calibrated
from duchenne.genuineness.smile_inputs import PARTS, Part, inputs_of
from duchenne.learning import smile
from duchenne.learning.smile_export import export_smile


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UvaNemo:
    monkeypatch.setattr(smile, "TREES_TO_CHOOSE", 5)
    return read_uva_nemo(write_smiles(tmp_path))


def test_the_planted_signal_is_found_and_the_eyelids_have_none(data: UvaNemo) -> None:
    def right(columns: np.ndarray) -> float:
        (scores,) = smile.cross_validate(data, columns.astype(np.float32), smile.fit_line, 1)
        return float(((scores > 0.5) == data.spontaneous).mean())

    assert right(inputs_of(data.lips, "onset")) > 0.95
    assert 0.35 < right(data.eyes) < 0.65


def test_a_model_is_never_asked_about_groups_that_it_saw(data: UvaNemo) -> None:
    asked: list[set[int]] = []
    group = data.groups.astype(np.float32)[:, None]

    class Spy:
        def __init__(self, seen: set[int]) -> None:
            self.seen = seen

        def predict_proba(self, inputs: np.ndarray) -> np.ndarray:
            asked.append(set(inputs[:, 0].astype(int).tolist()))
            assert not asked[-1] & self.seen
            return np.full((len(inputs), 2), 0.5)

    list(smile.cross_validate(data, group, lambda x, y, g, s: Spy(set(g.tolist())), 2))
    assert len(asked) == 20


@pytest.mark.parametrize("part", PARTS)
def test_the_written_file_says_what_the_model_says(
    data: UvaNemo, part: Part, tmp_path: Path
) -> None:
    model, inputs = smile.fit_part(data, part), inputs_of(data.lips, part)
    platt = smile.Platt(1.5, -0.25)
    card = export_smile(model, part, inputs, platt, tmp_path / "a.onnx", ())
    wanted = model.predict_proba(inputs)[:, 1]
    found = SmilePart(card)
    np.testing.assert_allclose(found.raw(data.lips), wanted, atol=1e-5)
    np.testing.assert_allclose(
        found.p_genuine(data.lips), calibrated(wanted, 1.5, -0.25), atol=1e-4
    )


def test_platt_mends_scores_that_are_too_shy() -> None:
    generator = np.random.default_rng(0)
    true = generator.random(4000)
    labels = generator.random(4000) < true
    found = smile.Platt.fit(0.4 + 0.2 * true, labels)(0.4 + 0.2 * true)
    assert np.abs(found - true).mean() < 0.06
