"""What the page about an audit says of its own methods."""

from __future__ import annotations

from typing import Final

from duchenne.evaluation.audit.chance import ALPHA, PERMUTATIONS

TOPICS: Final[dict[str, str]] = {
    "bad": "beats the bar",
    "note": "worth knowing",
    "good": "nothing found",
}

METHODS: Final[tuple[tuple[str, str], ...]] = (
    (
        "AUC.",
        "How often an item of a label scores above one of another; 0.5 is chance, 1 tells them "
        "apart without error. Of more than two labels: the mean over each label against the rest.",
    ),
    (
        "The small model.",
        "Ridge regression on ranks and their curves, and on random features of all together, five "
        "folds, people never on both sides where they are named. Single nuisances are taken as "
        "they are, high, low or far from the middle, fitted to nothing. A network may find more.",
    ),
    (
        "Chance.",
        f"Labels are shuffled {PERMUTATIONS} times, from person to person. A finding counts if at "
        f"most {100 * ALPHA:g} % of the shuffles make any question stand out as much (max T, "
        "Westfall and Young 1993): however many questions, a data set without shortcuts is accused "
        f"in about {100 * ALPHA:g} audit of 100.",
    ),
    (
        "What a nuisance is.",
        "Something a display does not change by itself. In tight crops brightness and contrast "
        "hold some of the display too: teeth are bright. A trace there is a question, no proof.",
    ),
    (
        "Intervals.",
        "95 %, bootstrap over people where they are named, else over items.",
    ),
    (
        "Copies.",
        "Exact: the same in every pixel, byte or number. Near: the perceptual hash differs in at "
        "most 8 of 64 bits and small pictures correlate with at least 0.85. Tight crops of one "
        "person in one sitting are nearly copies too.",
    ),
    (
        "What is not found.",
        "Shortcuts that nobody measured: clothes, a room, make-up, a voice. Silence of this page "
        "is no proof that there are none.",
    ),
    (
        "These may be pictures of people.",
        "Keep this page to yourself where you may not pass the data set on.",
    ),
)
"""How the numbers were made and what they are not: a heading and a few sentences each."""
