"""Genuine or posed by LSTM with parametric bias and gradient boosting (SYSTEMS S8).

Huynh and Kim, ICCV Workshops 2017 (first place of the ChaLearn 2017 challenge, 66.7 %), as Gagatsis
(master's thesis, Maastricht University) describes it: a network learns to predict streams of
landmarks, with a vector for each stream, the parametric bias (PB); the PB of a new stream is found
by gradient steps with frozen weights; gradient boosting (Friedman, Annals of Statistics 29, 2001)
tells genuine from posed PBs; and a PB draws a stream. Sizes were set on the first of PEDFE's folds.

What the network sees is the movement away from a clip's first sample, so that neither the shape of
a face nor its place decides.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.statistics.sigmoid import Sigmoid
from duchenne.genuineness.smile import log_odds
from duchenne.learning.genuineness_curve import fit_curve
from duchenne.learning.genuineness_lstm_pb_learning import (
    LstmPbSettings,
    Streams,
    find_biases,
    learn,
)
from duchenne.learning.networks.lstm_pb import LstmPb

Matrix = NDArray[np.float64]

TREES: Final = 150
DEPTH: Final = 3
TREE_RATE: Final = 0.05
SHARE_OF_ROWS: Final = 0.6
_NETWORK: Final = "network."


class Judge(Protocol):
    """(n, bias) PBs to (n,) log odds of genuine."""

    def __call__(self, biases: Matrix) -> Matrix: ...


@dataclass(frozen=True, eq=False)
class Movements:
    """Between streams of landmarks and what the network sees of them.

    Attributes:
        rest: (points, 2) mean first sample of the training streams, cm.
        components: (k, points x 2) principal movements.
        spread: (k,) cm that are 1 to the network: the geometric mean of a component's own spread
            and the first one's, so that small movements count and noise does not take over.
    """

    rest: NDArray[np.float32]
    components: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def fit(cls, streams: NDArray[np.float32], components: int) -> Movements:
        """From (n, t, points, 2) in cm, NaN after the end of each.

        Raises:
            DataError: no stream has a sample.
        """
        begun = np.isfinite(streams[:, 0]).all(axis=(1, 2))
        if not begun.any():
            raise DataError("Training needs clips in which a face was found.")
        moved = _moved(streams)
        rows = moved[np.isfinite(moved[:, :, 0])]
        values, vectors = np.linalg.eigh(rows.T @ rows / len(rows))
        found = vectors.T[::-1][:components]
        own = np.sqrt(np.maximum(values[::-1][:components], 1e-12))
        return cls(
            streams[begun, 0].mean(axis=0), np.ascontiguousarray(found), np.sqrt(own * own[0])
        )

    def encode(self, streams: NDArray[np.float32]) -> Streams:
        """(n, t, points, 2) cm to what the network sees."""
        seen = _moved(streams) @ self.components.T / self.spread
        known = np.isfinite(seen[:, :, 0])
        return Streams(torch.from_numpy(np.nan_to_num(seen)), known.sum(axis=1))

    def decode(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, t, k) to (n, t, points, 2) in cm, on the mean face at rest."""
        moved = (seen * self.spread) @ self.components
        return np.asarray(self.rest + moved.reshape(*seen.shape[:2], *self.rest.shape))


@dataclass(frozen=True, eq=False)
class FittedLstmPb:
    """A trained LSTM-PB with its judge.

    Attributes:
        settings: it was trained with.
        movements: what the network sees.
        network: with frozen weights.
        judge: gradient boosting on the PBs.
        curve: from log odds to probabilities that hold for people it did not see.
    """

    settings: LstmPbSettings
    movements: Movements
    network: LstmPb
    judge: Judge
    curve: Sigmoid

    def __call__(self, streams: Matrix) -> Matrix:
        """(n, t, points, 2) in cm to (n,) probabilities of genuine."""
        return self.curve(self.judge(self.biases(streams)))

    def biases(self, streams: Matrix) -> Matrix:
        """Recognition: the PB of each stream, (n, bias), before the tanh that bounds it."""
        seen = self.movements.encode(streams.astype(np.float32))
        return find_biases(self.network, seen, self.settings).astype(np.float64)

    def generate(self, biases: Matrix, length: int) -> NDArray[np.float32]:
        """Generation: the streams that PBs stand for, from the mean face at rest.

        Args:
            biases: (n, bias) as ``biases`` gives them, or means of such.
            length: samples at ``STREAM_RATE``, at least 2.

        Returns:
            (n, length, points, 2) in cm.
        """
        some = torch.from_numpy(biases.astype(np.float32))
        with torch.inference_mode():
            first = torch.zeros(len(some), self.settings.components)
            drawn = self.network.generate(first, some, length)
        return self.movements.decode(drawn.numpy())


