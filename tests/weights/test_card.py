from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from duchenne.errors import ModelError
from duchenne.weights.card import WEIGHTS, ModelCard, list_cards, load_card
from duchenne.weights.facts import Figure, Result


def test_a_card_comes_back_as_it_was_saved(tiny_model: ModelCard) -> None:
    assert load_card(tiny_model.path) == tiny_model
    assert load_card(tiny_model.path.with_suffix(".json")) == tiny_model
    assert load_card(tiny_model.path).folder == tiny_model.folder


def test_the_readable_card_says_what_the_json_says(tiny_model: ModelCard) -> None:
    text = tiny_model.path.with_suffix(".md").read_text(encoding="utf-8")
    assert text == tiny_model.to_markdown()
    for said in (tiny_model.sha256, "Knows stripes only.", "1.0000 (0.6000 to 1.0000)", "MIT"):
        assert said in text


def test_the_readable_card_shows_the_reliability_plot_once_there_is_one(
    tiny_model: ModelCard,
) -> None:
    shown = "![Confidence beside accuracy](tiny_reliability.png)"
    assert shown not in tiny_model.to_markdown()
    tiny_model.reliability_plot.write_bytes(b"a picture")
    assert shown in tiny_model.to_markdown()


def test_a_result_takes_the_place_of_the_older_one_on_the_same_data(tiny_model: ModelCard) -> None:
    newer = Result("stripes", 9, "pytest", (Figure("accuracy", 0.5),))
    other = Result("dots", 3, "pytest", (Figure("macro_F1", 0.25),))
    card = tiny_model.with_result(other).with_result(newer)
    assert card.numbers == (other, newer)
    assert "| accuracy |  | 0.5000 |" in card.to_markdown()


def test_a_figure_by_its_name(tiny_model: ModelCard) -> None:
    assert tiny_model.figure("accuracy") == Figure("accuracy", 1.0, 0.6, 1.0)
    dots = (Figure("accuracy", 0.5), Figure("macro_F1", 0.25))
    for more in (Result("many dots", 3, "pytest", dots), Result("dots", 3, "pytest", dots[:1])):
        tiny_model = tiny_model.with_result(more)
    assert list(tiny_model.figures("accuracy")) == ["stripes", "many dots", "dots"]
    assert tiny_model.figure("macro_F1").value == 0.25
    assert tiny_model.figure("accuracy", "many").value == 0.5
    # A whole name is meant as it stands, though it is a part of another's.
    assert tiny_model.figure("accuracy", "dots") is tiny_model.figures("accuracy")["dots"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("joy",), "The card of tiny has no 'joy'; it has accuracy, macro_F1."),
        (("accuracy",), "'accuracy' for these data, of which one must be named: stripes; dots."),
        (("accuracy", "s"), "must be named: stripes; dots."),
        (("accuracy", "circles"), "must be named: stripes; dots."),
    ],
)
def test_a_figure_that_is_not_one_is_told(
    tiny_model: ModelCard, asked: tuple[str, ...], message: str
) -> None:
    dots = (Figure("accuracy", 0.5), Figure("macro_F1", 0.25))
    card = tiny_model.with_result(Result("dots", 3, "pytest", dots))
    with pytest.raises(ModelError, match=re.escape(message)):
        card.figure(*asked)


REQUIRED = [
    "name", "task", "summary", "file", "sha256", "licence", "data", "split", "input", "training",
    "retrain", "limits", "numbers",
]  # fmt: skip


def _rewrite(card: ModelCard, **changes: object) -> Path:
    path = card.path.with_suffix(".json")
    raw = json.loads(path.read_text())
    for name, value in changes.items():
        if value is None:
            del raw[name]
        else:
            raw[name] = value
    path.write_text(json.dumps(raw))
    return path


@pytest.mark.parametrize("field", REQUIRED)
def test_a_card_that_lacks_something_is_not_loaded(field: str, tiny_model: ModelCard) -> None:
    path = _rewrite(tiny_model, **{field: None})
    with pytest.raises(ModelError, match=f"lacks {field}"):
        load_card(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"licence": "  "}, "says nothing under 'licence'"),
        ({"data": 3}, "says nothing under 'data'"),
        ({"numbers": []}, "holds no numbers"),
        ({"limits": []}, "names no limits"),
        ({"temperature": 0}, "temperature 0"),
        ({"temperature": "warm"}, "not a model card"),
        ({"numbers": [{"data": "x"}]}, "not a model card"),
        ({"input": {"meaning": "x"}}, "not a model card"),
        ({"file": "gone.onnx"}, r"gone\.onnx is missing"),
        ({"sha256": "0" * 64}, "not the file its card describes"),
    ],
)
def test_a_card_that_says_something_wrong_is_not_loaded(
    changes: dict[str, object], message: str, tiny_model: ModelCard
) -> None:
    path = _rewrite(tiny_model, **changes)
    with pytest.raises(ModelError, match=message):
        load_card(path)


def test_a_damaged_weight_file_is_not_loaded(tiny_model: ModelCard) -> None:
    tiny_model.path.write_bytes(tiny_model.path.read_bytes()[:-1])
    with pytest.raises(ModelError, match="other SHA-256"):
        load_card(tiny_model.path)


@pytest.mark.parametrize("content", ["", "[]", "{", "null"])
def test_what_is_no_card_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ModelError, match="model card"):
        load_card(tmp_path / "x.json")


def test_a_weight_file_without_a_card_is_not_loaded(tiny_model: ModelCard) -> None:
    tiny_model.path.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match="comes without its card"):
        load_card(tiny_model.path)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match="No model 'nobody'; there are: "):
        load_card("nobody")


def test_a_folder_that_cannot_be_written_is_named(tiny_model: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be written"):
        replace(tiny_model, folder=tmp_path / "nowhere").save()


@pytest.mark.parametrize("path", sorted(WEIGHTS.glob("*.json")), ids=lambda p: p.stem)
def test_every_shipped_card_is_whole_and_its_readable_card_in_step(path: Path) -> None:
    card = load_card(path.stem)
    assert path.with_suffix(".md").read_text(encoding="utf-8") == card.to_markdown()
    assert card in list_cards(card.task)
    assert card not in list_cards("another task")


def test_every_shipped_weight_file_has_a_card() -> None:
    files = {p.stem for p in WEIGHTS.iterdir() if p.suffix in {".npz", ".onnx", ".safetensors"}}
    # The quantiles that reasons are read from are named, with their hash, by genuineness's card.
    assert files - {"genuineness_reference"} <= {card.name for card in list_cards()}
