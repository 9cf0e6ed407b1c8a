"""PEDFE's frames for Action Units, and whether prototypes tell its emotions: made-up people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.pedfe_clips import clip_table, write_clips

from duchenne.action_units.readings import FEATURES, unit_weights
from duchenne.errors import DataError
from duchenne.evaluation.action_units.measures import UNITS
from duchenne.evaluation.action_units.pedfe import EVERY, PedfeFrames, read_pedfe
from duchenne.evaluation.action_units.prototypes import (
    ALL,
    GENUINE,
    PROTOTYPES,
    check_prototypes,
    clip_intensities,
    separates,
)
from duchenne.expressions.track import canonical_face

FRAMES = 12
PEOPLE = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People who smile, and only smile, where happiness is asked for; one clip has no face."""
    folder = tmp_path_factory.mktemp("pedfe")
    clips = clip_table(PEOPLE)
    write_clips(folder, clips, canonical_face(), FRAMES)
    frames = pd.read_parquet(folder / "frames.parquet")
    happy = frames["code"].isin(clips.loc[clips["emotion"] == "happiness", "code"])
    moving = [name for name in frames.columns if name.startswith("bs_mouthSmile")]
    moving += [f"{axis}_{corner}" for corner in (61, 291) for axis in "xy"]
    rest = frames.groupby("code")[moving].transform("first")
    frames.loc[~happy, moving] = rest[~happy]
    frames.loc[frames["code"] == clips["code"].iloc[-1], "success"] = False
    frames.to_parquet(folder / "frames.parquet")
    return folder


@pytest.fixture(scope="module")
def pedfe(folder: Path) -> PedfeFrames:
    return read_pedfe(folder, canonical_face())


def test_every_third_frame_with_a_face_is_read(pedfe: PedfeFrames) -> None:
    clips = 12 * PEOPLE
    assert pedfe.features.shape == ((clips - 1) * FRAMES // EVERY, FEATURES)
    assert np.isfinite(pedfe.features).all()
    assert pedfe.turned.tolist() == [0.0] * len(pedfe.features)
    np.testing.assert_allclose(np.unique(pedfe.times), np.arange(0, FRAMES, EVERY) / 30, atol=1e-6)
    assert set(pedfe.clip.tolist()) == set(range(clips - 1))
    assert set(pedfe.subject.tolist()) == {1, 2, 3, 4}


def test_smiles_raise_au12_in_their_clips_only(pedfe: PedfeFrames) -> None:
    values = clip_intensities(pedfe, unit_weights())
    assert values.shape == (12 * PEOPLE, len(UNITS))
    assert np.isnan(values[-1]).all()  # no face, no intensity
    au12 = values[:-1, UNITS.index("AU12")]
    happy = (pedfe.clips["emotion"] == "happiness").to_numpy()[:-1]
    assert au12[happy].min() > au12[~happy].max() + 0.1


def test_the_prototype_of_happiness_is_told_from_the_others(pedfe: PedfeFrames) -> None:
    measures = {(m.unit, m.name): m for m in check_prototypes(pedfe, unit_weights())}
    found = measures["AU12", separates("happiness")]
    assert found.estimate.value == 1.0
    # People by whom nothing was chosen: two of the four, and the last clip has no face.
    assert found.rows == 23
    assert measures["AU12", separates("happiness") + ALL].rows == 47
    assert measures["AU12", separates("sadness")].estimate.value < 0.5
    assert len(measures) == len(UNITS) * len(PROTOTYPES) + sum(map(len, PROTOTYPES.values())) + 3
    # Posed smiles are up at once and last, so that their mean is higher.
    assert measures["AU12", GENUINE].estimate.value < 0.3


def test_tables_that_do_not_belong_together_are_told(folder: Path, tmp_path: Path) -> None:
    face = canonical_face()
    with pytest.raises(DataError, match="does not hold PEDFE's tables"):
        read_pedfe(tmp_path, face)
    clips = pd.read_csv(folder / "clips.csv")
    (tmp_path / "frames.parquet").write_bytes((folder / "frames.parquet").read_bytes())
    clips.iloc[1:].to_csv(tmp_path / "clips.csv", index=False)
    with pytest.raises(DataError, match=r"clips that clips\.csv does not name"):
        read_pedfe(tmp_path, face)
    clips.drop(columns="emotion").to_csv(tmp_path / "clips.csv", index=False)
    with pytest.raises(DataError, match="emotion"):
        read_pedfe(tmp_path, face)
