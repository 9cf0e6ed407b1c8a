"""What stands on both sides: people, copies and near copies; and labels that contradict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from duchenne.evaluation.audit.items import AuditSet, Names
from duchenne.evaluation.datasets.copies import Distinct
from duchenne.evaluation.datasets.near_copies import NearCopies, near_copies

Rows = NDArray[np.int64]

MOST_LISTED: Final = 200
"""Groups of copies that ``to_dict`` lists; the counts are of all."""


@dataclass(frozen=True, eq=False)
class Leaks:
    """What a split cannot keep apart.

    Attributes:
        splits: the parts of the data set's own split, the largest first; none where it has none.
        rows: of each split.
        people: (S, S) how many people stand in both splits; on the diagonal, in this one.
        one_label: people of whom all items, at least two, carry the same label.
        named: people who are named.
        copies: groups of two or more items that are the same.
        conflicting: those of the groups whose labels differ.
        copied: (S, S) items of the first split that stand in the second too.
        strangers: groups of copies that are said to show different people.
        near: pairs of items whose pictures are nearly the same; of copies, the first.
        near_conflicting: (M,) bool: the labels of the pair have nothing in common.
        near_copied: (S, S) items of the first split with a near copy, but no copy, in the second.
        compared: whether pictures could be compared at all.
    """

    splits: tuple[str, ...]
    rows: tuple[int, ...]
    people: Rows
    one_label: tuple[str, ...]
    named: int
    copies: tuple[Rows, ...]
    conflicting: tuple[Rows, ...]
    copied: Rows
    strangers: tuple[Rows, ...]
    near: NearCopies
    near_conflicting: NDArray[np.bool_]
    near_copied: Rows
    compared: bool

    @property
    def shared_people(self) -> int:
        """The largest number of people in two splits."""
        return int(_off_diagonal(self.people).max(initial=0))

    def crossing(self) -> list[tuple[str, str, int, int, int]]:
        """Pairs of splits with something in common: items of the first split, of which so many
        stand in the second, and so many more nearly do. The first is the smaller of the two.
        """
        found = []
        for small in range(len(self.splits)):
            for large in range(small):
                same, near = int(self.copied[small, large]), int(self.near_copied[small, large])
                if same + near:
                    names = self.splits[small], self.splits[large]
                    found.append((*names, self.rows[small], same, near))
        return found

    def to_dict(self, names: Names) -> dict[str, Any]:
        """JSON-ready; items by their names."""
        return {
            "splits": dict(zip(self.splits, self.rows, strict=True)),
            "people_named": self.named,
            "people_in_two_splits": _named(self.people, self.splits),
            "people_with_one_label": len(self.one_label),
            "copies": {
                "groups": len(self.copies),
                "items": sum(len(group) for group in self.copies),
                "conflicting": len(self.conflicting),
                "of_different_people": len(self.strangers),
                "items_that_stand_in": _named(self.copied, self.splits),
                "listed": [names[g].tolist() for g in self.copies[:MOST_LISTED]],
                "conflicting_listed": [names[g].tolist() for g in self.conflicting[:MOST_LISTED]],
            },
            "near_copies": {
                "compared": self.compared,
                "pairs": len(self.near),
                "conflicting": int(self.near_conflicting.sum()),
                "items_without_a_copy_that_nearly_stand_in": _named(self.near_copied, self.splits),
            },
        }


def find_leaks(data: AuditSet, on_step: Callable[[], object] | None = None) -> Leaks:
    """Compare every item with every other.

    Args:
        data: the items, all of them.
        on_step: see ``near_copies``.
    """
    splits, place, rows = _splits(data)
    distinct = _distinct(data)
    groups = distinct.groups()
    label = np.unique(data.label, return_inverse=True)[1]
    standing = distinct.stands_in(place, len(splits)) if splits else np.zeros((len(data), 0), bool)
    near = _near(data, distinct, on_step)
    one, other = near.pairs.T
    return Leaks(
        splits=splits,
        rows=rows,
        people=_people(data, place, len(splits)),
        one_label=_with_one_label(data),
        named=len(set(data.subject.tolist()) - {""}),
        copies=tuple(groups),
        conflicting=tuple(g for g in groups if np.ptp(label[g]) > 0),
        copied=_crossing(standing, place, len(splits)),
        strangers=tuple(g for g in groups if len(set(data.subject[g].tolist()) - {""}) > 1),
        near=near,
        near_conflicting=np.asarray(data.label[one] != data.label[other], np.bool_),
        near_copied=_near_crossing(near, distinct, place, len(splits)),
        compared=data.thumbnails is not None,
    )


def _splits(data: AuditSet) -> tuple[tuple[str, ...], Rows, tuple[int, ...]]:
    """Names of the splits, the largest first, the place of each item's, and their sizes."""
    names, numbers, counts = np.unique(data.split, return_inverse=True, return_counts=True)
    if len(names) < 2:
        return (), np.zeros(len(data), np.int64), ()
    order = np.argsort(-counts, kind="stable")
    place = np.argsort(order)[numbers].astype(np.int64)
    shown = tuple(str(names[i]) or "no split" for i in order)
    return shown, place, tuple(int(counts[i]) for i in order)


