"""``duchenne serve``: the web page, on this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duchenne.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    from duchenne.app.server.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="0: any that is free.")
@click.option("--token", help="What browsers must show; needed on any but this machine's address.",
              envvar="DUCHENNE_TOKEN", show_envvar=True)  # fmt: skip
@click.option("--library", type=click.Path(path_type=Path), help="Folder of recordings [default: "
              "$DUCHENNE_LIBRARY, else ~/duchenne-library].")  # fmt: skip
@click.option("--max-upload", default=2048, show_default=True, help="MB of one file.")
@click.option("--memory", default=6144, show_default=True, help="MB that a worker may take.")
@click.option("--workers", default=1, show_default=True, help="Analyses at once.")
def command(
    host: str,
    port: int,
    token: str | None,
    library: Path | None,
    max_upload: int,
    memory: int,
    workers: int,
) -> None:
    """Open a web page for live video, files, synchrony and past recordings.

    Everything stays on this machine: the page loads nothing from elsewhere, and pictures go to this
    server only. Recordings are kept in a folder of yours. Ctrl-C ends it; what was being analysed
    is taken up again next time.
    """
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "The web page needs the extra `app`: pip install 'duchenne[app]'."
        ) from error
    from duchenne.app.server.settings import MEGABYTE, Settings, default_library

    settings = Settings(
        library=library or default_library(),
        host=host,
        port=port,
        token=token,
        most_upload=max_upload * MEGABYTE,
        memory=memory * MEGABYTE,
        workers=workers,
    )
    _serve(settings)


def _serve(settings: Settings) -> None:
    import uvicorn

    from duchenne.app.server.application import create_app
    from duchenne.app.server.guard import address

    # Taken first: a port in use is one sentence, and port 0 is known before it is printed.
    with _listening(settings) as taken:
        app = create_app(settings)
        click.echo(f"duchenne: open {address(settings, taken.getsockname()[1])}")
        click.echo(
            f"  recordings are kept in {settings.library}; Ctrl-C ends the server.", err=True
        )
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False,
            ws_max_size=4 * 2**20, timeout_graceful_shutdown=3,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[taken])


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise DataError(
            f"Port {settings.port} of {settings.host} cannot be used "
            f"({(error.strerror or str(error)).lower()}): choose another --port or --host."
        ) from error
    return listening
