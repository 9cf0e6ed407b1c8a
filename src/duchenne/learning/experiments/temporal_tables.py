"""Experiments over time: the rows of the thesis' table 4.7, and ours over embeddings."""

from __future__ import annotations

from typing import Any, Final

from duchenne.learning.experiments.config import Experiment, Sequence, Size

_FULL: Final = Size(None, 16, 60, 16)
_EMBEDDED: Final = Size(None, 16, 20, 64)
_PLAIN: Final = Size(64, 8, 12, 16)
_REDUCED: Final = {"x3d_s": Size(64, 8, 5, 8), "slow_r50": Size(48, 4, 6, 8)}


def _temporal(
    name: str, title: str, network: str, optimiser: str, thesis: tuple[float, ...], **more: Any
) -> Experiment:
    """Table 4.7: a sequence of crops, 12 classes."""
    settings: dict[str, Any] = {"heads": "twelve"} | more
    return Experiment(
        name=f"4.7-{name}",
        table="4.7",
        title=title,
        approach="clips",
        network=network,
        optimiser=optimiser,  # type: ignore[arg-type]
        reduced=_REDUCED.get(network, _PLAIN),
        full=_FULL,
        thesis=dict(zip(("loss", "overall"), thesis, strict=False)),
        **settings,
    )


_TABLE_47: Final = (
    _temporal("cnn3d-adam", "3D-CNN, Adam", "cnn3d", "adam", (0.414, 8.333)),
    _temporal(
        "cnn3d-rmsprop", "3D-CNN, RMSprop", "cnn3d", "rmsprop", (0.105, 9.167), learning_rate=3e-4
    ),
    _temporal(
        "cnn3d-adagrad", "3D-CNN, Adagrad", "cnn3d", "adagrad", (0.105, 10.833), learning_rate=1e-2
    ),
    _temporal("cnn3d-sgd", "3D-CNN, SGD", "cnn3d", "sgd", (0.110, 13.333), learning_rate=1e-2),
    _temporal(
        "cnn3d-sgd-regularised",
        "3D-CNN, SGD + regularization",
        "cnn3d_regularised",
        "sgd",
        (0.107, 15.121),
        learning_rate=1e-2,
        weight_decay=1e-3,
    ),
    _temporal("lstm", "LSTM", "cnn_lstm", "sgd", (0.303, 13.333), learning_rate=1e-2),
    _temporal(
        "x3d", "X3D", "x3d_s", "sgd", (0.537, 17.130), weights="kinetics400", learning_rate=1e-2
    ),
    _temporal(
        "slow-r50",
        "3D-ResNet (slow_r50)",
        "slow_r50",
        "sgd",
        (0.543, 23.333),
        weights="kinetics400",
        learning_rate=1e-2,
    ),
    _temporal(
        "two-heads",
        "3D-CNN, two heads (the thesis' future work)",
        "cnn3d_regularised",
        "adam",
        (),
        heads="two",
        combination="uncertainty",
    ),
)


def _ours(name: str, title: str, approach: str, **more: Any) -> Experiment:
    """A frozen emotion network's embeddings, scored on everybody in turn."""
    settings: dict[str, Any] = {"source": "ours"} | more
    return Experiment(
        name=name,
        table="ours",
        title=title,
        approach=approach,  # type: ignore[arg-type]
        network="emotion_compact",
        weights="fer",
        optimiser="adamw",
        learning_rate=3e-3,
        weight_decay=0.05,
        schedule="cosine",
        reduced=_EMBEDDED,
        full=_EMBEDDED,
        split="folds",
        **settings,
    )


_OURS: Final = (
    _ours("ours-frames", "frames alone, two heads", "embeddings", sequence=Sequence("none")),
    _ours("ours-gru", "GRU, two heads", "embeddings", sequence=Sequence("gru", members=3)),
    _ours(
        "ours-transformer",
        "transformer, two heads",
        "embeddings",
        sequence=Sequence("transformer", members=3),
    ),
    _ours(
        "ours-transformer-landmarks",
        "transformer over crops and landmarks, two heads",
        "embeddings",
        sequence=Sequence("transformer", members=3, measures=True),
    ),
    _ours("ours-statistics", "statistics over time, SVM", "statistics"),
    _ours(
        "ours-statistics-landmarks",
        "statistics over time of crops and landmarks, SVM",
        "statistics",
        sequence=Sequence(measures=True),
    ),
    _ours(
        "ours-statistics-person",
        "statistics over time, each person's own scale, SVM",
        "statistics",
        sequence=Sequence(by_person=True),
    ),
    _ours(
        "s10-pyramid",
        "deep features, spatial pyramid pooling, SVM",
        "pyramid",
        source="EmotiW 2016 entry described in the thesis, chapter 2 (SYSTEMS S10)",
    ),
)

TEMPORAL_EXPERIMENTS: Final = (*_TABLE_47, *_OURS)
