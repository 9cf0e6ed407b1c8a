"""Who may talk to the server, and what a browser may do with its answers."""

from __future__ import annotations

import hmac
import json
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duchenne.app.server.problems import MEDIA_TYPE, body
from duchenne.app.server.settings import Settings

COOKIE: Final = "duchenne_token"

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
REPORT_POLICY: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""Of our own report pages, whose script stands inside them: sandboxed, so without our origin."""

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """ASGI middleware: host, origin and token on the way in, security headers on the way out.

    A page on the internet can make a browser talk to this machine. It cannot choose the Origin
    header, and a name of its own that leads here (DNS rebinding) shows in the Host header.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
        elif scope["type"] == "http" and self._shows_token_in_address(scope):
            await self._take_token(scope, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[str, str] | None:
        host = headers.get("host", "")
        if self._settings.local and not self._is_our_name(host):
            return "foreign", "Call this server by the address that it printed when it started."
        if not self._same_origin(scope, headers, host):
            return "foreign", "Only this server's own page may do that."
        if self._settings.token and not self._knows_token(scope, headers):
            return "no-token", (
                "Open the address with ?token=... that was printed when the server started, or "
                "send the header Authorization: Bearer TOKEN."
            )
        return None

    def _is_our_name(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return name.lower() in _LOCAL_NAMES or name.strip("[]") == self._settings.host

    @staticmethod
    def _same_origin(scope: Scope, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        ours = {f"http://{host}", f"https://{host}"}
        if scope["type"] == "websocket":
            # Every browser names the origin here, and nothing else has business on this socket.
            return origin in ours
        if scope["method"] in _SAFE:
            return True
        return origin in ours if origin else headers.get("sec-fetch-site") in {None, "same-origin"}

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        candidates = [shown] if scheme.lower() == "bearer" else []
        candidates += [_cookie(headers.get("cookie", "")), _token_in(scope)]
        wanted = (self._settings.token or "").encode()
        return any(hmac.compare_digest(one.encode(), wanted) for one in candidates if one)

    def _shows_token_in_address(self, scope: Scope) -> bool:
        return bool(self._settings.token) and scope["path"] == "/" and bool(_token_in(scope))

    async def _take_token(self, scope: Scope, send: Send) -> None:
        """Keep the token as a cookie, and take it out of the address and the history."""
        secure = "; Secure" if scope["scheme"] == "https" else ""
        cookie = f"{COOKIE}={self._settings.token}; Path=/; HttpOnly; SameSite=Strict{secure}"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
        start = {"type": "http.response.start", "status": 303, "headers": headers}
        await _with_headers(send)(start)
        await send({"type": "http.response.body", "body": b""})


def _cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return str(found.value) if found else ""


def _token_in(scope: Scope) -> str:
    # Only the page's own address: a token in any other would end up in logs and links.
    if scope["path"] != "/":
        return ""
    found = parse_qs(scope["query_string"].decode("latin-1"))
    return str(found.get("token", [""])[0])


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, kind: str, detail: str) -> None:
    status, members = body(kind, detail)
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4400 + status % 100, "reason": detail[:120]})
        return
    content = json.dumps(members).encode()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(content))]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await _with_headers(send)(start)
    await send({"type": "http.response.body", "body": content})


def address(settings: Settings, port: int) -> str:
    """What a person opens in a browser."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    query = "?" + urlencode({"token": settings.token}) if settings.token else ""
    return f"http://{host}:{port}/{query}"
