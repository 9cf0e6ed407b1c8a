"""Which parts of the face a genuineness model needs: what is lost without each, by emotion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.evaluation.datasets.pedfe import PEDFE_EMOTIONS
from duchenne.evaluation.genuineness.scores import Judged, ModelDifference

COLUMNS: Final = ("part", "emotion", "clips", "auc_lost", "low", "high")


def parts_table(clips: pd.DataFrame, without: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """The AUC that is lost when one part of the face is made typical of the training clips.

    Occlusion of people not seen (Zeiler and Fergus 2014), not a model trained without the part:
    what two parts both tell is lost with neither.

    Args:
        clips: PEDFE's table with a column ``p_genuine``.
        without: part to (n,) probabilities without it.

    Returns:
        The columns of ``COLUMNS``, with 95 % intervals over people; the part that is missed most
        first, each for all emotions and then one by one.
    """
    rows = []
    for part, p in without.items():
        for emotion in ("all", *PEDFE_EMOTIONS):
            among = np.full(len(clips), True) if emotion == "all" else clips["emotion"] == emotion
            chosen = np.asarray(among, bool)
            if chosen.any():
                some = clips[chosen]
                whole = Judged.from_clips(some, some["p_genuine"])
                lost = ModelDifference.from_judged(whole, Judged.from_clips(some, p[chosen])).auc
                rows.append((part, emotion, int(chosen.sum()), lost.value, lost.low, lost.high))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    overall = table[table["emotion"] == "all"].set_index("part")["auc_lost"]
    order = table["part"].map(overall.rank(ascending=False, method="first"))
    return table.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def parts_text(table: pd.DataFrame) -> str:
    """The same for the terminal: a line a part, a column an emotion."""
    overall = table[table["emotion"] == "all"]
    lines = ["AUC lost without a part of the face, all emotions and one by one", ""]
    lines.append(f"{'':30} {'all':>22}  " + "  ".join(f"{e[:8]:>8}" for e in PEDFE_EMOTIONS))
    for row in overall.itertuples():
        own = table[table["part"] == row.part].set_index("emotion")["auc_lost"]
        by_emotion = (f"{own.get(emotion, np.nan):8.3f}" for emotion in PEDFE_EMOTIONS)
        whole = f"{row.auc_lost:.3f} ({row.low:.3f} to {row.high:.3f})"
        lines.append(f"{row.part:30} {whole:>22}  " + "  ".join(by_emotion))
    return "\n".join(lines)
