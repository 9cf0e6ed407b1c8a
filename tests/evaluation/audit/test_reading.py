from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.evaluation.audit.made_up_sets import texture, write_pictures
from tests.expressions.made_up import bump, clock, recording_of, rows

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.audit import AuditSet, measuring, read_audit_set, reading
from duchenne.evaluation.audit.edits import EDITS
from duchenne.evaluation.audit.listing import Columns
from duchenne.evaluation.audit.pixels import picture_nuisances
from duchenne.faces import BLENDSHAPES, FaceNetworks


def _read(path: Path, **columns: Any) -> AuditSet:
    return read_audit_set(path, Columns(**columns), look_for_faces=False)


def test_folders_are_labels_and_those_around_them_splits(tmp_path: Path) -> None:
    write_pictures(tmp_path / "set" / "train", each=8)
    write_pictures(tmp_path / "set" / "test", each=6, seed=1)
    (tmp_path / "set" / "train" / "a" / "anna").mkdir()
    moved = next((tmp_path / "set" / "train" / "a").glob("*.png"))
    shutil.move(moved, tmp_path / "set" / "train" / "a" / "anna" / moved.name)
    (tmp_path / "set" / ".hidden").write_text("no picture")
    data = _read(tmp_path / "set")
    assert data.kind == "pictures"
    assert data.classes == ("a", "b")
    assert sorted(np.unique(data.split)) == ["test", "train"]
    assert (len(data), (data.split == "train").sum()) == (28, 16)
    assert data.subject[data.subject != ""].tolist() == ["anna"]
    assert data.thumbnails is not None
    assert data.thumbnails.shape == (28, 48, 48)
    assert {"brightness", "sharpness", "noise", "bytes a pixel"} <= set(data.nuisances)
    assert "width" not in data.nuisances  # all are alike in it
    assert any("No faces" in note for note in data.notes)


def test_a_manifest_names_its_columns_and_what_is_broken_is_told(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pictures", each=12)
    files = sorted((tmp_path / "pictures").rglob("*.png"))
    files[0].write_bytes(b"no picture at all")
    table = pd.DataFrame(
        {
            "file": [str(f.relative_to(tmp_path)) for f in files] + ["gone.png"],
            "kind": [f.parent.name for f in files] + ["a"],
            "who": [n // 3 for n in range(len(files))] + [0],
            "camera": ["one", "two"] * 12 + ["one"],
            "emotion": ["happy"] * 25,
        }
    )
    table.to_csv(tmp_path / "list.csv", index=False)
    data = _read(tmp_path / "list.csv", label="kind", subject="who")
    assert len(data) == 23
    assert len(data.unreadable) == 2
    assert sorted(np.unique(data.source)) == ["one", "two"]
    assert data.subject[:4].tolist() == ["0", "0", "1", "1"]
    assert data.categories["emotion"].tolist() == ["happy"] * 23


def test_a_table_of_features_is_sorted_into_nuisances_strength_and_content(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(40, 3)), columns=["AU12_r", "AU06_r", "curve"])
    table["duration_s"] = rng.uniform(1, 5, 40)
    table["lens"] = rng.normal(size=40)
    table["label"] = np.arange(40) % 2
    table["subject"] = np.arange(40) // 4
    table.loc[1] = table.loc[0]
    table.to_parquet(tmp_path / "features.parquet")
    data = _read(tmp_path / "features.parquet", nuisances=("lens",))
    assert set(data.nuisances) == {"duration_s", "lens"}
    assert set(data.intensity) == {"AU12_r", "AU06_r"}
    assert data.content is not None
    assert data.content.shape == (40, 3)
    assert data.classes == ("0", "1")
    assert data.keys is not None
    assert data.keys[0] == data.keys[1] != data.keys[2]
    scored = _read(tmp_path / "features.parquet", scores=("curve", "no column"))
    assert scored.content is not None
    assert scored.content.shape == (40, 3)  # both Action Units and the lens
    assert any("as nuisances" in note for note in _read_without(table, tmp_path).notes)


def _read_without(table: pd.DataFrame, folder: Path) -> AuditSet:
    plain = table.drop(columns=["duration_s"])
    plain.to_csv(folder / "plain.csv", index=False)
    return _read(folder / "plain.csv")


@pytest.mark.filterwarnings("ignore:DataFrame is highly fragmented")
def test_recordings_are_items_described_by_their_blendshapes(tmp_path: Path) -> None:
    times = clock(2, 10)
    for number in range(24):
        label = "ab"[number % 2]
        # The last one was seen without blendshapes: it is taken for one like the others.
        score = bump(times, 0.5, 1.5, 0.02 * number if number < 23 else np.nan)
        scores = {f"bs_{name}": score for name in BLENDSHAPES}
        recording_of(rows(times, scores)).save(tmp_path / "set" / label / f"{number:02}")
    data = _read(tmp_path / "set")
    assert (data.kind, len(data), data.classes) == ("recordings", 24, ("a", "b"))
    assert data.pictures is None
    assert data.content is not None
    assert data.content.shape == (24, 2 * len(BLENDSHAPES))
    known = data.names != "b/23"
    np.testing.assert_allclose(data.content[~known][0], data.content[known].mean(axis=0))
    assert (np.ptp(data.content, axis=0) > 0).all()


def test_without_the_networks_the_rest_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> FaceNetworks:
        raise ModelError("The landmark networks are not there.")

    write_pictures(tmp_path, each=12)
    monkeypatch.setattr(reading, "FaceNetworks", missing)
    data = read_audit_set(tmp_path, Columns())
    assert "No faces were looked for: The landmark networks are not there." in data.notes
    assert "brightness" in data.nuisances
    assert "faces" not in data.nuisances


def test_rows_have_the_names_of_their_column_and_nuisances_must_be_there(tmp_path: Path) -> None:
    table = pd.DataFrame({"code": [f"c{n}" for n in range(24)], "x": np.arange(24.0)})
    table.assign(label=np.arange(24) % 2).to_csv(tmp_path / "table.csv", index=False)
    assert _read(tmp_path / "table.csv").names.tolist() == table["code"].tolist()
    with pytest.raises(DataError, match="no column 'lens' for the nuisances"):
        _read(tmp_path / "table.csv", nuisances=("lens",))


TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "no column named label": ("x,y\n1,2\n", {}),
    "no column 'kind' for the label": ("x,label\n1,2\n", {"label": "kind"}),
    "holds no rows": ("label\n", {}),
    "60 different label": ("x,label\n" + "\n".join(f"{n},{n}" for n in range(60)), {}),
    "None of the 1 items": ("path,label\nno.png,a\n", {}),
    "holds no numbers": ("note,label\n" + "x,a\ny,b\n" * 12, {}),
    "has no label": ("x,label\n" + "1,a\n2,b\n" * 12 + "3,\n", {}),
}


