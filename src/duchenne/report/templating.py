"""The pages' common ground: where templates lie, and how they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from duchenne.errors import DataError
from duchenne.report.words import together


@cache
def environment() -> Environment:
    """Templates of this room; a name that is missing is an error, and values are escaped."""
    made = Environment(
        loader=PackageLoader("duchenne.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["together"] = together
    return made


def write_page(template: str, content: Mapping[str, Any], path: str | Path) -> Path:
    """Fill in a template of this room and write it as one file; returns the path.

    Args:
        template: its name.
        content: what it asks for.
        path: of the HTML file; its folder is made where it is missing.

    Raises:
        DataError: the file cannot be written.
    """
    target = Path(path)
    html = environment().get_template(template).render(content)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # File names need not be text: what has no letter becomes a question mark.
        target.write_text(html, encoding="utf-8", errors="replace")
    except OSError as error:
        raise DataError(
            f"The page cannot be written to {target} ({error.strerror}): choose another path."
        ) from error
    return target
