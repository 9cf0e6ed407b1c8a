"""Further columns are explained."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from duchenne.recording import Recording
from duchenne.recording.further import explain


@pytest.mark.parametrize(
    ("name", "unit", "words"),
    [
        ("AU12_c", "0 or 1", "presence, lip corner puller"),
        ("AU12_p", "0 to 1", "no intensity"),
        ("AU24_p", "0 to 1", "AU24 probability"),
        ("x_0", "px", "face points"),
        ("X_0", "mm", "in space"),
        ("p_rx", "", "parameter"),
        ("Yaw", "", "py-feat"),
        ("nonsense", "", "other program's table"),
    ],
)
def test_families_have_units(name: str, unit: str, words: str) -> None:
    column = explain(name, pa.float32())
    assert (column.name, column.unit) == (name, unit)
    assert words in column.meaning


def test_real_files_hold_nothing_unknown(shared_media: Path) -> None:
    for name in ("OpenFace_Test.csv", "Feat_Test.csv"):
        recording = Recording.load(shared_media / name)
        told = recording.describe_all()
        assert list(told["column"])[-len(recording.further.columns) :] == list(recording.further)
        assert not told["meaning"].str.contains("other program's table").any()
