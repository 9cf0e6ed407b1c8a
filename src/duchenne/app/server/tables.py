"""Tables and pages of an entry that a person takes away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from duchenne.app.server.analysing import REPORT
from duchenne.recording.recording import Recording
from duchenne.recording.storage import write_single

Writer = Callable[[Path, Path], None]


def _csv(folder: Path, target: Path) -> None:
    Recording.load(folder).to_frame().to_csv(target, index=False)


def _openface(folder: Path, target: Path) -> None:
    from duchenne.action_units.openface import write_openface
    from duchenne.recording.from_openface import to_openface

    write_openface(to_openface(Recording.load(folder)), target)


def _parquet(folder: Path, target: Path) -> None:
    recording = Recording.load(folder)
    write_single(target, recording.with_landmarks(), recording.metadata)


def _report(folder: Path, target: Path) -> None:
    target.write_bytes((folder / REPORT).read_bytes())


def _expressions(folder: Path, target: Path) -> None:
    from duchenne.genuineness.judging import judge
    from duchenne.genuineness.verdict import judged_frame

    judged_frame(judge(Recording.load(folder))).to_csv(target, index=False)


FORMS: Final[dict[str, tuple[str, str, Writer]]] = {
    "parquet": (".parquet", "application/vnd.apache.parquet", _parquet),
    "csv": (".csv", "text/csv; charset=utf-8", _csv),
    "openface": ("-openface.csv", "text/csv; charset=utf-8", _openface),
    "expressions": ("-expressions.csv", "text/csv; charset=utf-8", _expressions),
    "html": (".html", "text/html; charset=utf-8", _report),
}
"""Form to the end of its file name, its media type and what writes it."""


def file_name(title: str, ending: str) -> str:
    """What a download is called: plain letters only, whatever the title holds."""
    stem = re.sub(r"[^\w.()+-]+", "-", Path(title).stem, flags=re.ASCII).strip("-.")
    return (stem or "recording")[:80] + ending
