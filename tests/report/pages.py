"""Takes a page apart."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_EMPTY = {"br", "hr", "img", "input", "link", "meta", "path", "use"}


@dataclass
class Page(HTMLParser):
    """Tags with their attributes, and the text that people see; fails on tags left open."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    data: Any = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(self.html)
        self.close()
        assert not self._open, f"left open: {self._open}"
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append((tag, named))
        if tag not in _EMPTY:
            self._open.append((tag, named))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside, attributes = self._open[-1] if self._open else ("", {})
        if attributes.get("id") == "data":
            self.data = json.loads(data)
        elif inside not in {"script", "style"}:
            self.text += f"{data} "

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The attributes of every such tag; ``class_`` finds one class among several."""
        wanted = attributes.pop("class_", None)
        return [
            named
            for name, named in self.tags
            if name == tag
            and all(named.get(key) == value for key, value in attributes.items())
            and (wanted is None or wanted in named.get("class", "").split())
        ]
