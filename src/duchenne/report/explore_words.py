"""What the page about a data set says in sentences."""

from __future__ import annotations

from typing import Final

import numpy as np

from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.datasets.fer2013 import SPLITS
from duchenne.evaluation.datasets.near_copies import BLANK, CORRELATION, HASH_DISTANCE
from duchenne.evaluation.emotion.explore import Exploration
from duchenne.report.words import count, counted, listed, percent

_TRAINING: Final = SPLITS.index("Training")
_TESTS: Final = tuple(s for s in SPLITS if s != "Training")

CONTRASTS: Final = (
    "Each picture is the average of its row's class minus the average of its column's class, both "
    "brought to the same brightness: orange where the row's class is lighter, blue where it is "
    "darker, clear where they are alike. Read along a row to see what marks a class."
)
NEAR: Final = (
    "One photograph, cut, lit or stored in another way: hashes of 64 bits that differ in at most "
    f"{HASH_DISTANCE}, and pixels that correlate with at least {CORRELATION}, as they are or moved "
    "by a pixel. Mirrored, turned and much enlarged copies are not found."
)
BLANK_WORDS: Final = (
    f"Their grey values deviate by less than {BLANK:g} (standard deviation): there is no face to "
    "learn from, whatever the label says."
)
METHODS: Final[tuple[tuple[str, str], ...]] = (
    (
        "A label is a name, not a feeling.",
        "The pictures come from a web search for words of emotion and were labelled by people, "
        "who agree with these labels in 65 ± 5 % of the pictures (Goodfellow et al. 2013). An "
        "average face shows what pictures under one name have in common.",
    ),
    (
        "Averages.",
        "Mean grey value of each pixel over all pictures of the class, copies included. Faces "
        "are roughly aligned at best, so the averages are blurred; those of small classes are "
        "noisier, and so are their contrasts.",
    ),
    (
        "Copies.",
        "The same value in every pixel. A test row whose picture stands in Training measures "
        "memory: report results with and without these rows.",
    ),
    (
        "Near copies.",
        "Signs of low frequencies of the cosine transform (after pHash, Zauner 2010), searched by "
        "multi-index hashing (Norouzi et al. 2012), then compared pixel by pixel. The limits "
        "were set by looking at pairs; close to them, a few pairs show two photographs.",
    ),
    (
        "These are pictures of people.",
        "This page holds pictures of the data set. Keep it to yourself where you may not "
        "pass the data set on.",
    ),
)
"""How the numbers were made and what they are not: a heading and a few sentences each."""


def overview(found: Exploration) -> list[str]:
    """The beginning of the page: how much, how balanced, how many copies."""
    counts = found.class_counts
    shown = f"{found.split} of FER-2013" if found.split else "FER-2013"
    said = [f"{shown} has {count(int(counts.sum()), 'picture')}.", _balance(found)]
    if found.copied.sum() + found.near_copied.sum() == 0:
        return [*said, "No picture stands in it twice, and none has a near copy."]
    return [*said, *_leaks(found)]


def _balance(found: Exploration) -> str:
    counts = found.class_counts
    seen = np.flatnonzero(counts)
    most, least = seen[np.argmax(counts[seen])], seen[np.argmin(counts[seen])]
    if counts[most] == counts[least]:
        each = count(int(counts[most]), "picture")
        return f"Each of {count(len(seen), 'class', 'classes')} has {each}."
    share = percent(float(counts[most] / counts.sum()))
    return (
        f"The largest class, {EMOTIONS[most]} ({share}), has {counts[most] / counts[least]:.3g} "
        f"times the pictures of the smallest, {EMOTIONS[least]}."
    )


def _leaks(found: Exploration) -> list[str]:
    """A sentence for each test split that shares pictures with Training."""
    said = []
    for split in _TESTS if found.split in (None, "Training") else (found.split,):
        row = SPLITS.index(split)
        total = int(found.counts[row].sum())
        same, near = (int(t[row, _TRAINING]) for t in (found.copied, found.near_copied))
        if same + near:
            stand, do = ("stands" if same == 1 else "stand"), ("does" if near == 1 else "do")
            said.append(
                f"Of the {total:,} pictures of {split}, {same:,} {stand} pixel for pixel in "
                f"Training, and {near:,} more nearly {do}: {percent((same + near) / total)} in all."
            )
    return said


def of_copies(found: Exploration) -> str:
    """What was found of pixel-identical pictures."""
    where = f" of {found.split}" if found.split else ""
    if not found.copies:
        return f"No picture{where} stands in the data set twice, pixel for pixel."
    rows = sum(len(group) for group in found.copies)
    one, more = f"picture{where} stands", f"pictures{where} stand"
    many = counted(len(found.copies), one, more)
    said = f"{many} in more than one row, in {rows:,} altogether."
    if not found.conflicting:
        return f"{said} The copies of each agree in their labels."
    carry = counted(len(found.conflicting), "of them carries", "of them carry")
    return f"{said} {carry} two labels or more."


def of_near_copies(found: Exploration) -> str:
    """What was found of nearly identical pictures."""
    pairs, conflicts = len(found.near), int(found.near_conflicting.sum())
    where = f", one of them at least in {found.split}," if found.split else ""
    if not pairs:
        return f"No two different pictures{where} are nearly the same."
    verb = "is" if pairs == 1 else "are"
    said = f"{counted(pairs, 'pair')} of different pictures{where} {verb} nearly the same"
    return f"{said}; {conflicts:,} of them have no label in common."


def of_blank(found: Exploration, labels: list[str]) -> str:
    """How many pictures show nothing, and under which labels."""
    many = counted(len(found.blank), "picture shows", "pictures show")
    there = [n for n in EMOTIONS if n in labels]
    if len(there) == 1:
        return f"{many} nothing, labelled {there[0]}."
    named = [f"{labels.count(n)} as {n}" for n in there]
    return f"{many} nothing, labelled {listed(named)}."
