from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.errors import DataError, ModelError
from duchenne.learning.genuineness_mlp import (
    HISTORY,
    MlpSettings,
    build_mlp,
    fit_mlp,
    load_mlp,
    mean_history,
    save_mlp,
)

QUICK = MlpSettings(epochs=15)


def planted(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    features = generator.normal(5.0, 3.0, (rows, 10))
    return features, (features[:, 0] > 5) != (features[:, 1] > 8)


def test_it_learns_and_tells_its_curves() -> None:
    features, genuine = planted(400, 0)
    held = planted(200, 1)
    fitted = fit_mlp(features, genuine, MlpSettings(learning_rate=1e-2, epochs=20), validation=held)
    assert ((fitted(held[0]) > 0.5) == held[1]).mean() > 0.8
    assert tuple(fitted.history.columns) == HISTORY
    assert len(fitted.history) == 20
    assert fitted.history["val_accuracy"].iloc[-1] == pytest.approx(
        ((fitted(held[0]) > 0.5) == held[1]).mean(), abs=1e-6
    )
    assert fitted.history["train_loss"].iloc[-1] < fitted.history["train_loss"].iloc[0]


def test_the_seed_decides_and_the_world_s_does_not() -> None:
    features, genuine = planted(80, 0)
    first = fit_mlp(features, genuine, QUICK, seed=3)(features)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    np.testing.assert_array_equal(fit_mlp(features, genuine, QUICK, seed=3)(features), first)
    assert torch.equal(torch.get_rng_state(), before)
    assert not np.array_equal(fit_mlp(features, genuine, QUICK, seed=4)(features), first)


def test_watched_rows_change_nothing() -> None:
    features, genuine = planted(80, 0)
    alone = fit_mlp(features, genuine, QUICK)
    watched = fit_mlp(features, genuine, QUICK, validation=planted(30, 1))
    np.testing.assert_array_equal(alone(features), watched(features))
    assert alone.history["val_loss"].isna().all()
    assert watched.history["val_loss"].notna().all()


def test_the_network_is_the_seed_s() -> None:
    kinds = [type(layer).__name__ for layer in build_mlp(17, MlpSettings())]
    assert kinds == [*(["Linear", "BatchNorm1d", "LeakyReLU", "Dropout"] * 2), "Linear"]


@pytest.mark.parametrize("rows", [2, 33])
def test_a_last_batch_of_one_and_unknown_values_are_no_trouble(rows: int) -> None:
    features, _ = planted(rows, 0)
    features[0, 0] = np.nan
    p = fit_mlp(features, np.arange(rows) % 2 == 0, QUICK)(features)
    assert ((p > 0) & (p < 1)).all()


@pytest.mark.parametrize("genuine", [[True, True], [False, False], [True]])
def test_one_type_cannot_be_learned_from(genuine: list[bool]) -> None:
    with pytest.raises(DataError, match="clips of both types"):
        fit_mlp(np.zeros((len(genuine), 3)), np.array(genuine))


def test_curves_of_folds_are_averaged() -> None:
    features, genuine = planted(60, 0)
    curves = [
        fit_mlp(features, genuine, QUICK, seed=s, validation=planted(30, s)).history for s in (1, 2)
    ]
    mean = mean_history(curves)
    assert mean["epoch"].tolist() == list(range(15))
    np.testing.assert_allclose(
        mean["val_loss"], (curves[0]["val_loss"] + curves[1]["val_loss"]) / 2
    )


def test_what_is_saved_answers_the_same(tmp_path: Path) -> None:
    features, genuine = planted(60, 0)
    fitted = fit_mlp(features, genuine, QUICK)
    path = tmp_path / "mlp.safetensors"
    save_mlp(fitted, path)
    np.testing.assert_array_equal(load_mlp(path)(features), fitted(features))
    with pytest.raises(ModelError, match="is not a perceptron"):
        load_mlp(path, MlpSettings(hidden=(8,)))
    with pytest.raises(ModelError, match="is not a perceptron"):
        load_mlp(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be written"):
        save_mlp(fitted, tmp_path / "no" / "folder")
