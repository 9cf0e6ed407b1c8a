from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

pytest.importorskip("fastapi", reason="the web page needs the extra: app")
pytest.importorskip("httpx", reason="FastAPI's test client needs httpx")

from fastapi.testclient import TestClient

from duchenne.app.server.guard import COOKIE, address
from duchenne.app.server.settings import Settings
from duchenne.errors import DataError
from tests.app.server.serving import open_client

TOKEN = "a-token-of-some-length"
HOST = "192.0.2.7:8000"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(tmp_path / "library", host="192.0.2.7", token=TOKEN)
    with open_client(settings) as opened:
        opened.headers["host"] = HOST
        opened.follow_redirects = False
        yield opened


def test_only_loopback_goes_without_a_token(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give a token"):
        Settings(tmp_path, host="0.0.0.0")
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        assert Settings(tmp_path, host=host).local


@pytest.mark.parametrize(
    "token", ["short", "with a space in the middle", "a&b=c&d=e&f=g&h=i&j", ""]
)
def test_tokens_that_are_no_protection_are_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(DataError, match="token"):
        Settings(tmp_path, host="0.0.0.0", token=token)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/recordings", headers={"host": host})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_our_own_names_are_known(client: TestClient, host: str) -> None:
    assert client.get("/api/recordings", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_page_can_change_nothing(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/analyses?title=a.mp4", content=b"x", headers=headers)
    assert answer.status_code == 403
    assert client.get("/api/analyses").json() == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", None])
def test_another_page_cannot_open_the_socket(client: TestClient, origin: str | None) -> None:
    headers = {"host": "127.0.0.1:8000"} | ({"origin": origin} if origin else {})
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/api/live", headers=headers),
    ):
        pass
    assert refused.value.code == 4403
    assert "own page" in refused.value.reason


@pytest.mark.parametrize("path", ["/", "/api/recordings", "/api/openapi.json", "/page/main.js"])
def test_nothing_is_told_without_the_token(remote: TestClient, path: str) -> None:
    assert remote.get(path).status_code == 401
    assert remote.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
    shown = remote.get(path, headers={"authorization": f"Bearer {TOKEN}"})
    assert shown.status_code == 200


def test_the_token_moves_from_the_address_into_a_cookie(remote: TestClient) -> None:
    answer = remote.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={TOKEN};")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert remote.get("/", headers={"cookie": f"{COOKIE}={TOKEN}"}).status_code == 200
    assert remote.get(f"/api/recordings?token={TOKEN}", headers={"cookie": ""}).status_code == 401


def test_the_socket_needs_the_token_too(remote: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        remote.websocket_connect("/api/live", headers={"origin": f"http://{HOST}", "host": HOST}),
    ):
        pass
    assert refused.value.code == 4401


@pytest.mark.parametrize(
    "path", ["/", "/api/recordings", "/api/recordings/nothing", "/page/main.js"]
)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_printed_address_opens_the_page(tmp_path: Path) -> None:
    assert address(Settings(tmp_path), 8000) == "http://127.0.0.1:8000/"
    assert address(Settings(tmp_path, host="::1"), 8000) == "http://[::1]:8000/"
    remote = Settings(tmp_path, host="192.0.2.7", token=TOKEN)
    assert address(remote, 80) == f"http://192.0.2.7:80/?token={TOKEN}"
