from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")
pytest.importorskip("sklearn", reason="learning needs the extra: train")

from safetensors.numpy import load_file, save_file
from tests.pedfe_clips import drawn_streams

from duchenne.errors import DataError, ModelError
from duchenne.learning.genuineness_lstm_pb import (
    FittedLstmPb,
    Movements,
    fit_lstm_pb,
    load_lstm_pb,
    save_lstm_pb,
)
from duchenne.learning.genuineness_lstm_pb_learning import (
    LstmPbSettings,
    Streams,
    errors,
    find_biases,
)
from duchenne.learning.networks.lstm_pb import LstmPb

QUICK = LstmPbSettings(components=2, bias=2, hidden=12, epochs=80, batch_size=32, steps=25)
PEOPLE = np.arange(64) // 8
GENUINE = np.arange(64) % 2 == 0


@pytest.fixture(scope="module")
def streams() -> np.ndarray:
    drawn = drawn_streams(GENUINE, 4.0, np.random.default_rng(0)).astype(np.float64)
    drawn[5, 1:] = np.nan  # one sample
    drawn[9] = np.nan  # no face
    return drawn


@pytest.fixture(scope="module")
def fitted(streams: np.ndarray) -> FittedLstmPb:
    return fit_lstm_pb(streams, GENUINE, PEOPLE, QUICK, seed=1)


def test_pace_is_told_by_pbs_found_without_labels(
    fitted: FittedLstmPb, streams: np.ndarray
) -> None:
    known = np.isfinite(streams[:, 1, 0, 0])
    p = fitted(streams)
    assert ((p > 0.5) == GENUINE)[known].mean() > 0.85
    assert np.isfinite(p).all()


def test_a_pb_explains_its_stream(fitted: FittedLstmPb, streams: np.ndarray) -> None:
    seen = fitted.movements.encode(streams.astype(np.float32))
    found = fitted.biases(streams).astype(np.float32)
    own, none, another = (
        errors(fitted.network, seen, biases, QUICK.own)
        for biases in (found, np.zeros_like(found), np.roll(found, 3, axis=0))
    )
    assert np.isnan(own[[5, 9]]).all()
    assert np.nanmean(own) < 0.8 * np.nanmean(none)
    assert np.nanmean(own) < 0.8 * np.nanmean(another)
    assert not found[[5, 9]].any()


def test_a_stream_is_recognised_alike_in_any_company(
    fitted: FittedLstmPb, streams: np.ndarray
) -> None:
    all_of_them = fitted.biases(streams)
    some = fitted.biases(streams[20:23])
    np.testing.assert_allclose(some, all_of_them[20:23], atol=1e-3)


def test_a_pb_draws_its_stream(fitted: FittedLstmPb, streams: np.ndarray) -> None:
    found = fitted.biases(streams)
    whole = np.isfinite(streams[:, 12, 0, 0])
    means = [found[whole & kind].mean(axis=0) for kind in (GENUINE, ~GENUINE)]
    drawn = fitted.generate(np.array(means), 13)
    assert drawn.shape == (2, 13, 66, 2)
    np.testing.assert_allclose(drawn[:, 0], [fitted.movements.rest] * 2, atol=1e-5)
    moved = streams[:, :13] - streams[:, :1]
    true = np.array([moved[whole & kind].mean(axis=0) for kind in (GENUINE, ~GENUINE)])
    apart = ((drawn - drawn[:, :1])[:, None] - true[None]) ** 2
    missed = apart.mean(axis=(2, 3, 4))
    # A slow and a quick PB draw each its own kind.
    assert missed[0, 0] < missed[0, 1]
    assert missed[1, 1] < missed[1, 0]


def test_the_seed_decides_and_the_world_s_does_not(streams: np.ndarray) -> None:
    brief = replace(QUICK, epochs=2, steps=3)
    first = fit_lstm_pb(streams, GENUINE, PEOPLE, brief, seed=3)(streams)
    before = torch.get_rng_state()
    np.testing.assert_array_equal(fit_lstm_pb(streams, GENUINE, PEOPLE, brief, 3)(streams), first)
    assert torch.equal(torch.get_rng_state(), before)
    assert not np.array_equal(fit_lstm_pb(streams, GENUINE, PEOPLE, brief, 4)(streams), first)


