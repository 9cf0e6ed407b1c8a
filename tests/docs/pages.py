"""The pages of the documentation, read without MkDocs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

import yaml

from tests.conftest import ROOT

DOCS: Final = ROOT / "docs"
PAGES: Final = sorted(path.relative_to(ROOT).as_posix() for path in DOCS.rglob("*.md"))
BESIDE: Final = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md")

_FENCE: Final = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_SPAN: Final = re.compile(r"`+[^`]+`+")
_LINK: Final = re.compile(r"\[[^\[\]]*\]\(([^()\s]+)\)")
_COMMAND: Final = re.compile(r"^[ \t]*(?:\$ )?(duchenne (?:[^\n]*\\\n)*[^\n]*)$", re.MULTILINE)
_INDENTED: Final = re.compile(r"(?:^(?: {4}|\t)[^\n]*\n?)+", re.MULTILINE)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def links_of(markdown: str) -> list[str]:
    """Where its links lead, those in code left out."""
    return _LINK.findall(_SPAN.sub("", _FENCE.sub("", markdown)))


def commands_of(markdown: str) -> list[str]:
    """Each line of its code blocks that calls ``duchenne``, continued lines joined."""
    fences = [found[0] for found in _FENCE.finditer(markdown)]
    indented = [found[0] for found in _INDENTED.finditer(_FENCE.sub("\n", markdown))]
    blocks = "\n".join(fences + indented)
    return [found[1].replace("\\\n", " ") for found in _COMMAND.finditer(blocks)]


def words_of(command: str) -> list[str]:
    """A command's words after ``duchenne``: no comment, no pipe, no brackets of a usage line."""
    alone = re.split(r"\s(?:\||>|2>|&&|;|<)", command)[0]
    return shlex.split(alone.replace("[", "").replace("]", ""), comments=True)[1:]


def menu() -> dict[str, Any]:
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert isinstance(settings, dict)
    return settings


def in_menu(entries: Any) -> Iterator[str]:
    """Every page that the menu names."""
    if isinstance(entries, str):
        yield entries
    elif isinstance(entries, dict):
        yield from in_menu(list(entries.values()))
    else:
        for entry in entries:
            yield from in_menu(entry)
