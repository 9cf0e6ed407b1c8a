"""Takes the pictures of the web page for the README and docs/serve.md.

    .venv/bin/python docs/serve_images.py docs/images

Needs chromium and Playwright (`make test-browser` brings it). The only face is the astronaut's,
moved slowly in front of the camera.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from skimage import data

PATIENCE_MS = 180_000


def camera(path: Path) -> None:
    """Four seconds of the astronaut, swaying."""
    face = Image.fromarray(data.astronaut()).resize((720, 720))
    with path.open("wb") as file:
        for angle in np.linspace(0, 2 * np.pi, 120, endpoint=False):
            left, top = 30 + 25 * np.sin(angle), 20 + 15 * np.cos(angle)
            held = io.BytesIO()
            face.crop((int(left), int(top), int(left) + 640, int(top) + 480)).save(held, "JPEG")
            file.write(held.getvalue())


def shoot(browser: Any, address: str, out: Path, picture: Path) -> None:
    for name, dark in (("light", False), ("dark", True)):
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}#live")
        page.get_by_role("button", name="Start the camera").click()
        page.wait_for_selector('.rate:has-text("behind")')
        page.wait_for_timeout(12_000)
        page.keyboard.press("a")
        page.wait_for_selector(".frozen .verdict")
        page.evaluate("() => scrollTo(0, 0)")
        page.wait_for_timeout(1500)
        page.screenshot(path=out / f"serve-live-{name}.jpg", quality=88, full_page=True)
        page.goto(f"{address}#files")
        page.set_input_files("#chosen", picture)
        page.get_by_role("link", name="Open").click()
        page.wait_for_selector(".verdict")
        page.wait_for_timeout(1500)
        page.screenshot(path=out / f"serve-result-{name}.jpg", quality=88, full_page=True)
        page.goto(f"{address}#library")
        page.wait_for_selector(".item")
        page.screenshot(path=out / f"serve-library-{name}.png")
        context.close()


def viewers(folder: Path) -> list[Path]:
    """Three films of half a minute in which the astronaut's head rolls, partly in step."""
    face = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    paths = []
    for number in range(3):
        path = folder / f"viewer {number + 1}.mp4"
        film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10.0, (512, 512))
        for time in np.arange(0, 36, 0.1):
            # In step from 12 to 24 s, each in an own time before and after.
            pace = 3.0 if 12 <= time < 24 else 2.0 + 1.3 * number
            turn = cv2.getRotationMatrix2D((224, 128), 9 * np.sin(2 * np.pi * time / pace), 1.0)
            film.write(cv2.warpAffine(face, turn, (512, 512)))
        film.release()
        paths.append(path)
    return paths


def shoot_synchrony(browser: Any, address: str, out: Path, films: list[Path]) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 1200}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}#files")
    page.set_input_files("#chosen", films)
    page.wait_for_function(
        "n => [...document.links].filter(a => a.textContent === 'Open').length == n",
        arg=len(films),
    )
    page.goto(f"{address}#synchrony")
    for film in films:
        page.get_by_label(film.name).check()
    page.get_by_label("Compare").select_option("pose")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("iframe.sheet")
    page.wait_for_timeout(2000)
    page.screenshot(path=out / "serve-synchrony-light.png")
    page.context.close()


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        picture, clip = Path(folder) / "astronaut.png", Path(folder) / "face.mjpeg"
        Image.fromarray(data.astronaut()).save(picture)
        camera(clip)
        command = [sys.executable, "-c", "from duchenne.cli import main; main()", "serve"]
        server = subprocess.Popen(
            [*command, "--port", "0", "--library", f"{folder}/library"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[-1]
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    args=[
                        "--no-sandbox",
                        "--use-fake-ui-for-media-stream",
                        "--use-fake-device-for-media-stream",
                        f"--use-file-for-fake-video-capture={clip}",
                    ],
                )
                shoot(browser, address, out, picture)
                shoot_synchrony(browser, address, out, viewers(Path(folder)))
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
