"""The ``duchenne`` command: one verb a module, loaded only when it is called."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from duchenne.errors import DuchenneError, in_a_sentence

# The help texts stand here so that `duchenne --help` need not import the verbs.
VERBS: Final[dict[str, str]] = {
    "analyze": "Analyse pictures, videos or folders of frames.",
    "audit": "Ask a data set: does it teach the expression, or the camera?",
    "batch": "Analyse thousands of sources by many workers, or on a cluster.",
    "build-dataset": "Make one table of AUs or landmarks of many pictures and clips.",
    "convert": "Turn recordings and tables of OpenFace and py-feat into each other.",
    "describe": "Explain every column of a recording.",
    "completion": "Print or install the shell's completion of this command.",
    "doctor": "Say what is installed, what is missing, and how to get it.",
    "evaluate": "Measure a model on a data set.",
    "expressions": "Find each expression: onset, apex, offset, dynamics.",
    "experiment": "Train and compare networks for genuine and posed (extra: train).",
    "explore": "Look at a data set: balance, average faces, copies.",
    "genuineness": "Say whether displays resemble spontaneous or posed recordings.",
    "live": "Show a camera's faces as they move (extra: live).",
    "models": "Fetch and list the model files.",
    "serve": "Open a web page: live video, files, past recordings (extra: app).",
    "synchrony": "Measure who moves with whom, and when, beyond chance.",
    "train": "Train a model (needs the extra: train).",
}

_FAULT: Final = (
    "duchenne: this is a fault of duchenne, not of your input: please report it with the lines "
    "above and what `duchenne doctor --json` prints."
)


class _LazyVerbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = import_module(f"duchenne.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(VERBS.items()))


@click.command(cls=_LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="duchenne")
def duchenne() -> None:
    """Read displayed facial expressions in pictures and videos, on your own machine.

    \b
    Exit codes:
      0    done
      1    done, but look: some sources failed, or what a check asks for does not hold
      2    nothing done: bad input or options, a file, model or extra that is missing
      70   a fault of duchenne itself; please report it
      130  interrupted; what was computed is kept
    """


def main() -> None:
    """Entry point: a person's mistake is one sentence and exit code 2, never a traceback."""
    _replace_missing_streams()
    try:
        code = duchenne(standalone_mode=False)
        # Here, so that a reader who has gone is met below, not by the interpreter at its end.
        sys.stdout.flush()
    except BrokenPipeError:
        # Whatever is still unsaid would raise the same again. The code is click's own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (DuchenneError, OSError) as error:
        click.echo(f"duchenne: {in_a_sentence(error)}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("duchenne: interrupted; what was computed so far is kept.", err=True)
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        click.echo(_FAULT, err=True)
        sys.exit(70)
    sys.exit(code if isinstance(code, int) else 0)


def _replace_missing_streams() -> None:
    """Services and windows without a terminal may have no streams; progress bars need one."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, stream)