def fit_lstm_pb(
    streams: Matrix,
    genuine: NDArray[np.bool_],
    people: NDArray[Any],
    settings: LstmPbSettings | None = None,
    seed: int = 0,
) -> FittedLstmPb:
    """Learn the network, find the PBs of its own streams as those of new ones, and boost on them.

    Args:
        streams: (n, t, points, 2) landmarks in cm, NaN after the end of a clip.
        genuine: (n,) bool.
        people: (n,) whose clips they are; at least two people with both types among the others.
        settings: by default those of ``LstmPbSettings``.
        seed: of the weights, the order of streams, the trees and the inner folds.

    Raises:
        DataError: only one type, too few people, or no stream.
    """
    wanted = settings or LstmPbSettings()
    narrow = streams.astype(np.float32)
    movements = Movements.fit(narrow, wanted.components)
    seen = movements.encode(narrow)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = learn(seen, wanted)
    biases = find_biases(network, seen, wanted).astype(np.float64)

    def fit(some: Matrix, kinds: NDArray[np.bool_]) -> Judge:
        return _Boosted(_boosting(seed).fit(some, kinds))

    curve = fit_curve(biases, genuine, people, fit, seed)
    return FittedLstmPb(wanted, movements, network, fit(biases, genuine), curve)


def save_lstm_pb(fitted: FittedLstmPb, path: Path) -> None:
    """Write all of it as safetensors, the trees as ONNX inside.

    Raises:
        DataError: the file cannot be written, or the judge is one that was read from a file.
    """
    from duchenne.learning.smile_export import to_bytes

    if not isinstance(fitted.judge, _Boosted):
        raise DataError("This LSTM-PB was read from a file: copy that file.")
    tables = {_NETWORK + name: value.numpy() for name, value in fitted.network.state_dict().items()}
    tables |= {part.name: getattr(fitted.movements, part.name) for part in fields(Movements)}
    tables["curve"] = np.array([getattr(fitted.curve, f.name) for f in fields(Sigmoid)])
    trees = to_bytes(fitted.judge.trees, fitted.settings.bias)
    tables["trees"] = np.frombuffer(trees, np.uint8)
    tables["settings"] = np.frombuffer(json.dumps(asdict(fitted.settings)).encode(), np.uint8)
    try:
        save_file(tables, path)
    except (OSError, SafetensorError) as error:
        raise DataError(f"{path} cannot be written: choose another folder.") from error


def load_lstm_pb(path: Path) -> FittedLstmPb:
    """What ``save_lstm_pb`` wrote.

    Raises:
        ModelError: the file is not there, or holds something else.
    """
    try:
        tables = load_file(path)
        settings = LstmPbSettings(**json.loads(tables["settings"].tobytes()))
        network = LstmPb(settings.components, settings.bias, settings.hidden)
        state = {k.removeprefix(_NETWORK): v for k, v in tables.items() if k.startswith(_NETWORK)}
        network.load_state_dict({name: torch.from_numpy(v) for name, v in state.items()})
        movements = Movements(**{part.name: tables[part.name] for part in fields(Movements)})
        judge = _Written.from_bytes(tables["trees"].tobytes())
        curve = Sigmoid(*map(float, tables["curve"]))
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError, TypeError) as error:
        raise ModelError(f"{path} is not an LSTM-PB of duchenne train genuineness.") from error
    return FittedLstmPb(settings, movements, network.eval().requires_grad_(False), judge, curve)


@dataclass(frozen=True, eq=False)
class _Boosted:
    """scikit-learn's trees."""

    trees: Any

    def __call__(self, biases: Matrix) -> Matrix:
        return log_odds(self.trees.predict_proba(biases.astype(np.float32))[:, 1])


@dataclass(frozen=True, eq=False)
class _Written:
    """The same trees in ONNX Runtime."""

    session: Any

    @classmethod
    def from_bytes(cls, content: bytes) -> _Written:
        import onnxruntime

        try:
            session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors have no base class of their own
            raise ValueError("ONNX Runtime cannot run the trees.") from error
        return cls(session)

    def __call__(self, biases: Matrix) -> Matrix:
        found = self.session.run(["probabilities"], {"inputs": biases.astype(np.float32)})[0]
        return log_odds(found[:, 1].astype(np.float64))


def _boosting(seed: int) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        n_estimators=TREES,
        learning_rate=TREE_RATE,
        max_depth=DEPTH,
        subsample=SHARE_OF_ROWS,
        random_state=seed,
    )


def _moved(streams: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, t, points, 2) to (n, t, points x 2), away from the first sample."""
    return (streams - streams[:, :1]).reshape(*streams.shape[:2], -1)