def test_where_a_face_is_and_how_it_looks_at_rest_is_not_seen(fitted: FittedLstmPb) -> None:
    stream = drawn_streams(GENUINE[:4], 4.0, np.random.default_rng(7))
    other = stream + np.random.default_rng(8).normal(size=(4, 1, 66, 2)).astype(np.float32)
    first, second = (fitted.movements.encode(some).samples for some in (stream, other))
    np.testing.assert_allclose(first, second, atol=1e-4)


def test_movements_come_back(streams: np.ndarray) -> None:
    narrow = streams.astype(np.float32)
    movements = Movements.fit(narrow, 132)
    seen = movements.encode(narrow)
    back = movements.decode(seen.samples.numpy()) - movements.rest
    moved = narrow - narrow[:, :1]
    np.testing.assert_allclose(back[np.isfinite(moved)], moved[np.isfinite(moved)], atol=1e-3)
    assert seen.lengths[[5, 9]].tolist() == [1, 0]


def test_batches_are_of_like_lengths_and_leave_out_what_cannot_be_predicted() -> None:
    streams = Streams(torch.zeros(7, 9, 1), np.array([9, 1, 3, 0, 4, 8, 3]))
    assert [rows.tolist() for rows in streams.batches(2)] == [[2, 6], [4, 5], [0]]
    samples, predicted = streams.cut(np.array([4, 5]))
    assert samples.shape == (2, 8, 1)
    assert predicted.sum(1).tolist() == [3, 7]


def test_the_network_sees_what_it_is_told_to() -> None:
    torch.manual_seed(0)
    network = LstmPb(3, 2, 5)
    samples, biases = torch.randn(4, 6, 3), torch.randn(4, 2)
    alone = network(samples, biases, own=1.0)
    assert alone.shape == (4, 5, 3)
    elsewhere = torch.cat([samples[:, :1], torch.randn(4, 5, 3)], 1)
    torch.testing.assert_close(network(elsewhere, biases, own=1.0), alone)
    assert not torch.allclose(network(elsewhere, biases, own=0.5), network(samples, biases, 0.5))
    assert not torch.allclose(network(samples, biases + 1, own=1.0), alone)
    drawn = network.generate(samples[:, 0], biases, 6)
    torch.testing.assert_close(drawn, torch.cat([samples[:, :1], alone], 1))


def test_recognition_leaves_the_weights_alone(fitted: FittedLstmPb, streams: np.ndarray) -> None:
    before = {name: value.clone() for name, value in fitted.network.state_dict().items()}
    find_biases(fitted.network, fitted.movements.encode(streams.astype(np.float32)), QUICK)
    for name, value in fitted.network.state_dict().items():
        assert torch.equal(value, before[name])


def test_what_is_saved_answers_and_draws_the_same(
    fitted: FittedLstmPb, streams: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "lstm.safetensors"
    save_lstm_pb(fitted, path)
    again = load_lstm_pb(path)
    np.testing.assert_allclose(again(streams), fitted(streams), atol=1e-4)
    some = fitted.biases(streams[:2])
    np.testing.assert_array_equal(again.generate(some, 8), fitted.generate(some, 8))
    with pytest.raises(DataError, match="copy that file"):
        save_lstm_pb(again, path)
    with pytest.raises(DataError, match="cannot be written"):
        save_lstm_pb(fitted, tmp_path / "no" / "folder")
    with pytest.raises(ModelError, match="is not an LSTM-PB"):
        load_lstm_pb(tmp_path / "none")
    save_file(load_file(path) | {"trees": np.zeros(9, np.uint8)}, path)
    with pytest.raises(ModelError, match="is not an LSTM-PB"):
        load_lstm_pb(path)


def test_too_little_is_refused(streams: np.ndarray) -> None:
    brief = replace(QUICK, epochs=1, steps=1)
    with pytest.raises(DataError, match="clips of both types"):
        fit_lstm_pb(streams[:4], np.ones(4, bool), np.arange(4), brief)
    with pytest.raises(DataError, match="in which a face was found"):
        fit_lstm_pb(streams[:0], GENUINE[:0], PEOPLE[:0], brief)
    with pytest.raises(DataError, match="in which a face was found"):
        fit_lstm_pb(np.full((4, 9, 66, 2), np.nan), GENUINE[:4], PEOPLE[:4], brief)
