"""What goes wrong, as RFC 9457 says it: ``application/problem+json`` with a type of its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from duchenne.errors import DuchenneError

MEDIA_TYPE: Final = "application/problem+json"

KINDS: Final[dict[str, tuple[int, str]]] = {
    "not-found": (404, "There is no such thing"),
    "not-ready": (409, "It is not ready"),
    "too-large": (413, "The file is too large"),
    "empty": (400, "The file is empty"),
    "too-many": (429, "Too much at once"),
    "bad-request": (422, "The request makes no sense"),
    "cannot-be-done": (422, "This cannot be done"),
    "server-failed": (500, "The server failed"),
    "no-token": (401, "A token is needed"),
    "foreign": (403, "This comes from elsewhere"),
}
"""Name, the last part of the type, to HTTP status and title."""


class ProblemError(Exception):
    """One problem: its kind, and a sentence that says what is wrong and what to do."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


def body(kind: str, detail: str) -> tuple[int, dict[str, Any]]:
    """HTTP status and the members that RFC 9457 names."""
    status, title = KINDS[kind]
    return status, {
        "type": f"urn:duchenne:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
    }


def response(kind: str, detail: str) -> JSONResponse:
    """The problem as an answer."""
    status, members = body(kind, detail)
    return JSONResponse(members, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error of the application leave it as a problem."""

    @app.exception_handler(ProblemError)
    async def problem(_: Request, error: ProblemError) -> JSONResponse:
        return response(error.kind, error.detail)

    @app.exception_handler(DuchenneError)
    async def ours(_: Request, error: DuchenneError) -> JSONResponse:
        return response("cannot-be-done", str(error))

    @app.exception_handler(OSError)
    async def system(_: Request, error: OSError) -> JSONResponse:
        reason = error.strerror or type(error).__name__
        said = f"The server's system refused it ({reason}): see whether its disk is full."
        return response("server-failed", said)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return response("bad-request", f"{where}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return response("not-found", "Nothing lies at this address.")
        title = HTTPStatus(error.status_code).phrase
        members = {"type": "about:blank", "title": title, "status": error.status_code}
        return JSONResponse(members, error.status_code, media_type=MEDIA_TYPE)
