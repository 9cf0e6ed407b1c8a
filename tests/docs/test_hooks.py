"""The hooks of the site: tested without MkDocs, which they import only where it calls them."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from tests.conftest import ROOT
from tests.docs.pages import BESIDE, in_menu, menu


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_card_and_every_text_of_the_repository_becomes_a_page(hooks: ModuleType) -> None:
    pages = hooks.brought_in(ROOT)
    for card in (ROOT / "src/duchenne/weights").glob("*.md"):
        assert pages[f"src/duchenne/weights/{card.name}"] == f"cards/{card.name}"
    assert set(BESIDE) <= set(pages)
    assert len(set(pages.values())) == len(pages)


def test_the_menu_names_what_is_brought_in(hooks: ModuleType) -> None:
    pages = sorted(hooks.brought_in(ROOT).values())
    filled = list(in_menu(hooks._filled(menu()["nav"], pages)))
    missing = {page for page in pages if page.endswith(".md")} - set(filled)
    assert not missing
    assert not [page for page in filled if page.endswith("*")]
    from_outside = [page for page in filled if page.startswith(("cards/", "repository/"))]
    assert set(from_outside) <= set(pages)


@pytest.mark.parametrize(
    ("uri", "link", "expected"),
    [
        ("index.md", "[a](start.md)", "[a](start.md)"),
        ("index.md", "[a](../src/duchenne/weights/smile.md)", "[a](cards/smile.md)"),
        ("guides/train.md", "[a](../audit.md#b)", "[a](../audit.md#b)"),
        ("guides/train.md", "[a](../../README.md#c)", "[a](../repository/readme.md#c)"),
        ("repository/readme.md", "[a](docs/audit.md)", "[a](../audit.md)"),
        ("repository/readme.md", "![a](docs/images/live.png)", "![a](../images/live.png)"),
        ("repository/benchmarks.md", "[a](../docs/batch.md)", "[a](../batch.md)"),
        ("cards/smile.md", "[a](smile_onset.md)", "[a](smile_onset.md)"),
        ("distances.md", "[a](../benchmarks/speed.py)", "a (`benchmarks/speed.py`)"),
        ("index.md", "[a](https://doi.org/1)", "[a](https://doi.org/1)"),
        ("index.md", "[a](#here)", "[a](#here)"),
        ("index.md", "[a](../nowhere.md)", "[a](../nowhere.md)"),
        ("index.md", "`[a](../README.md)`", "`[a](../README.md)`"),
        ("index.md", "```\n[a](../README.md)\n```", "```\n[a](../README.md)\n```"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(
    hooks: ModuleType, uri: str, link: str, expected: str
) -> None:
    assert hooks.with_links_of_site(f"Before.\n{link}\n", uri, ROOT) == f"Before.\n{expected}\n"


def test_a_notebook_becomes_a_page(hooks: ModuleType) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# One\n", "Two."]},
        {"cell_type": "code", "source": ["a = 1\n", "a"], "outputs": []},
        {"cell_type": "code", "source": [], "outputs": []},
    ]
    page = hooks.as_markdown({"cells": cells})
    assert page == "# One\nTwo.\n\n```python\na = 1\na\n```"


def test_reports_and_site_look_alike() -> None:
    """The site's colours are those of the reports, in light and in dark."""
    report = (ROOT / "src/duchenne/report/templates/style.css").read_text("utf-8")
    site = (ROOT / "docs/stylesheets/site.css").read_text("utf-8")
    for name in ("paper", "card", "ink", "soft", "rule", "unit"):
        colours = re.findall(rf"--{name}: (#\w+)", report)[:2]
        assert re.findall(rf"--{name}: (#\w+)", site)[:2] == colours