def _distinct(data: AuditSet) -> Distinct:
    keys = nobody_alike(data)
    _, first, of_row = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return Distinct(np.argsort(order)[of_row].astype(np.int64), first[order].astype(np.int64))


def nobody_alike(data: AuditSet) -> Names:
    """(N,) keys; an item whose content is not known is like no other."""
    alone = np.array([f"row {row}" for row in range(len(data))])
    return alone if data.keys is None else np.where(data.keys == "", alone, data.keys)


def _near(
    data: AuditSet, distinct: Distinct, on_step: Callable[[], object] | None = None
) -> NearCopies:
    nothing = NearCopies(np.zeros((0, 2), np.int64), np.zeros(0, np.int64), np.zeros(0))
    if data.thumbnails is None:
        return nothing
    near = near_copies(data.thumbnails[distinct.first], on_step)
    return NearCopies(distinct.first[near.pairs], near.distance, near.correlation)


def _people(data: AuditSet, place: Rows, splits: int) -> Rows:
    known = data.subject != ""
    if not splits or not known.any():
        return np.zeros((splits, splits), np.int64)
    person = np.unique(data.subject[known], return_inverse=True)[1]
    present = np.zeros((int(person.max()) + 1, splits), np.int64)
    present[person, place[known]] = 1
    return np.asarray(present.T @ present, np.int64)


def _with_one_label(data: AuditSet) -> tuple[str, ...]:
    found = []
    for person in sorted(set(data.subject.tolist()) - {""}):
        labels = data.label[data.subject == person]
        if len(labels) > 1 and (labels == labels[0]).all():
            found.append(person)
    return tuple(found)


def _crossing(standing: NDArray[np.bool_], place: Rows, splits: int) -> Rows:
    rows = [standing[place == s].sum(axis=0) for s in range(splits)]
    return np.stack(rows).astype(np.int64) if rows else np.zeros((0, 0), np.int64)


def _near_crossing(near: NearCopies, distinct: Distinct, place: Rows, splits: int) -> Rows:
    if not splits:
        return np.zeros((0, 0), np.int64)
    present = distinct.count(place, splits) > 0
    numbers = NearCopies(distinct.of_row[near.pairs], near.distance, near.correlation)
    standing = numbers.spread(present)[distinct.of_row] & ~distinct.stands_in(place, splits)
    return _crossing(standing, place, splits)


def _off_diagonal(table: Rows) -> Rows:
    return table - np.diag(np.diag(table)) if table.size else table


def _named(table: Rows, names: tuple[str, ...]) -> dict[str, dict[str, int]]:
    rows = (dict(zip(names, row, strict=True)) for row in table.tolist())
    return dict(zip(names, rows, strict=True))
