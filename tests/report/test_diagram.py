"""The face of muscles, and how even its sides are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from duchenne.action_units.names import PAIRED
from duchenne.report.diagram import DARKEST, evenness, muscles
from duchenne.report.rows import AU_COLUMNS, SIDE_COLUMNS
from tests.report import made_up


def rows(**values: float) -> pd.DataFrame:
    table = made_up.table(frames=3)
    table[list(SIDE_COLUMNS)] = 0.0
    table[list(AU_COLUMNS)] = 0.0
    for name, value in values.items():
        table[f"{name}_r"] = value
    return table


def shades(table: pd.DataFrame) -> dict[str, float]:
    return {m.title.partition(":")[0]: m.shade for m in muscles(table)}


def test_a_muscle_is_as_dark_as_its_unit_is_strong() -> None:
    found = muscles(rows(AU12_left=5.0, AU12_right=2.5))
    shade = {m.mirrored: m.shade for m in found if m.title.startswith("AU12")}
    assert shade[False] == DARKEST
    assert shade[True] == pytest.approx(DARKEST / 2)
    assert all(m.shade == 0 for m in found if not m.title.startswith("AU12"))


def test_the_persons_right_is_the_mirrored_side() -> None:
    for muscle in muscles(rows()):
        if ", right:" in muscle.title:
            assert muscle.mirrored
        else:
            assert not muscle.mirrored


def test_every_patch_knows_where_its_numbers_are() -> None:
    for muscle in muscles(rows()):
        columns = SIDE_COLUMNS if muscle.group == "sides" else AU_COLUMNS
        side = "right" if muscle.mirrored else "left"
        name = columns[muscle.series]
        assert name.startswith(muscle.title[:4])
        assert (side in name) == (muscle.group == "sides")


def test_recordings_without_sides_shade_both_alike() -> None:
    table = rows(AU06=4.0)
    table[list(SIDE_COLUMNS)] = np.nan
    found = [m for m in muscles(table) if m.title.startswith("AU06")]
    assert [m.shade for m in found] == [pytest.approx(DARKEST * 0.8)] * 2
    assert {m.group for m in found} == {"aus"}
    assert evenness(table) == []


def test_nothing_known_nothing_drawn() -> None:
    table = rows()
    table[[*AU_COLUMNS, *SIDE_COLUMNS]] = np.nan
    assert muscles(table) == []


def test_evenness_tells_the_highest_of_either_side() -> None:
    found = {e.code: e for e in evenness(rows(AU12_left=4.0, AU12_right=1.0))}
    assert list(found) == list(PAIRED)
    assert (found["AU12"].right, found["AU12"].left) == (1.0, 4.0)
    assert not found["AU12"].quiet
    assert found["AU01"].quiet
