from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.evaluation.made_up_faces import write_pedfe
from tests.pedfe_clips import clip_table, write_clips

from duchenne.errors import DataError
from duchenne.evaluation.genuineness.smile_transfer import read_pedfe_smiles
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace


def test_bad_folders_are_named(networks: FaceNetworks, tmp_path: Path) -> None:
    face = CanonicalFace.from_bytes(networks.geometry)
    with pytest.raises(DataError, match="No PEDFE frames"):
        read_pedfe_smiles(write_pedfe(tmp_path), face)
    frames = tmp_path / "frames.parquet"
    pd.DataFrame({"code": ["1_3g_1"], "time": [0.0], "success": [1]}).to_parquet(frames)
    with pytest.raises(DataError, match="not PEDFE's table of frames"):
        read_pedfe_smiles(tmp_path, face)
    clips = pd.read_csv(tmp_path / "clips.csv")
    clips[clips["type"] == "posed"].to_csv(tmp_path / "clips.csv", index=False)
    with pytest.raises(DataError, match="genuine and posed clips of happiness"):
        read_pedfe_smiles(tmp_path, face)


def test_every_second_frame_is_what_a_camera_of_half_the_rate_saw(
    networks: FaceNetworks, tmp_path: Path
) -> None:
    face = CanonicalFace.from_bytes(networks.geometry)
    write_clips(tmp_path, clip_table(2), face)
    whole = read_pedfe_smiles(tmp_path, face)
    thinned = read_pedfe_smiles(tmp_path, face, every=2)
    frames = pd.read_parquet(tmp_path / "frames.parquet")
    kept = frames.groupby("code").cumcount() % 2 == 0
    frames[kept].to_parquet(tmp_path / "frames.parquet")
    np.testing.assert_array_equal(read_pedfe_smiles(tmp_path, face).lips, thinned.lips)
    assert whole.lips.shape == thinned.lips.shape
    assert not np.array_equal(whole.lips, thinned.lips)
