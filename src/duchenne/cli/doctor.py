"""``duchenne doctor``: what is installed here, what is missing, and how to get it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import click

from duchenne.cli.options import JSON
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    from duchenne.cli.checkup import Finding, Section

_MARKS: Final = {"ok": ("ok", "green"), "absent": ("-", "yellow"), "fault": ("!!", "red")}


@click.command()
@click.option("--check", is_flag=True, help="Also analyse a made-up picture, to see it run.")
@JSON
def command(check: bool, as_json: bool) -> int:
    """Say what is installed on this machine, what is missing, and how to get it.

    Looks at packages, extras, model files, folders, cameras (each is switched on for a moment), the
    GPU, screen and browser, OpenFace and environment variables. Nothing is fetched or changed. Exit
    code 0: `duchenne analyze` can run here; 1: it cannot, and the last lines say why.
    """
    from duchenne.cli.checkup import examine

    sections = examine(thoroughly=check)
    able = not any(finding.prevents for section in sections for finding in section.findings)
    click.echo(in_json(_facts(sections, able)) if as_json else _in_words(sections, able))
    return 0 if able else 1


def _facts(sections: tuple[Section, ...], able: bool) -> dict[str, Any]:
    from importlib.metadata import version

    return {
        "duchenne": version("duchenne"),
        "can_analyze": able,
        "sections": {one.name: [f.to_dict() for f in one.findings] for one in sections},
        "missing": [finding.to_dict() for finding in _wanting(sections)],
    }


def _wanting(sections: tuple[Section, ...]) -> list[Finding]:
    """What something can be done about; what keeps the main job from running comes first."""
    found = [f for one in sections for f in one.findings if f.state != "ok" and f.remedy]
    order = {"fault": 1, "absent": 2}
    return sorted(found, key=lambda f: 0 if f.prevents else order[f.state])


def _in_words(sections: tuple[Section, ...], able: bool) -> str:
    lines = []
    for section in sections:
        if section.findings:
            lines += [click.style(section.title, bold=True), *_listed(section.findings), ""]
    wanting = _wanting(sections)
    lines.append(click.style("What is missing and how to get it", bold=True))
    for finding in wanting:
        lines.append(f"  {_mark(finding)} {finding.name}: {finding.detail}")
        lines += textwrap.wrap(finding.remedy, 92, initial_indent="       ",
                               subsequent_indent="       ", break_on_hyphens=False)  # fmt: skip
    if not wanting:
        lines.append("  Nothing.")
    said = "can run here." if able else "cannot run here: see the lines marked with !! above."
    return "\n".join([*lines, "", f"duchenne analyze {said}"])


def _listed(findings: tuple[Finding, ...]) -> list[str]:
    width = max(len(finding.name) for finding in findings)
    return [f"  {_mark(one)} {one.name:{width}}  {one.detail}" for one in findings]


def _mark(finding: Finding) -> str:
    text, colour = _MARKS[finding.state]
    return click.style(f"{text:2}", fg=colour)
