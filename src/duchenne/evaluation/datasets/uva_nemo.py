"""Reads the smile dynamics of the UvA-NEMO database: 1,236 smiles as numbers, no pictures.

Dibeklioglu, Salah and Gevers, "Are You Really Smiling at Me?", ECCV 2012; the table was computed
and published by Viglianisi and others (University of Trento, 2017). For research use; nothing of
it is part of this package. It names no subjects, so people of one gender and age are kept together:
whoever has several smiles in the table is then never on both sides of a split.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError, reason
from duchenne.expressions.phases import COLUMNS

TABLE: Final = "smile_dynamics.csv"
FOLDS: Final = 10
REPEATS: Final = 10

EYES: Final[tuple[str, ...]] = tuple(name.replace("lip_", "eye_", 1) for name in COLUMNS)
"""The 75 columns of the eyelids: no signal in this table, kept to show that."""

_KEYS: Final = ("class", "gender", "age")
_OLDEST: Final = 120
_AGES: Final = _OLDEST + 1


@dataclass(frozen=True, eq=False)
class UvaNemo:
    """Smiles as numbers.

    Attributes:
        lips: (N, 75) in the order of ``expressions.phases.COLUMNS``, in its units, but for
            ``left_right_amplitude_difference``: pixels of a scale that nobody knows.
        eyes: (N, 75) in the order of ``EYES``.
        spontaneous: (N,) bool; False for deliberate. The table's class 0 is spontaneous.
        groups: (N,) int64, a number for each pair of gender and age.
    """

    lips: NDArray[np.float64]
    eyes: NDArray[np.float64]
    spontaneous: NDArray[np.bool_]
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.spontaneous)

    @property
    def gender(self) -> NDArray[np.int64]:
        """(N,) 0 or 1; which is which, the table does not say."""
        return self.groups // _AGES

    @property
    def age(self) -> NDArray[np.int64]:
        """(N,) years."""
        return self.groups % _AGES

    def folds(self, seed: int, count: int = FOLDS) -> NDArray[np.intp]:
        """(N,) the fold that each smile is tested in; see ``deal``."""
        return deal(self.groups, seed, count)


def deal(groups: NDArray[np.int64], seed: int, count: int = FOLDS) -> NDArray[np.intp]:
    """Deal whole groups into folds of about equal size, in an order drawn by ``seed``.

    Args:
        groups: (N,) which group each row belongs to.
        seed: of the order; each group in turn goes to the fold that has fewest rows.
        count: how many folds, at least 2.

    Returns:
        (N,) from 0 to ``count`` - 1; every fold has rows, and no group is in two.

    Raises:
        DataError: there are fewer groups than folds, or fewer than two folds.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if not 2 <= count <= len(sizes):
        raise DataError(
            f"{len(sizes)} group(s) of rows cannot be dealt into {count} fold(s): there should be "
            "two folds or more, and a group for each."
        )
    fold_of = np.zeros(len(sizes), np.intp)
    filled = np.zeros(count, np.int64)
    for member in np.random.default_rng(seed).permutation(len(sizes)):
        fold = int(filled.argmin())
        fold_of[member] = fold
        filled[fold] += sizes[member]
    return fold_of[group]


def read_uva_nemo(folder: str | Path) -> UvaNemo:
    """Read ``smile_dynamics.csv`` of a folder, or that file itself.

    Raises:
        DataError: it is not there, lacks columns, or holds values that cannot be.
    """
    path = Path(folder)
    path = path / TABLE if path.is_dir() else path
    if not path.is_file():
        raise DataError(f"No UvA-NEMO smiles at {folder}: give the folder of {TABLE}.")
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not a CSV table: {reason(error)}.") from error
    wanted = [*_KEYS, *COLUMNS, *EYES]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise DataError(f"{path} lacks {len(missing)} column(s), such as {missing[0]}.")
    values = table[wanted].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    strange = ~np.isfinite(values)
    if strange.any():
        row, column = (int(place) for place in np.argwhere(strange)[0])
        raise DataError(f"{path}, row {row + 2}: {wanted[column]} should be a number.")
    _check_keys(path, values)
    kind, gender, age = values[:, :3].T
    lips, eyes = np.split(values[:, 3:], [len(COLUMNS)], axis=1)
    groups = (gender * _AGES + age).astype(np.int64)
    return UvaNemo(lips, eyes, kind == 0, groups)


def _check_keys(path: Path, values: NDArray[np.float64]) -> None:
    kind, gender, age = values[:, :3].T
    if set(kind.tolist()) != {0.0, 1.0}:
        raise DataError(f"{path}: class should be 0 (spontaneous) or 1 (deliberate), both of them.")
    if not np.isin(gender, (0.0, 1.0)).all():
        raise DataError(f"{path}: gender should be 0 or 1 in every row.")
    if not (((age >= 0) & (age <= _OLDEST)).all() and (age == np.round(age)).all()):
        raise DataError(f"{path}: age should be whole years from 0 to {_OLDEST}.")
