"""Which cameras there are, and whether OpenCV gets a picture from them."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from duchenne.cli.checkup.asking import Answer, Question
from duchenne.cli.checkup.finding import Finding

# A webcam that has to warm up needs two or three.
SECONDS: Final = 5.0
_DEVICES: Final = Path("/dev")
_NAMES: Final = Path("/sys/class/video4linux")
# Where the system does not list them.
_TRIED: Final = ("0", "1", "2", "3")
_NONE: Final = (
    "plug one in; inside a container, pass it on: docker run --device /dev/video0 ...; videos and "
    "pictures need none"
)


def ask_cameras() -> Callable[[], tuple[Finding, ...]]:
    """Begin to look; the function returned waits for the findings, at most ``SECONDS``."""
    if sys.platform != "linux":
        question = _question(_TRIED)
        return lambda: _of_numbers(question.answer())
    devices = _devices()
    # Each in a process of its own, so that one that hangs does not hide the others.
    asked = [(path, _question([path.name[5:]])) for path in devices if _may_open(path)]
    barred = [_barred(path) for path in devices if not _may_open(path)]

    def wait() -> tuple[Finding, ...]:
        found = [_of_device(path, question.answer()) for path, question in asked]
        return (*found, *barred) or (_none("/dev/video* does not exist"),)

    return wait


def _question(numbers: list[str] | tuple[str, ...]) -> Question:
    return Question(["-m", "duchenne.cli.checkup.camera_try", *numbers], SECONDS)


def _devices() -> list[Path]:
    found = [path for path in _DEVICES.glob("video*") if re.fullmatch(r"video\d+", path.name)]
    return sorted(found, key=lambda path: int(path.name[5:]))


def _may_open(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


def _barred(path: Path) -> Finding:
    remedy = "sudo usermod -aG video $USER, then log out and in again"
    return Finding(f"camera:{path.name[5:]}", "fault", f"{path} may not be opened by you", remedy)


def _of_device(path: Path, answer: Answer) -> Finding:
    name = f"camera:{path.name[5:]}"
    label = _read(_NAMES / path.name / "name")
    label = f"{path} ({label})" if label else str(path)
    # The kernel gives most webcams a second device, which tells of the pictures and holds none.
    if _read(_NAMES / path.name / "index") not in {"", "0"} and not _opened(answer):
        return Finding(name, "absent", f"{label} carries no pictures; its neighbour may")
    return _finding(name, label, answer, answer.lines[0] if answer.lines else None)


def _of_numbers(answer: Answer) -> tuple[Finding, ...]:
    opened = [line for line in answer.lines if "width" in json.loads(line)]
    found = [_finding(f"camera:{json.loads(line)['number']}", "", answer, line) for line in opened]
    if not answer.in_time:
        number = f"camera:{_TRIED[min(len(answer.lines), len(_TRIED) - 1)]}"
        found.append(_finding(number, "", answer, None))
    return tuple(found) or (_none(f"none of {', '.join(_TRIED)} gives a picture"),)


def _finding(name: str, label: str, answer: Answer, line: str | None) -> Finding:
    before = f"{label}: " if label else ""
    if line is None:
        said = "gave no answer" if answer.in_time else f"did not answer within {SECONDS:.0f} s"
        remedy = "close other programs that use it, or plug it in again"
        return Finding(name, "fault", f"{before}{said}", remedy)
    facts: dict[str, Any] = json.loads(line)
    if "width" not in facts:
        remedy = "close other programs that use it, and allow this terminal to use cameras"
        return Finding(name, "fault", f"{before}gives no picture", remedy)
    rate = f", {facts['fps']:.0f} frames a second" if facts["fps"] else ""
    return Finding(name, "ok", f"{before}{facts['width']} x {facts['height']}{rate}")


def _opened(answer: Answer) -> bool:
    return any("width" in json.loads(line) for line in answer.lines)


def _none(detail: str) -> Finding:
    remedy = _NONE if sys.platform == "linux" else f"{_NONE}; macOS: System Settings > Privacy"
    return Finding("camera", "absent", detail, remedy)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
