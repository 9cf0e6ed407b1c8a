"""Findings about copies, people and labels in words."""

from __future__ import annotations

from collections.abc import Iterator

from duchenne.evaluation.audit.finding import LEAK, LOPSIDED, Evidence, Verdict, many
from duchenne.evaluation.audit.leaks import Leaks


def copy_verdicts(found: Evidence) -> Iterator[Verdict]:
    """What stands twice, or on both sides."""
    yield from _on_both_sides(found.leaks)
    yield from _twice(found.leaks)
    if not found.leaks.copies and found.data.keys is not None:
        yield Verdict("good", "copies", "No item stands in it twice.", "No exact copies.")
    yield from _one_label(found.leaks)


def _on_both_sides(leaks: Leaks) -> Iterator[Verdict]:
    if leaks.shared_people:
        yield Verdict(
            "bad",
            "split",
            "People stand on both sides of the data set's own split.",
            f"Named in two splits: {leaks.shared_people:,} of {leaks.named:,} people.",
            "Split anew by subject; results on this split measure who is known.",
        )
    for small, large, rows, same, near in leaks.crossing():
        share = (same + near) / rows
        yield Verdict(
            "bad" if share >= LEAK else "note",
            "split",
            f"{100 * share:.1f} % of {small} stands in {large} too.",
            f"Of {rows:,} items {same:,} are exact copies, and {near:,} more nearly so.",
            "Report results without these items, or split anew with copies together.",
        )


def _twice(leaks: Leaks) -> Iterator[Verdict]:
    if leaks.strangers:
        yield Verdict(
            "note",
            "copies",
            f"Different people are said to be in {many(len(leaks.strangers), 'group')} of copies.",
            "The same item under two names.",
            "Correct the names, or folds by person let the copies through.",
        )
    if leaks.conflicting:
        rows = sum(len(group) for group in leaks.conflicting)
        yield Verdict(
            "note",
            "copies",
            f"Labels contradict in {many(len(leaks.conflicting), 'group')} of copies.",
            f"{rows:,} items: the same picture or row under two labels or more.",
            "Look at them and keep one label, or leave them out.",
        )


def _one_label(leaks: Leaks) -> Iterator[Verdict]:
    if leaks.named and len(leaks.one_label) == leaks.named:
        yield Verdict(
            "note",
            "people",
            "Everybody has one label only: a model may learn who instead of what.",
            f"All {leaks.named:,} people.",
            "Keep people apart in every split, and film some people in both.",
        )


def set_verdicts(found: Evidence) -> Iterator[Verdict]:
    """Balance and broken files."""
    counts = found.balance.labels
    if found.balance.ratio >= LOPSIDED:
        yield Verdict(
            "note",
            "balance",
            f"{counts.idxmax()} has {found.balance.ratio:.3g} times the items of "
            f"{counts.idxmin()}.",
            ", ".join(f"{name} {count:,}" for name, count in counts.items()) + ".",
            "Report AUC or macro F1, not accuracy.",
        )
    if found.data.unreadable:
        yield Verdict(
            "note",
            "files",
            f"{many(len(found.data.unreadable), 'file')} cannot be read.",
            found.data.unreadable[0],
            "Get them whole, or take them off the list.",
        )
