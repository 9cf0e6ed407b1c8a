"""The experiments by name: a row of the thesis' tables 4.3 to 4.7 each, and ours."""

from __future__ import annotations

from typing import Final

from duchenne.learning.configs import by_name
from duchenne.learning.experiments.config import Experiment
from duchenne.learning.experiments.frame_tables import FRAME_EXPERIMENTS
from duchenne.learning.experiments.temporal_tables import TEMPORAL_EXPERIMENTS

EXPERIMENTS: Final[dict[str, Experiment]] = {
    each.name: each for each in (*FRAME_EXPERIMENTS, *TEMPORAL_EXPERIMENTS)
}

TABLES: Final[dict[str, str]] = {
    "4.3": "Single task: 12 classes from frames",
    "4.4": "Two tasks: which backbone",
    "4.5": "Two tasks: how to train it",
    "4.6": "Two tasks: which losses, combined how",
    "4.7": "Time: networks for sequences of crops",
    "ours": "Ours: over embeddings of the crops, every person unseen in turn",
}


def experiment(name: str) -> Experiment:
    """The experiment of that name.

    Raises:
        DataError: there is none.
    """
    return by_name(EXPERIMENTS, name, "an experiment")
