"""What MkDocs calls while it builds the site: pages whose sources lie elsewhere in the repository.

Model cards, notebooks, benchmarks and the README become pages without being copied into ``docs``.
In the Markdown, links are those of the repository (``../src/duchenne/weights/smile.md``), so that
they hold where somebody reads the files themselves; here they are turned into links of the site.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[1]

# Where in the repository -> where on the site.
_PLACES: Final = {
    "src/duchenne/weights/*.md": "cards",
    "src/duchenne/weights/*.png": "cards",
    "notebooks/*.ipynb": "notebooks",
    "benchmarks/results/*.csv": "repository/results",
    "benchmarks/README.md": "repository/benchmarks.md",
    "README.md": "repository/readme.md",
    "CHANGELOG.md": "repository/changelog.md",
    "CONTRIBUTING.md": "repository/contributing.md",
    "LICENSE": "repository/LICENSE.txt",
    "CITATION.cff": "repository/CITATION.cff",
}

_ALL_OF: Final = "/*"
_LINK: Final = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)\s*$|`+[^`]+`+)"
    r"|(?P<picture>!?)\[(?P<words>[^\[\]]*)\]\((?P<target>[^()\s#]+)(?P<place>#[^()\s]*)?\)",
    re.MULTILINE | re.DOTALL,
)
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|/|<", re.IGNORECASE)


# ---- what MkDocs calls -------------------------------------------------------------------


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the parts of the menu that end in ``/*``."""
    config.nav = _filled(config.nav, sorted(brought_in(ROOT).values()))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and files that lie outside ``docs``."""
    from mkdocs.structure.files import File

    for source, uri in brought_in(ROOT).items():
        if source.endswith(".ipynb"):
            lines = json.loads((ROOT / source).read_text(encoding="utf-8"))
            files.append(File.generated(config, uri, content=as_markdown(lines)))
        else:
            files.append(File.generated(config, uri, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn the repository's links into the site's."""
    return with_links_of_site(markdown, page.file.src_uri, ROOT)


# ---- what they do ------------------------------------------------------------------------


def brought_in(root: Path) -> dict[str, str]:
    """Files from outside ``docs``: where in the repository, and where on the site."""
    return dict(_brought_in(root))


def with_links_of_site(markdown: str, uri: str, root: Path) -> str:
    """A page's Markdown with links that hold on the site; code is left alone.

    Args:
        markdown: with links as they hold in the repository.
        uri: of the page on the site, ``guides/pictures.md``.
        root: the repository.
    """
    on_site = brought_in(root)
    source = {there: here for here, there in on_site.items()}.get(uri, f"docs/{uri}")

    def mended(found: re.Match[str]) -> str:
        target = found["target"]
        if found["code"] or _ELSEWHERE.match(target):
            return found[0]
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        there = meant.removeprefix("docs/") if meant.startswith("docs/") else on_site.get(meant)
        if there is not None:
            link = posixpath.relpath(there, posixpath.dirname(uri) or ".")
            return f"{found['picture']}[{found['words']}]({link}{found['place'] or ''})"
        # Of the repository, but no page: its path is named. What is nowhere stays a broken link,
        # which MkDocs reports.
        return f"{found['words']} (`{meant}`)" if (root / meant).exists() else found[0]

    return _LINK.sub(mended, markdown)


def as_markdown(notebook: dict[str, Any]) -> str:
    """A notebook's words and code as a page; outputs are not stored, so there are none."""
    cells = ((cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"])
    return "\n\n".join(
        f"```python\n{text}\n```" if kind == "code" else text for kind, text in cells if text
    )


def _brought_in(root: Path) -> Iterator[tuple[str, str]]:
    for pattern, place in _PLACES.items():
        for path in sorted(root.glob(pattern)):
            name = path.name if path.suffix != ".ipynb" else f"{path.stem}.md"
            uri = f"{place}/{name}" if "*" in pattern else place
            yield path.relative_to(root).as_posix(), uri


def _filled(entries: Any, uris: list[str]) -> Any:
    """The menu with ``folder/*`` replaced by the pages of that folder."""
    if isinstance(entries, dict):
        return {title: _filled(entry, uris) for title, entry in entries.items()}
    if not isinstance(entries, list):
        return entries
    filled: list[Any] = []
    for entry in entries:
        if isinstance(entry, str) and entry.endswith(_ALL_OF):
            folder = entry.removesuffix("*")
            filled += [uri for uri in uris if uri.startswith(folder) and uri.endswith(".md")]
        else:
            filled.append(_filled(entry, uris))
    return filled
