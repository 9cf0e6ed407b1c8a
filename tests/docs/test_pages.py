from __future__ import annotations

import importlib
import re

import click
import pytest

from duchenne.cli import duchenne
from tests.conftest import ROOT
from tests.docs.pages import (
    BESIDE,
    DOCS,
    PAGES,
    commands_of,
    in_menu,
    links_of,
    menu,
    text_of,
    words_of,
)

NAMES = re.findall(
    r"^::: (\S+)$",
    "\n".join(text_of(page) for page in PAGES if "/reference/" in page),
    re.MULTILINE,
)


def test_the_menu_names_every_page_once() -> None:
    named = [f"docs/{page}" for page in in_menu(menu()["nav"]) if not page.endswith("/*")]
    ours = [page for page in named if not page.startswith("docs/repository/")]
    assert sorted(ours) == PAGES


@pytest.mark.parametrize("page", [*PAGES, *BESIDE])
def test_every_link_leads_to_a_file(page: str) -> None:
    for link in links_of(text_of(page)):
        target = link.partition("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {link}"


@pytest.mark.parametrize("page", [*PAGES, *BESIDE])
def test_every_command_can_be_given(page: str) -> None:
    for command in commands_of(text_of(page)):
        problem = why_not(duchenne, words_of(command))
        assert problem is None, f"{page}: {command.strip()}: {problem}"


def why_not(verb: click.Command, words: list[str]) -> str | None:
    """Why a command line cannot be given; None where it can. Nothing is carried out."""
    context = click.Context(verb)
    try:
        given, left, _ = verb.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    for parameter in verb.params:
        value = given.get(parameter.name)
        choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else None
        if choices is not None and isinstance(value, str) and value not in choices:
            return f"{value!r} is none of {', '.join(map(str, choices))}"
    if not isinstance(verb, click.Group) or not left:
        return None
    inner = verb.get_command(context, left[0])
    return f"no verb {left[0]!r}" if inner is None else why_not(inner, left[1:])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("duchenne analyze a.mp4 --out b --every 2   # a comment", None),
        ("duchenne batch DIR... --out DIR [--workers N]", None),
        ("duchenne evaluate emotion --data F --json > a.json", None),
        ("duchenne --help", None),
        ("duchenne analyse a.mp4", "no verb"),
        ("duchenne analyze a.mp4 --fast", "--fast"),
        ("duchenne analyze a.mp4 --out", "requires an argument"),
        ("duchenne train sorrow", "no verb"),
        ("duchenne genuineness a.mp4 --from nose", "none of"),
    ],
)
def test_a_wrong_command_is_found(line: str, problem: str | None) -> None:
    found = why_not(duchenne, words_of(line))
    assert found is None if problem is None else problem in str(found)


def test_commands_are_read_from_blocks_only() -> None:
    markdown = (
        "duchenne in a sentence\n\n    duchenne describe\n\n"
        "```sh\n$ duchenne analyze a \\\n    --out b\n```\n"
    )
    found = [words_of(command) for command in commands_of(markdown)]
    assert sorted(found) == [["analyze", "a", "--out", "b"], ["describe"]]


def test_there_are_commands_to_check() -> None:
    assert len(commands_of(text_of("docs/start.md"))) >= 4
    assert len(commands_of(text_of("docs/audit.md"))) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_what_the_reference_describes_is_there_and_documented(name: str) -> None:
    home, _, attribute = name.rpartition(".")
    # Learning needs PyTorch, which a test of pages should not ask for.
    if home.startswith("duchenne.learning"):
        path = ROOT / "src" / f"{home.replace('.', '/')}.py"
        assert re.search(rf"^(class|def) {attribute}\b", path.read_text("utf-8"), re.MULTILINE)
        return
    assert getattr(importlib.import_module(home), attribute).__doc__


def test_nothing_is_fetched_by_a_reader() -> None:
    settings = menu()
    assert settings["theme"]["font"] is False
    assert settings["use_directory_urls"] is False
    styles = [(DOCS / sheet).read_text("utf-8") for sheet in settings["extra_css"]]
    assert not any(re.search(r"https?:|@import", sheet) for sheet in styles)
    assert "extra_javascript" not in settings


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_no_pictures_or_scripts_from_elsewhere(page: str) -> None:
    text = text_of(page)
    assert not re.search(r"!\[[^\]]*\]\(https?:|<(script|iframe|img)\b[^>]*https?:", text)
