"""The pages' common ground: where templates lie, and how they are filled in."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

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
