"""Writes a frozen moment into a folder of its own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from duchenne.app.moment import Frozen, Moment
from duchenne.errors import DataError, DuchenneError
from duchenne.genuineness.judging import judge
from duchenne.genuineness.verdict import Judged
from duchenne.report import annotate, write_report


def fresh_folder(out: Path, kind: str) -> Path:
    """``OUT/<kind>-<date>-<time>``, and ``-2`` where that is taken; made here.

    Raises:
        DataError: it cannot be made.
    """
    stem = f"{kind}-{datetime.now():%Y%m%d-%H%M%S}"
    for number in range(1, 1000):
        folder = out / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise DataError(
                f"{folder} cannot be made ({error.strerror}): choose another folder."
            ) from error
        return folder
    raise DataError(f"{out} is full of recordings of this second: wait a second.")


def save(folder: Path, moment: Moment, frozen: Frozen | None = None) -> str:
    """Write the picture, the last ten seconds, their report, and the verdict if there is one.

    Args:
        folder: gets ``frame.png``, ``annotated.png``, ``recording.parquet``, ``recording.json``,
            ``report.html``, and ``verdict.json`` for a frozen moment.
        moment: what to save.
        frozen: what was made of it; without it the newest picture is the one that is saved.

    Returns:
        What was saved, a sentence.
    """
    look = moment.looks[-1] if frozen is None else frozen.look
    recording = moment.recording
    recording.save(folder)
    Image.fromarray(look.frame.pixels).save(folder / "frame.png")
    rows = recording.to_frame()
    now = np.abs(rows["timestamp"].to_numpy() - (look.frame.time - moment.start)) < 1e-6
    drawn = annotate(look.frame.pixels, rows[now].reset_index(drop=True), recording.landmarks[now])
    Image.fromarray(drawn).save(folder / "annotated.png")
    if frozen is not None:
        text = json.dumps(frozen.to_dict(), indent=2, ensure_ascii=False) + "\n"
        (folder / "verdict.json").write_text(text, encoding="utf-8")
    write_report(recording, folder / "report.html", [], _judged(moment))
    return f"Saved the picture and the last {rows['timestamp'].max():.1f} s: {folder}"


def _judged(moment: Moment) -> tuple[Judged, ...] | None:
    try:
        return judge(moment.recording, models=moment.models)
    except DuchenneError:
        # A report without verdicts is better than none.
        return None
