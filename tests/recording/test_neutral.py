"""The person's neutral face in recordings: found in the rows alone, and given as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from pandas.testing import assert_frame_equal
from PIL import Image

from duchenne.action_units.neutral import Neutral
from duchenne.action_units.recipes import READINGS
from duchenne.errors import DuchenneError
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.recording.analyzer import Analyzer, Span
from duchenne.recording.neutral import NeutralFaces
from tests.recording.made_up import rows


@pytest.fixture(scope="module")
def face(networks: FaceNetworks) -> CanonicalFace:
    return CanonicalFace.from_bytes(networks.geometry)


def finished(face: CanonicalFace, tables: list[pa.Table], given: Neutral | None = None) -> pa.Table:
    def again() -> Iterable[pa.Table]:
        return tables

    return pa.concat_tables(NeutralFaces(face, given).finish(again))


def test_it_does_not_depend_on_how_the_rows_are_cut(face: CanonicalFace) -> None:
    table = rows([1, 2, 0, 1, 1, 2, 1, 1, 0, 1]).take()
    whole = finished(face, [table])
    parts = finished(face, [table.slice(0, 3), table.slice(3, 5), table.slice(8)])
    assert_frame_equal(whole.to_pandas(), parts.to_pandas(), check_exact=True)
    assert whole.column_names == table.column_names


def test_only_action_units_change_and_empty_rows_stay_empty(face: CanonicalFace) -> None:
    table = rows([1, 0, 1]).take()
    after = finished(face, [table])
    for name in table.column_names:
        if not name.startswith(("AU", "landmarks")):
            assert after[name].to_pylist() == pytest.approx(table[name].to_pylist(), nan_ok=True)
    missing = np.array(after["success"]) == 0
    assert np.isnan(after["AU12_r"].to_numpy()[missing]).all()
    assert np.isfinite(after["AU12_r"].to_numpy()[~missing]).all()


def test_no_rows_are_no_mistake(face: CanonicalFace) -> None:
    assert finished(face, [rows([]).take()]).num_rows == 0


def test_a_higher_rest_leaves_less_movement(face: CanonicalFace) -> None:
    table = rows([1, 1, 1]).take()
    plain = finished(face, [table], Neutral.of_many())
    rest = finished(face, [table], Neutral(np.full(len(READINGS), 0.2, np.float32)))
    assert (rest["AU12_r"].to_numpy() <= plain["AU12_r"].to_numpy()).all()


def test_auto_none_and_a_picture_differ_and_say_so(
    carphone: Path, astronaut: NDArray[np.uint8], tmp_path: Path
) -> None:
    picture = tmp_path / "neutral.png"
    Image.fromarray(astronaut).save(picture)
    span = Span(end=1.0)
    found = {
        choice: Analyzer(neutral=choice).run(carphone, span)
        for choice in ("auto", "none", str(picture))
    }
    options = [recording.metadata.options["neutral"] for recording in found.values()]
    assert options[:2] == ["auto", "none"]
    assert options[2].startswith("neutral.png (")
    smiles = [recording.action_units.to_numpy() for recording in found.values()]
    assert not np.array_equal(smiles[0], smiles[1])
    assert not np.array_equal(smiles[1], smiles[2])


def test_a_run_to_disk_has_the_numbers_of_a_run_in_memory(carphone: Path, tmp_path: Path) -> None:
    analyzer = Analyzer()
    in_memory = analyzer.run(carphone, Span(end=1.0))
    written = analyzer.write(carphone, tmp_path / "out", Span(end=1.0))
    assert_frame_equal(written.to_frame(), in_memory.to_frame(), check_exact=True)


@pytest.mark.parametrize(
    ("name", "message"),
    [("empty.png", "No face was found"), ("missing.png", "missing.png does not exist")],
)
def test_a_picture_without_a_face_is_told(tmp_path: Path, name: str, message: str) -> None:
    Image.fromarray(np.full((200, 200, 3), 128, np.uint8)).save(tmp_path / "empty.png")
    with pytest.raises(DuchenneError, match=message):
        Analyzer(neutral=tmp_path / name)


def test_a_film_is_no_neutral_picture(carphone: Path) -> None:
    with pytest.raises(DuchenneError, match="is no picture"):
        Analyzer(neutral=carphone)
