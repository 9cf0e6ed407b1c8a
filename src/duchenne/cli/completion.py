"""``duchenne completion``: the shell completes verbs, options, choices and file names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from duchenne.errors import DataError

SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_DUCHENNE_COMPLETE"

_THEN: Final = {
    "bash": "New shells have it, where the package bash-completion is installed; without it, add\n"
    "  source {file}\nto ~/.bashrc.",
    "zsh": "Add these lines to ~/.zshrc, unless they are there, and open a new shell:\n"
    "  fpath+={folder}\n  autoload -Uz compinit && compinit",
    "fish": "New shells have it.",
}


@click.command()
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Write it where the shell looks for it.")
def command(shell: str | None, install: bool) -> None:
    """Print what lets the shell complete verbs, options and choices of `duchenne`.

    SHELL: bash (4.4 or newer), zsh or fish; by default the one that $SHELL names. To try it: eval
    "$(duchenne completion bash)". With --install it is written into your own folder for
    completions; no start-up file of yours is changed, and what is left to do is said.
    """
    name = shell or _own_shell()
    script = completion_script(name)
    if not install:
        click.echo(script)
        return
    file = place_for(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script + "\n", encoding="utf-8")
    click.echo(f"Written to {file}.")
    click.echo(_THEN[name].format(file=file, folder=file.parent))


def completion_script(shell: str) -> str:
    """The script for one of ``SHELLS``; click's own, which asks `duchenne` at each Tab."""
    from click.shell_completion import get_completion_class

    from duchenne.cli import duchenne

    made_by = get_completion_class(shell)
    assert made_by is not None
    completer = made_by(duchenne, {}, "duchenne", _VARIABLE)
    # Not `source()`: bash's would run bash to ask for its version, wherever it is only printed.
    return completer.source_template % completer.source_vars()


def place_for(shell: str) -> Path:
    """The user's own folder from which the shell loads completions, and the file's name in it."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "bash": data / "bash-completion" / "completions" / "duchenne",
        "zsh": data / "zsh" / "site-functions" / "_duchenne",
        "fish": config / "fish" / "completions" / "duchenne.fish",
    }[shell]


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise DataError(f"Say for which shell: duchenne completion {'|'.join(SHELLS)}.")
    return name
