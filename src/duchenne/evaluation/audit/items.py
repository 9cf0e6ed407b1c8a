"""A data set as the audit sees it: what is known about each item, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError

Kind = Literal["pictures", "clips", "recordings", "features"]
Names = NDArray[np.str_]
Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

THUMBNAIL: Final = 48
"""Side of the small grey pictures that copies are looked for in."""
LEAST_OF_A_LABEL: Final = 5
LEAST_ITEMS: Final = 20
MOST_LABELS: Final = 50
_ARRAYS: Final = ("neutral", "content", "thumbnails", "keys", "measured", "pictures")


@dataclass(frozen=True, eq=False)
class AuditSet:
    """N labelled items with everything the audit looks at; "" stands for "nobody said".

    Attributes:
        name: of the data set.
        kind: what an item is.
        names: (N,) of the items: paths, codes, row numbers.
        label: (N,) what a model would learn.
        subject: (N,) who is seen.
        source: (N,) the collection, camera or session that an item comes from.
        split: (N,) the part of the data set's own split, such as Training.
        categories: further groups of the items by name, (N,) each: emotion, gender.
        nuisances: name to (N,) what an expression does not change: size, brightness; NaN where it
            was not measured.
        intensity: name to (N,) how strong the expression is, by whatever measure there is.
        neutral: (N, q) the face in each item's quietest frame; None without frames.
        content: (N, p) what a simple model could learn from: small pictures, or features.
        thumbnails: (N, 48, 48) uint8 grey; None without pictures.
        keys: (N,) equal where two items are the same, byte for byte or pixel for pixel; "" unknown.
        measured: (N,) bool: the rows of which nuisances and content are known; None: all.
        unreadable: a sentence for each file that could not be read; they are no items.
        notes: what a reader should know about how this was read.
        content_name: what the content is, in words.
        pictures: (N,) functions without arguments, each gives an item's picture, (H, W) or
            (H, W, 3) uint8 RGB; None without pictures.
        table: N rows of numbers as they were given, for models that read features.
    """

    name: str
    kind: Kind
    names: Names
    label: Names
    subject: Names
    source: Names
    split: Names
    categories: Mapping[str, Names] = field(default_factory=dict)
    nuisances: Mapping[str, Vector] = field(default_factory=dict)
    intensity: Mapping[str, Vector] = field(default_factory=dict)
    neutral: Matrix | None = None
    content: Matrix | None = None
    thumbnails: NDArray[np.uint8] | None = None
    keys: Names | None = None
    measured: NDArray[np.bool_] | None = None
    unreadable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    content_name: str = "features"
    pictures: NDArray[np.object_] | None = None
    table: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        rows = len(self.label)
        columns = {
            "names": self.names,
            "subject": self.subject,
            "source": self.source,
            "split": self.split,
            **self.categories,
            **self.nuisances,
            **self.intensity,
        }
        columns |= {
            name: values
            for name in (*_ARRAYS, "table")
            if (values := getattr(self, name)) is not None
        }
        wrong = [name for name, values in columns.items() if len(values) != rows]
        if wrong:
            raise DataError(
                f"{self.name} has {rows} labels and {len(columns[wrong[0]])} rows of {wrong[0]}."
            )

    def check(self) -> AuditSet:
        """Itself, if it can be audited.

        Raises:
            DataError: too few items, an item without a label, one label only, too many, or one
                with too few items.
        """
        if len(self.label) < LEAST_ITEMS:
            raise DataError(
                f"{self.name} has {len(self.label)} items: an audit needs {LEAST_ITEMS} or more."
            )
        if (self.label == "").any():
            where = self.names[int((self.label == "").argmax())]
            raise DataError(f"{self.name}: {where} has no label; leave it out or label it.")
        found, counts = np.unique(self.label, return_counts=True)
        if not 2 <= len(found) <= MOST_LABELS:
            raise DataError(
                f"{self.name} has {len(found)} different label(s): an audit compares from 2 to "
                f"{MOST_LABELS}; name another column as the label."
            )
        if counts.min() < LEAST_OF_A_LABEL:
            raise DataError(
                f"{self.name} has {counts.min()} item(s) labelled {str(found[counts.argmin()])!r}: "
                f"give each label {LEAST_OF_A_LABEL} or more, or leave it out."
            )
        return self

    def __len__(self) -> int:
        return len(self.label)

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels, in alphabetical order."""
        return tuple(str(name) for name in np.unique(self.label))

    @property
    def groups(self) -> NDArray[np.int64]:
        """(N,) a number for each person; an item of nobody known is a group of its own, and all
        are where only one person is named.
        """
        named = len(set(self.subject.tolist()) - {""})
        if named < 2:
            return np.arange(len(self))
        alone = np.array([f"\0{row}" for row in range(len(self))])
        keys = np.where(self.subject == "", alone, self.subject)
        return np.unique(keys, return_inverse=True)[1].astype(np.int64)

    @property
    def knows_subjects(self) -> bool:
        """Whether somebody is named for more than one item."""
        return len(np.unique(self.groups)) < len(self)

    def rows(self, chosen: NDArray[np.bool_]) -> AuditSet:
        """Some of the items: (N,) bool."""
        parts = ("names", "label", "subject", "source", "split")
        found: dict[str, Any] = {
            name: getattr(self, name)[chosen]
            for name in (*parts, *_ARRAYS, "table")
            if getattr(self, name) is not None
        }
        tables: dict[str, Any] = {
            name: {key: values[chosen] for key, values in getattr(self, name).items()}
            for name in ("categories", "nuisances", "intensity")
        }
        return replace(self, **found, **tables)

    def known(self) -> AuditSet:
        """The items that were measured."""
        return self if self.measured is None else self.rows(self.measured)


def nobody(rows: int) -> Names:
    """(rows,) of "": a column that nobody filled in."""
    return np.full(rows, "", dtype="U1")


def texts(values: object) -> Names:
    """Anything that lists as an array of stripped texts."""
    listed = values.tolist() if hasattr(values, "tolist") else list(values)  # type: ignore[call-overload]
    return np.array([str(value).strip() for value in listed], dtype=np.str_)
