from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

VIEWS = ("live", "files", "synchrony", "library")
SAID = ("Resembles spontaneous recordings", "Resembles posed recordings", "Undecided")


def live(visit: Any) -> Any:
    page = visit("live")
    page.get_by_role("button", name="Start the camera").click()
    page.wait_for_selector('.rate:has-text("behind")')
    return page


def painted(page: Any) -> list[int]:
    """x and y of the middle of what is drawn over the camera, in the canvas's pixels."""
    found = page.evaluate(
        """() => {
          const canvas = document.querySelector(".screen canvas");
          const {width, height} = canvas;
          const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
          let n = 0, x = 0, y = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i]) {
            n++; x += (i >> 2) % width; y += Math.floor((i >> 2) / width);
          }
          return n ? [x / n / width, y / n / height] : [];
        }"""
    )
    return list(found)


def test_nothing_is_seen_before_the_person_agrees(visit: Any) -> None:
    page = visit("live")
    assert "Start it only if everybody in front of it agrees" in page.inner_text("main")
    assert not page.is_visible("video")
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert "no lie detector" in page.inner_text("footer")


def test_the_overlay_follows_the_face(visit: Any) -> None:
    page = live(visit)
    page.wait_for_selector('.panel h2:has-text("displays")')
    middle = painted(page)
    # The man's face: left of the middle, in the upper two thirds.
    assert 0.3 < middle[0] < 0.62
    assert 0.25 < middle[1] < 0.75
    assert page.locator(".bar.top output").first.inner_text().endswith("%")
    page.keyboard.press("q")
    page.wait_for_selector("text=Start the camera")
    assert page.evaluate("document.querySelector('video').srcObject") is None


@pytest.mark.parametrize(("key", "source"), [("a", "Action Units"), ("l", "landmarks")])
def test_keys_give_a_verdict_with_reasons(visit: Any, key: str, source: str) -> None:
    page = live(visit)
    page.keyboard.press(key)
    page.wait_for_selector(".frozen .verdict")
    assert source in page.inner_text("section h2")
    assert page.inner_text(".frozen .headline") in SAID
    assert page.locator(".frozen .verdict li").count() >= 1


def test_what_is_recorded_becomes_a_recording(visit: Any) -> None:
    page = live(visit)
    page.keyboard.press("r")
    page.wait_for_selector("button:has-text('End the recording')")
    page.wait_for_timeout(2000)
    page.keyboard.press("r")
    page.wait_for_selector("#status:has-text('is being analysed')")
    page.keyboard.press("q")
    page.get_by_role("link", name="Files").click()
    page.wait_for_selector(".item:has-text('Camera')")
    page.get_by_role("link", name="Open").click()
    page.wait_for_selector("h1:has-text('Camera')")
    assert "1 face" in page.inner_text(".lede")


def test_a_clip_becomes_a_result_in_step_with_its_timelines(visit: Any, carphone: Path) -> None:
    page = visit("files")
    page.set_input_files("#chosen", carphone)
    page.get_by_role("link", name="Open").click()
    page.wait_for_selector("h1:has-text('carphone.mp4')")
    page.wait_for_selector(".unit-row canvas")
    timeline = page.locator(".unit-row.emotions canvas")
    timeline.scroll_into_view_if_needed()
    box = timeline.bounding_box()
    timeline.click(position={"x": box["width"] / 2, "y": 20})
    page.wait_for_timeout(500)
    now = page.evaluate("document.querySelector('video').currentTime")
    assert abs(now - 3.97 / 2) < 0.1
    with page.expect_download() as waiting:
        page.get_by_role("link", name="OpenFace CSV").click()
    text = Path(waiting.value.path()).read_text()
    assert text.splitlines()[0].startswith("frame")
    page.goto(page.url.split("#")[0] + "#library")
    page.fill("#search", "carph")
    page.wait_for_selector("a:has-text('carphone.mp4')")
    page.fill("#search", "nobody")
    page.wait_for_selector("text=Nothing here goes by these words.")


def test_a_file_that_cannot_be_read_says_why(visit: Any, tmp_path: Path) -> None:
    (tmp_path / "<img src=x onerror=alert(1)>.mp4").write_bytes(b"rubbish" * 100)
    page = visit("files")
    page.set_input_files("#chosen", next(tmp_path.iterdir()))
    page.wait_for_selector(".problem")
    assert "is neither a picture nor a video" in page.inner_text(".problem")
    assert page.locator("main img").count() == 0


def test_a_picture_is_shown_with_its_verdict(
    visit: Any, tmp_path: Path, astronaut: NDArray[np.uint8]
) -> None:
    Image.fromarray(astronaut).save(tmp_path / "astronaut.png")
    page = visit("files", width=400)
    page.set_input_files("#chosen", tmp_path / "astronaut.png")
    page.get_by_role("link", name="Open").click()
    page.wait_for_selector(".verdict")
    assert "displays happy" in page.inner_text(".verdict h3")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("width", "dark"), [(400, False), (400, True), (1280, True)])
def test_no_view_is_wider_than_the_screen_or_hard_to_read(
    visit: Any, view: str, width: int, dark: bool
) -> None:
    page = visit(view, width=width, dark=dark)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for text, ground in page.evaluate(COLOURS):
        assert contrast(text, ground) >= 4.5, (text, ground)


def test_everything_can_be_reached_by_keyboard(visit: Any) -> None:
    page = visit("files")
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert seen[:6] == [
        "Skip to the content",
        "Live",
        "Files",
        "Synchrony",
        "Library",
        "Choose files",
    ]


# The colour of each text and of the nearest painted ground behind it.
COLOURS = """() => [...document.querySelectorAll("body *")].filter((element) =>
  element.checkVisibility() && !element.disabled &&
  [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
).map((element) => {
  const painted = (one) => getComputedStyle(one).backgroundColor;
  let ground = element;
  while (ground && painted(ground) === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  return [getComputedStyle(element).color, painted(ground ?? document.body)];
})"""


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours as a browser names them."""
    first, second = sorted((luminance(one), luminance(other)))
    return (second + 0.05) / (first + 0.05)


def luminance(colour: str) -> float:
    numbers = [float(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in numbers]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
