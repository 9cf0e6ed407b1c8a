from __future__ import annotations

import numpy as np
import pytest
from tests.pedfe_clips import clip_table

from duchenne.evaluation.genuineness.parts import parts_table, parts_text


def test_the_part_that_carries_the_signal_is_missed_most() -> None:
    clips = clip_table(6)
    genuine = (clips["type"] == "genuine").to_numpy()
    random = np.random.default_rng(0)
    p = np.clip(0.35 + 0.3 * genuine + random.normal(0, 0.15, len(clips)), 0, 1)
    without = {"idle": p.copy(), "needed": random.random(len(clips))}
    table = parts_table(clips.assign(p_genuine=p), without)
    assert table["part"].tolist() == ["needed"] * 7 + ["idle"] * 7
    overall = table[table["emotion"] == "all"].set_index("part")
    assert overall.loc["needed", "low"] > 0.1
    assert overall.loc["idle", "auc_lost"] == pytest.approx(0)
    assert parts_text(table).splitlines()[3].startswith("needed")
