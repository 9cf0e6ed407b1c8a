"""What a model could see instead of the expression, each as the inputs of a small model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.items import AuditSet, Names
from duchenne.evaluation.audit.ridge import additive_basis, joint_basis

Matrix = NDArray[np.float64]
Sort = Literal["nuisances", "group", "names", "intensity", "neutral"]

BUCKETS: Final = 64
MOST_VALUES: Final = 60


@dataclass(frozen=True, eq=False)
class Probe:
    """A question to the data set: how well do these inputs alone tell the labels apart?

    Attributes:
        name: of the question, for a person.
        sort: nuisances (all of them), group (one category), names (of the files), intensity
            (of the expression), neutral (faces at rest).
        basis: (N, p) inputs of the ridge.
    """

    name: str
    sort: Sort
    basis: Matrix


def probes(data: AuditSet) -> Iterator[Probe]:
    """Every question that this data set can be asked."""
    if data.nuisances:
        values = np.column_stack(list(data.nuisances.values()))
        yield Probe("all nuisances, added up", "nuisances", additive_basis(values))
        yield Probe("all nuisances together", "nuisances", joint_basis(values))
    for name, group in grouping(data).items():
        yield Probe(name, "group", _one_hot(group))
    if len(set(data.names.tolist())) == len(data) and not _numbered(data.names):
        yield Probe("file names", "names", name_features(data.names))
    if data.intensity:
        strengths = np.column_stack(list(data.intensity.values()))
        yield Probe("intensity alone", "intensity", additive_basis(strengths))
    if data.neutral is not None:
        yield Probe("neutral frames alone", "neutral", additive_basis(data.neutral))


def grouping(data: AuditSet) -> dict[str, Names]:
    """Groups of more than one value; people and splits are looked at elsewhere."""
    groups = {"source": data.source, **data.categories}
    return {
        name: values
        for name, values in groups.items()
        if 2 <= len(np.unique(values)) <= min(MOST_VALUES, len(data) // 2)
    }


def name_features(names: Names) -> Matrix:
    """(N, 67): how often each group of three characters occurs, by hash, digits all alike; then
    length, number of digits, and the last number. Folders are left out: they may be the labels.
    """
    found = np.zeros((len(names), BUCKETS + 3))
    for row, name in enumerate(names.tolist()):
        stem = name.replace("\\", "/").rsplit("/", 1)[-1]
        plain = f"^{re.sub('[0-9]', '0', stem.lower())}$"
        for start in range(len(plain) - 2):
            found[row, _bucket(plain[start : start + 3])] += 1
        numbers = re.findall("[0-9]+", stem)
        last = np.log1p(float(numbers[-1][:12])) if numbers else 0.0
        found[row, BUCKETS:] = len(stem), sum(map(len, numbers)), last
    return found


def _bucket(text: str) -> int:
    # Python's own hash of texts differs from run to run.
    value = 0
    for character in text:
        value = (value * 131 + ord(character)) % 1_000_003
    return value % BUCKETS


def _numbered(names: Names) -> bool:
    """Row numbers are no file names."""
    return all(re.fullmatch(r"(row )?[0-9]+", name) for name in names.tolist())


def _one_hot(values: Names) -> Matrix:
    found = np.unique(values)
    return np.asarray(values[:, None] == found[None, :], np.float64)
