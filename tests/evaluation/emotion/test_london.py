from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from duchenne.emotion.classifier import DEFAULT
from duchenne.errors import DataError
from duchenne.evaluation.emotion.london import FEW, GroupResult, evaluate_london
from duchenne.recording.analyzer import Analyzer
from duchenne.weights.card import load_card

CARD = load_card(DEFAULT)


class Scripted:
    """An analyzer whose answers stand in the file's name and its first pixel."""

    def run(self, source: Path) -> SimpleNamespace:
        grey = int(np.asarray(Image.open(source))[0, 0])
        happy = grey / 255
        rows = {"success": [1, 1], "face_width": [9.0, 90.0], "face_height": [9.0, 90.0]}
        # A small face in the background says the opposite.
        rows |= {"emotion_happy": [1 - happy, happy], "emotion_neutral": [happy, 1 - happy]}
        frame = pd.DataFrame(rows)
        if grey == 0:
            frame["success"] = 0
        return SimpleNamespace(to_frame=lambda: frame)


SCRIPTED: Any = Scripted()


def write_people(folder: Path, people: list[tuple[str, str, str, int, int]]) -> Path:
    """Rows of id, gender, ethnicity, and the first pixels of the neutral and smiling pictures."""
    info = pd.DataFrame([p[:3] for p in people], columns=["face_id", "face_gender", "face_eth"])
    info.to_csv(folder / "london_info.csv", index=False)
    for name, _, _, neutral, smiling in people:
        for pose, grey in (("neutral", neutral), ("smiling", smiling)):
            Image.fromarray(np.full((16, 16), grey, np.uint8)).save(
                folder / f"{name}_{pose}.jpg", quality=100
            )
    return folder


def test_groups_are_measured_apart(tmp_path: Path) -> None:
    write_people(
        tmp_path,
        [
            ("001", "female", "white", 20, 230),
            ("002", "female", "black", 30, 220),
            ("003", "male", "white", 40, 100),
            ("004", "male", "white", 200, 210),
        ],
    )
    result = evaluate_london(SCRIPTED, CARD, tmp_path)
    groups = {group.name: group for group in result.groups}
    assert list(groups) == ["everybody", "female", "male", "white", "black"]
    assert groups["everybody"].people == 4
    assert groups["female"].auc.value == 1.0
    assert groups["female"].both_right.value == 1.0
    assert groups["female"].both_right.low < 0.4
    assert groups["male"].both_right.value == 0.0
    assert groups["male"].accuracy.value == 0.5
    assert groups["male"].auc.value == pytest.approx(0.75)
    assert all(group.few for group in result.groups)
    assert f"Fewer than {FEW} people" in result.to_text()
    assert result.to_dict()["groups"][0]["too_few_for_a_claim"] is True
    result.save(tmp_path)
    assert len(pd.read_csv(tmp_path / "london.csv")) == 5
    assert len(pd.read_csv(tmp_path / "london_faces.csv")) == 8


def test_only_groups_large_enough_for_a_claim_go_into_the_card(tmp_path: Path) -> None:
    people = [(f"{n:03}", "female" if n else "male", "white", 20, 230) for n in range(FEW + 1)]
    result = evaluate_london(SCRIPTED, CARD, write_people(tmp_path, people))
    claims = {one.data: one.rows for one in result.results()}
    assert claims == {
        "London faces, everybody": 2 * (FEW + 1),
        "London faces, white": 2 * (FEW + 1),
        "London faces, female": 2 * FEW,
    }


def test_people_without_a_face_in_both_pictures_are_left_out(tmp_path: Path) -> None:
    people = [("001", "female", "white", 20, 230), ("002", "male", "white", 0, 220)]
    result = evaluate_london(SCRIPTED, CARD, write_people(tmp_path, people))
    assert result.without_face == ("002_neutral.jpg",)
    assert result.groups[0].people == 1
    assert "002_neutral.jpg" in result.to_text()
    write_people(tmp_path, people[1:])
    with pytest.raises(DataError, match=r"No person of .* has a face in both"):
        evaluate_london(SCRIPTED, CARD, tmp_path)


def test_what_is_not_the_london_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No London faces at"):
        evaluate_london(SCRIPTED, CARD, tmp_path)
    write_people(tmp_path, [])
    with pytest.raises(DataError, match="None of the people"):
        evaluate_london(SCRIPTED, CARD, tmp_path)
    (tmp_path / "london_info.csv").write_text("face_id\n001\n")
    with pytest.raises(DataError, match=r"lacks the column\(s\) face_eth, face_gender"):
        evaluate_london(SCRIPTED, CARD, tmp_path)


def test_ties_are_not_called_smiling() -> None:
    faces = pd.DataFrame({"person": ["a", "a"], "smiling": [False, True], "margin": [0.0, 0.0]})
    found = GroupResult.from_faces("everybody", "everybody", faces)
    assert (found.auc.value, found.accuracy.value) == (0.5, 0.5)


def test_the_whole_pipeline_reads_a_smile(astronaut: NDArray[np.uint8], tmp_path: Path) -> None:
    (tmp_path / "london_info.csv").write_text("face_id,face_gender,face_eth\nec,female,white\n")
    for pose in ("neutral", "smiling"):
        Image.fromarray(astronaut).save(tmp_path / f"ec_{pose}.jpg", quality=95)
    result = evaluate_london(Analyzer(), CARD, tmp_path)
    assert result.without_face == ()
    assert (result.faces["happy"] > result.faces["neutral"]).all()
    assert result.model == "emotion_compact"
