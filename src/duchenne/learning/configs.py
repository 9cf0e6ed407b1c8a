"""What a training recipe says: everything that decides a result, in one frozen record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from duchenne.errors import DataError

Schedule = Literal["constant", "linear", "cosine", "plateau"]
Optimiser = Literal["adam", "adamw", "sgd"]
_Recipe = TypeVar("_Recipe")


@dataclass(frozen=True)
class Augmentation:
    """Random changes of a training picture.

    Attributes:
        flip: mirror left and right with probability one half.
        rotation: largest turn in degrees, either way.
        brightness: factor drawn from 1 +- this.
        contrast: factor drawn from 1 +- this, about the picture's own mean.
        shift: largest move along either axis, as a share of the side.
        zoom: factor drawn from 1 +- this.
        erasing: probability that a rectangle of 2 to 20 % of the picture is painted over with
            noise (random erasing, Zhong et al. 2020).
    """

    flip: bool = True
    rotation: float = 10.0
    brightness: float = 0.1
    contrast: float = 0.1
    shift: float = 0.0
    zoom: float = 0.0
    erasing: float = 0.0


@dataclass(frozen=True)
class Mixing:
    """Pairs of pictures of a batch made into one, labels in the same proportions.

    Attributes:
        mixup: both parameters of the beta distribution of the share (Zhang et al. 2018); 0: never.
        cutmix: the same for rectangles cut from the other picture (Yun et al. 2019); 0: never.
        probability: of mixing a batch at all; where both are given, either is as likely.
    """

    mixup: float = 0.0
    cutmix: float = 0.0
    probability: float = 1.0


@dataclass(frozen=True)
class Distillation:
    """Learning from the outputs of trained networks (Hinton et al. 2015).

    Attributes:
        teachers: recipes whose best epochs teach, their probabilities averaged; those that are
            not trained yet are trained first.
        weight: of the teachers' part of the loss, 0 to 1; the labels have the rest.
        temperature: divides both sides' logits.
        once: the teachers look at each picture and its mirror image once, before the training,
            instead of at every change of it; their probabilities at temperature 1 become part of
            the labels. Many slow teachers then cost next to nothing.
    """

    teachers: tuple[str, ...] = ()
    weight: float = 0.7
    temperature: float = 2.0
    once: bool = False


@dataclass(frozen=True)
class EmotionConfig:
    """One recipe for an emotion network.

    Attributes:
        target: which classes, a name of ``evaluation.targets``.
        weights: where the weights start: ``none``; ``dlib``, ``vggface2`` or ``imagenet`` (where
            the network has such published weights, see ``starting``); ``fer``; or a file.
        frozen: train only the layer that decides between the classes.
        fixed: parts of the network, by name, that keep their weights and statistics; the early
            layers of a network that has seen many faces cost most of the time and learn least.
        schedule: ``constant``; ``linear`` or ``cosine`` from ``learning_rate`` down to zero over
            all epochs; ``plateau`` lowers it whenever the PublicTest loss stops falling.
        factor: what ``plateau`` multiplies the learning rate by.
        plateau_patience: epochs without a better loss before it does so.
        warmup: epochs over which the learning rate first rises from zero; with ``cosine``.
        momentum: of SGD, in Nesterov's form.
        clip: largest norm of a step's gradient; none: unlimited.
        label_smoothing: share of the target spread evenly over the classes (Szegedy et al. 2016).
        votes: share of the target that is FER+'s votes instead of FER-2013's label, 0 to 1.
        balanced: draw each class equally often.
        averaging: decay of the running average of the weights that is validated and exported.
        patience: stop after this many epochs without a better PublicTest accuracy.
        start_from: another recipe whose last checkpoint this one continues, weights and
            optimiser alike.
        start_epochs: how many epochs the other recipe is trained for first, where it has not
            been trained that long yet.
        precision: Lightning's name; bf16 costs a third of fp32 on a CPU that has it.
        source: where the recipe comes from.
    """

    name: str
    network: str
    epochs: int
    batch_size: int
    learning_rate: float
    source: str
    target: str = "fer7"
    weights: str = "none"
    frozen: bool = False
    fixed: tuple[str, ...] = ()
    optimiser: Optimiser = "adam"
    momentum: float = 0.9
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    factor: float = 0.5
    plateau_patience: int = 3
    warmup: float = 0.0
    clip: float | None = None
    label_smoothing: float = 0.0
    votes: float = 0.0
    balanced: bool = False
    averaging: float | None = None
    patience: int | None = None
    start_from: str | None = None
    start_epochs: int = 0
    augmentation: Augmentation = field(default_factory=Augmentation)
    mixing: Mixing = field(default_factory=Mixing)
    distillation: Distillation = field(default_factory=Distillation)
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    seed: int = 0

    def __post_init__(self) -> None:
        shares = {
            "label_smoothing": self.label_smoothing,
            "votes": self.votes,
            "erasing": self.augmentation.erasing,
            "mixing probability": self.mixing.probability,
            "distillation weight": self.distillation.weight,
        }
        for name, value in shares.items():
            if not 0.0 <= value <= 1.0:
                raise DataError(f"Recipe {self.name}: {name} is a share, 0 to 1, not {value:g}.")
        # Written so that NaN fails it too.
        if not (0.0 <= self.learning_rate < math.inf and min(self.epochs, self.batch_size) >= 1):
            raise DataError(
                f"Recipe {self.name}: a learning rate is a number from 0 on, and epochs and batch "
                "size are 1 or more."
            )
        if not (0.0 < self.factor < 1.0 and self.plateau_patience >= 0):
            raise DataError(
                f"Recipe {self.name}: a plateau's factor lies between 0 and 1, and its patience "
                "is 0 or more."
            )
        if self.averaging is not None and not 0.0 < self.averaging < 1.0:
            raise DataError(f"Recipe {self.name}: averaging lies between 0 and 1.")
        if self.distillation.temperature <= 0:
            raise DataError(f"Recipe {self.name}: a distillation's temperature is above 0.")
        if self.distillation.once and self.distillation.temperature != 1:
            raise DataError(f"Recipe {self.name}: teachers who look once teach at temperature 1.")

    @property
    def depends_on_its_length(self) -> bool:
        """Whether another number of epochs means another learning rate from the start."""
        return self.schedule in ("linear", "cosine")


def by_name(recipes: Mapping[str, _Recipe], name: str, task: str) -> _Recipe:
    """The recipe of that name.

    Raises:
        DataError: there is none; the sentence lists those for the ``task``.
    """
    if name not in recipes:
        known = ", ".join(sorted(recipes))
        raise DataError(f"No recipe {name!r} for {task}; there are: {known}.")
    return recipes[name]
