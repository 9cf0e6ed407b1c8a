"""Debian's chromium on a server of its own, its camera fed with a real clip.

Run by `make test-browser`; skipped, with the reason, where a browser or Playwright is missing.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from duchenne.media import open_media

CAMERA = (640, 480)
# Everything the page waits for is slow on a busy machine; quick ones do not wait this long.
PATIENCE_MS = 100_000


def browser_program() -> str | None:
    named = os.environ.get("DUCHENNE_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next((found for found in map(shutil.which, names) if found), None)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with an empty library."""
    pytest.importorskip("fastapi", reason="the web page needs the extra: app")
    library = tmp_path_factory.mktemp("library")
    command = [sys.executable, "-c", "from duchenne.cli import main; main()", "serve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--library", str(library)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        yield said.split()[-1]
        process.terminate()


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory, carphone: Path) -> Path:
    """The public clip as chromium's fake camera wants it: JPEGs, one after the other."""
    path = tmp_path_factory.mktemp("camera") / "face.mjpeg"
    with path.open("wb") as file, open_media(carphone) as media:
        for frame in media:
            held = io.BytesIO()
            Image.fromarray(frame.pixels).resize(CAMERA).save(held, "JPEG", quality=90)
            file.write(held.getvalue())
    return path


@pytest.fixture(scope="session")
def chromium(camera: Path) -> Iterator[Any]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="browser tests need Playwright: make test-browser installs it"
    )
    program = browser_program()
    if program is None:
        pytest.skip("no chromium here: apt-get install chromium, or set DUCHENNE_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ],
        )
        yield browser
        browser.close()


Open = Callable[..., Any]


@pytest.fixture
def visit(chromium: Any, server: str) -> Iterator[Open]:
    """Opens a view; at the end no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def opened(view: str, *, width: int = 1280, dark: bool = False) -> Any:
        scheme = "dark" if dark else "light"
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((server, "blob:", "data:")) else complaints.append(r.url)
            ),
        )
        page.goto(f"{server}#{view}")
        page.wait_for_selector("h1")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
