"""The server put together: guard, routes, page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from duchenne.app.server import analyses, comparisons, live, problems, recordings, views
from duchenne.app.server.guard import Guard
from duchenne.app.server.jobs import Jobs
from duchenne.app.server.library import Library
from duchenne.app.server.settings import MEGABYTE, Settings
from duchenne.app.server.state import Errands

PAGE: Final = Path(__file__).parents[1] / "page"

_ABOUT: Final = (
    "Reads displayed facial expressions, on this machine only. It describes displays: it does not "
    "tell what anybody experiences, nor truth from lies."
)


def create_app(settings: Settings) -> FastAPI:
    """The application of one server.

    Args:
        settings: where, how much, for whom.

    Raises:
        DataError: the library cannot be used.
    """
    library = Library(settings.library)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.jobs.start()
        try:
            yield
        finally:
            await app.state.jobs.stop()
            await app.state.live.stop()
            library.close()

    app = FastAPI(
        title="duchenne", version=version("duchenne"), description=_ABOUT, lifespan=lifespan,
        # FastAPI's own pages of documentation load their scripts from the internet.
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.state.settings, app.state.library = settings, library
    app.state.jobs, app.state.live = Jobs(library, settings), live.LiveConnection(settings)
    app.state.keep = Errands()
    problems.install(app)
    for module in (analyses, recordings, comparisons, live):
        app.include_router(module.router)
    _add_page(app, settings)
    app.add_middleware(GZipMiddleware, minimum_size=2048)
    app.add_middleware(Guard, settings=settings)
    return app


def _add_page(app: FastAPI, settings: Settings) -> None:
    @app.get("/api/vocabulary", tags=["page"])
    def vocabulary() -> dict[str, Any]:
        """Names, colours, the mesh, and this server's limits."""
        return views.vocabulary() | {
            "version": version("duchenne"),
            "most_upload_mb": settings.most_upload // MEGABYTE,
        }

    @app.get("/", include_in_schema=False)
    def index() -> FileResponse:
        return FileResponse(PAGE / "index.html")

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> FileResponse:
        return FileResponse(PAGE / "docs.html")

    app.mount("/page", StaticFiles(directory=PAGE), name="page")
