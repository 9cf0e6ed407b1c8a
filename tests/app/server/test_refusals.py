"""What the server answers to questions that it cannot or must not do as asked."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the web page needs the extra: app")
pytest.importorskip("httpx", reason="FastAPI's test client needs httpx")

from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from duchenne.app.server import analyses
from duchenne.app.server.entry import new_entry
from duchenne.emotion.labels import EMOTIONS
from tests.app.server.test_api import HERE


def added(client: Any, kind: str, state: str) -> str:
    entry = new_entry(kind, "a.mp4", state=state)  # type: ignore[arg-type]
    client.app.state.library.add(entry)
    return entry.id


@pytest.mark.parametrize(
    ("kind", "state", "method", "path", "code", "said"),
    [
        ("recording", "done", "DELETE", "/api/analyses/{}", 409, "delete the recording instead"),
        ("recording", "waiting", "DELETE", "/api/recordings/{}", 409, "cancel the analysis"),
        ("recording", "waiting", "GET", "/api/recordings/{}", 409, "ask again later"),
        ("recording", "done", "GET", "/api/recordings/{}/media", 404, "without pictures"),
        ("recording", "done", "GET", "/api/recordings/{}/tables/xlsx", 404, "The forms are"),
        ("synchrony", "done", "GET", "/api/recordings/{}", 404, "That is a synchrony"),
    ],
)
def test_what_does_not_suit_the_entry_is_a_problem(
    client: TestClient, kind: str, state: str, method: str, path: str, code: int, said: str
) -> None:
    answer = client.request(method, path.format(added(client, kind, state)))
    assert (answer.status_code, said in answer.json()["detail"]) == (code, True)


def test_a_recording_that_cannot_be_read_is_a_problem(client: TestClient) -> None:
    answer = client.get(f"/api/recordings/{added(client, 'recording', 'done')}/tables/csv")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:duchenne:problem:cannot-be-done"


def test_one_recording_twice_is_no_comparison(client: TestClient) -> None:
    one = added(client, "recording", "done")
    answer = client.post("/api/synchrony", json={"recordings": [one, one]})
    assert (answer.status_code, "two recordings" in answer.json()["detail"]) == (422, True)
    other = added(client, "synchrony", "done")
    assert [entry["id"] for entry in client.get("/api/synchrony").json()] == [other]


def test_another_method_is_a_problem_in_the_same_form(client: TestClient) -> None:
    answer = client.put("/api/recordings")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Method Not Allowed", "status": 405}


def test_the_page_learns_names_and_limits(client: TestClient) -> None:
    told = client.get("/api/vocabulary").json()
    assert told["emotions"] == list(EMOTIONS)
    assert told["most_upload_mb"] == 1


def test_an_upload_is_written_piece_by_piece(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyses, "_AT_ONCE", 4)
    monkeypatch.setattr(client.app.state.jobs, "add", lambda entry: None)  # type: ignore[attr-defined]
    answer = client.post(
        "/api/analyses?title=a.mp4", content=(piece for piece in (b"abcdef", b"gh", b"ij"))
    )
    library = client.app.state.library  # type: ignore[attr-defined]
    entry = library.get(answer.json()["entry"]["id"])
    assert (library.folder_of(entry.id) / entry.source).read_bytes() == b"abcdefghij"


def test_live_pages_beyond_the_most_are_turned_away(client: TestClient) -> None:
    client.app.state.live.sessions = client.app.state.settings.most_live  # type: ignore[attr-defined]
    with client.websocket_connect("/api/live", headers=HERE) as socket:
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_json()
        assert "are open already" in ended.value.reason


def test_a_freeze_that_fails_comes_without_a_picture(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        return {"error": f"No {head.get('source')} yet."}, b""

    monkeypatch.setattr(client.app.state.live, "ask", fail)  # type: ignore[attr-defined]
    with client.websocket_connect("/api/live", headers=HERE) as socket:
        socket.send_text('{"freeze": "aus"}')
        assert socket.receive_json() == {"error": "No aus yet."}
