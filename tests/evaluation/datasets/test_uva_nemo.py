from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import SHARED
from tests.smiles import smile_table, write_smiles

from duchenne.errors import DataError
from duchenne.evaluation.datasets.uva_nemo import TABLE, deal, read_uva_nemo


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=200), st.integers(0, 99), st.integers(2, 10)
)
def test_no_group_is_on_both_sides_and_no_fold_is_empty(
    groups: list[int], seed: int, count: int
) -> None:
    of = np.array(groups)
    if len(set(groups)) < count:
        with pytest.raises(DataError, match="cannot be dealt"):
            deal(of, seed, count)
        return
    fold = deal(of, seed, count)
    assert set(fold.tolist()) == set(range(count))
    assert all(len(set(fold[of == group])) == 1 for group in set(groups))


def test_a_seed_gives_its_own_folds_again() -> None:
    groups = np.arange(100) // 2
    assert (deal(groups, 1) == deal(groups, 1)).all()
    assert (deal(groups, 1) != deal(groups, 2)).any()


def test_a_table_is_read(tmp_path: Path) -> None:
    data = read_uva_nemo(write_smiles(tmp_path))
    table = smile_table()
    assert data.lips.shape == data.eyes.shape == (240, 75)
    assert (data.spontaneous == (table["class"] == 0)).all()
    assert data.gender.tolist() == table["gender"].tolist()
    assert data.age.tolist() == table["age"].tolist()
    assert len(set(data.groups.tolist())) == table.groupby(["gender", "age"]).ngroups


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="eye_apex_net_amplitude"), "lacks 1 column.* eye_apex_net"),
        (lambda t: t.assign(lip_onset_net_amplitude="wide"), "row 2: lip_onset_net_amplitude"),
        (lambda t: t.assign(lip_onset_net_amplitude=np.inf), "row 2: lip_onset_net_amplitude"),
        (lambda t: t.assign(**{"class": 0}), "class should be 0 .* both"),
        (lambda t: t.assign(gender=2), "gender should be 0 or 1"),
        (lambda t: t.assign(age=-1), "age should be whole years"),
        (lambda t: t.iloc[:0], "class should be 0"),
    ],
)
def test_bad_tables_are_named(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str, tmp_path: Path
) -> None:
    pd.DataFrame(change(smile_table())).to_csv(tmp_path / TABLE, index=False)
    with pytest.raises(DataError, match=message):
        read_uva_nemo(tmp_path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No UvA-NEMO smiles"):
        read_uva_nemo(tmp_path)


def test_the_real_table_is_that_of_the_readme() -> None:
    if not (SHARED / "uva_nemo_features").is_dir():
        pytest.skip(f"no UvA-NEMO smiles at {SHARED}: set DUCHENNE_SHARED_DATA")
    data = read_uva_nemo(SHARED / "uva_nemo_features")
    assert (len(data), int(data.spontaneous.sum())) == (1_236, 595)
