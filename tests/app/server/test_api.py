from __future__ import annotations

import errno
import io
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from PIL import Image

pytest.importorskip("fastapi", reason="the web page needs the extra: app")
pytest.importorskip("httpx", reason="FastAPI's test client needs httpx")

from fastapi.testclient import TestClient

from duchenne.app.server.library import Library
from duchenne.app.server.settings import Settings
from duchenne.app.server.tables import FORMS, file_name
from duchenne.media import open_media
from tests.app.server.serving import finished, open_client

HERE = {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}


def picture(pixels: NDArray[np.uint8], form: str) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, form)
    return held.getvalue()


FRAMES = 45


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, carphone: Path) -> bytes:
    """The beginning of the public clip: a second and a half."""
    path = tmp_path_factory.mktemp("clip") / "short.mp4"
    with open_media(carphone) as media, av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        for frame, _ in zip(media, range(FRAMES), strict=False):
            picture = av.VideoFrame.from_ndarray(frame.pixels, format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8], clip: bytes
) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A server that has analysed a picture, a clip and rubbish."""
    files = {
        "still": ("../../astronaut <b>.png", picture(astronaut, "PNG")),
        "clip": ("carphone.mp4", clip),
        "rubbish": ("film.mp4", b"\x00\x01rubbish" * 500),
    }
    with open_client(Settings(tmp_path_factory.mktemp("library"))) as client:
        ids = {}
        for name, (title, content) in files.items():
            answer = client.post("/api/analyses", params={"title": title}, content=content)
            assert answer.status_code == 202
            ids[name] = answer.json()["entry"]["id"]
            assert answer.headers["location"] == f"/api/analyses/{ids[name]}"
        for entry_id in ids.values():
            finished(client, f"/api/analyses/{entry_id}")
        yield client, ids


def test_a_clip_becomes_a_recording(served: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = served
    found = client.get(f"/api/recordings/{ids['clip']}").json()
    assert (found["width"], found["height"]) == (176, 144)
    assert found["summary"]["frames"] == FRAMES
    assert found["summary"]["source"] == "carphone.mp4"
    assert len(found["timeline"]["faces"]["0"]["aus"]) == 19
    for expression in found["expressions"]:
        assert expression["verdict"] in {"genuine", "posed", "undecided"}
        assert expression["reasons"]


def test_a_picture_is_judged_as_one_display(served: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = served
    found = client.get(f"/api/recordings/{ids['still']}").json()
    assert found["entry"]["media"] == "picture"
    assert found["entry"]["emotion"] == "happy"
    (display,) = found["expressions"]
    assert display["evidence"] == "still (weaker)"
    assert (
        client.get(f"/api/recordings/{ids['still']}/media").headers["content-type"] == "image/jpeg"
    )


def test_what_cannot_be_read_says_so_by_its_own_name(
    served: tuple[TestClient, dict[str, str]],
) -> None:
    client, ids = served
    told = client.get(f"/api/analyses/{ids['rubbish']}").json()["entry"]
    assert told["state"] == "failed"
    assert told["problem"].startswith("film.mp4 is neither a picture nor a video")
    answer = client.get(f"/api/recordings/{ids['rubbish']}")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:duchenne:problem:cannot-be-done"


def test_the_copy_for_the_browser_has_every_frame_at_its_time(
    served: tuple[TestClient, dict[str, str]], tmp_path: Path
) -> None:
    client, ids = served
    answer = client.get(f"/api/recordings/{ids['clip']}/media")
    assert answer.headers["content-type"] == "video/webm"
    (tmp_path / "copy.webm").write_bytes(answer.content)
    with open_media(tmp_path / "copy.webm") as media:
        times = [frame.time for frame in media]
    recorded = client.get(f"/api/recordings/{ids['clip']}").json()["timeline"]["times"]
    np.testing.assert_allclose(times, recorded, atol=2e-3)
    part = client.get(f"/api/recordings/{ids['clip']}/media", headers={"range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)


def test_the_overlay_lies_on_the_face(served: tuple[TestClient, dict[str, str]]) -> None:
    import base64

    client, ids = served
    path = f"/api/recordings/{ids['clip']}/overlay"
    found = client.get(path, params={"start": 0.5, "end": 1}).json()
    points = np.frombuffer(base64.b64decode(found["points"]), "<i2").reshape(-1, 468, 2) / 4
    assert len(found["rows"]) == len(points) == 15
    for (time, face, x, y, width, height, *_), mesh in zip(found["rows"], points, strict=True):
        assert 0.5 <= time < 1
        assert face == 0
        low, high = mesh.min(axis=0), mesh.max(axis=0)
        # Boxes are in tenths of pixels and reach around the irises, too.
        np.testing.assert_allclose([*low, *(high - low)], [x, y, width, height], atol=0.6)
    assert client.get(path, params={"start": 50, "end": 60}).json()["rows"] == []
    assert client.get(path, params={"start": "nan"}).status_code == 422


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["clip", "still"])
def test_tables_to_take_away(
    served: tuple[TestClient, dict[str, str]], form: str, name: str
) -> None:
    client, ids = served
    answer = client.get(f"/api/recordings/{ids[name]}/tables/{form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    first = answer.content.split(b"\n")[0]
    if form == "parquet":
        assert "landmarks" in pq.read_schema(io.BytesIO(answer.content)).names
    elif form == "html":
        assert first == b"<!doctype html>"
    else:
        assert first.startswith(b"face_id" if form == "expressions" else b"frame")


def test_reports_run_in_a_sandbox(served: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = served
    answer = client.get(f"/api/recordings/{ids['still']}/report")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "allow-same-origin" not in answer.headers["content-security-policy"]
    assert "astronaut &lt;b&gt;.png" in answer.text


def test_library_search_rename_and_delete(served: tuple[TestClient, dict[str, str]]) -> None:
    client, ids = served
    (found,) = client.get("/api/recordings", params={"text": "carphone"}).json()
    assert found["id"] == ids["clip"]
    path = f"/api/recordings/{ids['rubbish']}"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    renamed = client.patch(f"/api/recordings/{ids['clip']}", json={"title": "Car\nphone"})
    assert renamed.json()["title"] == "Car phone"
    client.patch(f"/api/recordings/{ids['clip']}", json={"title": "carphone.mp4"})


def test_synchrony_of_a_clip_with_itself(
    served: tuple[TestClient, dict[str, str]], clip: bytes
) -> None:
    client, ids = served
    again = client.post("/api/analyses?title=again.mp4", content=clip).json()
    other = finished(client, f"/api/analyses/{again['entry']['id']}")["entry"]["id"]
    wanted = {"recordings": [ids["clip"], other], "features": "aus", "window": 0.6}
    answer = client.post("/api/synchrony", json=wanted)
    assert answer.status_code == 202
    told = finished(client, answer.headers["location"])
    assert told["entry"]["state"] == "done", told["entry"]["problem"]
    assert told["found"]["said"]
    assert "carphone.mp4" in client.get(f"{answer.headers['location']}/page").text
    assert client.delete(answer.headers["location"]).status_code == 204


@pytest.mark.parametrize(
    "wanted",
    [
        {"recordings": []},
        {"recordings": ["0" * 20]},
        {"recordings": ["0" * 20, "1" * 20], "features": "lies"},
        {"recordings": ["0" * 20, "1" * 20], "window": -1},
    ],
)
def test_comparisons_that_make_no_sense(client: TestClient, wanted: dict[str, object]) -> None:
    answer = client.post("/api/synchrony", json=wanted)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_file_over_the_limit_is_not_kept(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        # No length announced: the limit must hold while the bytes come.
        for _ in range(64):
            yield b"x" * 2**16

    for content in (b"x" * (2**20 + 1), endless()):
        answer = client.post("/api/analyses?title=a.mp4", content=content)
        assert answer.status_code == 413
        assert "a larger limit for uploads" in answer.json()["detail"]
    assert client.get("/api/analyses").json() == []
    assert client.get("/api/recordings").json() == []


def test_a_full_disk_is_a_problem_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/somebody/library")

    monkeypatch.setattr(Library, "add", full)
    answer = client.post("/api/analyses?title=a.mp4", content=b"x")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "No space left on device" in answer.json()["detail"]
    assert "somebody" not in answer.text


def test_an_empty_file_is_refused(client: TestClient) -> None:
    answer = client.post("/api/analyses?title=a.mp4", content=b"")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:duchenne:problem:empty")


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e%2fentry.json", "0" * 20, "index.sqlite", "0" * 20 + "%00"]
)
def test_no_path_of_a_person_reaches_the_disk(client: TestClient, name: str) -> None:
    for tail in ("", "/media", "/report", "/tables/csv", "/overlay"):
        assert client.get(f"/api/recordings/{name}{tail}").status_code == 404


def test_downloads_have_plain_names() -> None:
    assert file_name('../a"b\r\nü.mp4', ".csv") == "a-b.csv"
    assert file_name("...", ".csv") == "recording.csv"


def test_pictures_are_looked_at_live(client: TestClient, astronaut: NDArray[np.uint8]) -> None:
    jpeg = picture(astronaut, "JPEG")
    with client.websocket_connect("/api/live", headers=HERE) as socket:
        for time in (0.0, 0.1, 0.2):
            socket.send_bytes(struct.pack("<d", time) + jpeg)
            seen = socket.receive_json()
        assert seen["ids"] == [0]
        assert max(seen["emotions"][0]) == seen["emotions"][0][3]  # happy
        x, y, width, height = seen["boxes"][0]
        assert 150 < x < x + width < 300
        assert 30 < y < y + height < 250
        for wrong in (
            b"",
            b"x",
            struct.pack("<d", float("nan")) + jpeg,
            struct.pack("<d", 1) + b"x",
        ):
            socket.send_bytes(wrong)
            assert "error" in socket.receive_json()
        for text in ("", "[]", json.dumps({"freeze": "lies"})):
            socket.send_text(text)
            assert "error" in socket.receive_json()
        for source in ("aus", "landmarks"):
            socket.send_text(json.dumps({"freeze": source}))
            frozen = socket.receive_json()["frozen"]
            assert frozen["source"] == source
            assert frozen["picture"].startswith("data:image/jpeg;base64,")
            (face,) = frozen["faces"]
            assert face["displayed"] == "happy"
            assert face["verdict"] in {"genuine", "posed", "undecided"}


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/analyses", "/api/recordings/{entry_id}", "/api/synchrony"} <= set(paths)
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("http://www.w3.org", "")