@pytest.mark.parametrize("message", TABLES)
def test_mistakes_in_tables_are_told_in_a_sentence(message: str, tmp_path: Path) -> None:
    text, columns = TABLES[message]
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        _read(tmp_path / "table.csv", **columns)


def test_mistakes_in_folders_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_pictures(tmp_path / "few", each=3)
    write_pictures(tmp_path / "one", labels=("a",))
    for folder, message in {
        "nowhere": "does not exist",
        "empty": "no folders with files",
        "few": "6 items: an audit needs 20",
        "one": "1 different label",
    }.items():
        with pytest.raises(DataError, match=message):
            _read(tmp_path / folder)


def test_what_was_measured_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pictures(tmp_path / "set", each=12)
    memory = tmp_path / "out" / "measured.jsonl"
    first = read_audit_set(tmp_path / "set", memory=memory, look_for_faces=False)
    with memory.open("a") as file:
        file.write('{"item": "a run that was killed')
    changed = next((tmp_path / "set" / "a").glob("*.png"))
    changed.write_bytes(changed.read_bytes() + b"\0")
    seen: list[Path] = []
    real = measuring.measured

    def watched(path: Path, tracker: object) -> measuring.Measures:
        seen.append(path)
        return real(path, None)

    monkeypatch.setattr(measuring, "measured", watched)
    second = read_audit_set(tmp_path / "set", memory=memory, look_for_faces=False)
    assert seen == [changed]
    np.testing.assert_array_equal(first.thumbnails, second.thumbnails)
    np.testing.assert_allclose(first.nuisances["sharpness"], second.nuisances["sharpness"])


def test_a_face_has_a_place_a_size_and_a_strength(
    tmp_path: Path, networks: FaceNetworks, astronaut: NDArray[np.uint8]
) -> None:
    from duchenne.evaluation.audit.faces import face_measures
    from duchenne.faces import FaceTracker

    tracker = FaceTracker(networks=networks)
    whole = face_measures([tracker.still(astronaut)], (512, 512))
    assert whole.nuisances["faces"] == whole.nuisances["face seen"] == 1
    assert 0.3 < whole.nuisances["face x"] < 0.6
    assert 0.1 < whole.nuisances["face width"] < 0.4
    assert whole.intensity["strength"] > 1  # she smiles
    assert whole.neutral is None
    nobody = face_measures([tracker.still(np.zeros((64, 64, 3), np.uint8))], (64, 64))
    assert nobody.nuisances == {"faces": 0, "face seen": 0}


@given(st.integers(0, 10**6), st.sampled_from(sorted(EDITS)), st.sampled_from([17, 48, 61]))
def test_an_edit_keeps_shape_and_type_and_changes_something(
    seed: int, name: str, side: int
) -> None:
    picture = texture(np.random.default_rng(seed), side)
    for shown in (picture, picture[..., 0]):
        edited = EDITS[name](shown)
        assert edited.shape == shown.shape
        assert edited.dtype == np.uint8
        assert (edited != shown).any()


@given(st.integers(0, 10**6), st.integers(16, 90), st.integers(16, 90))
def test_nuisances_are_finite_numbers_for_any_picture(seed: int, high: int, wide: int) -> None:
    rng = np.random.default_rng(seed)
    for picture in (
        rng.integers(0, 256, (high, wide, 3), dtype=np.uint8),
        np.full((high, wide), seed % 256, np.uint8),
    ):
        assert all(np.isfinite(value) for value in picture_nuisances(picture).values())
