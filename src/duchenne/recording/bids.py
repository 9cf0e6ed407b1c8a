"""Recordings as a BIDS derivative: physio tables and events, with their sidecars.

BIDS 1.10 (Gorgolewski et al., Scientific Data 2016; bids-specification.readthedocs.io): the tables
follow "physiological and other continuous recordings", "task events" and "behavioral
experiments", the folder "derived dataset". What the standard does not cover: it has no data type
for measurements of faces, so they stand in ``beh``; its names for columns of physio tables
(cardiac, respiratory, trigger) do not include ours; and an expression found by a program is called
an event, as a trial is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from duchenne.errors import DataError, reason
from duchenne.recording.bids_table import (
    EVENTS,
    MISSING,
    Clock,
    columns_of,
    describe_columns,
    events_frame,
    write_samples,
)
from duchenne.recording.exporting import Displayed, Judged, check_faces, exported, frame_times
from duchenne.recording.recording import Recording

BIDS: Final = "1.10.0"
TASK: Final = "video"

_NAME: Final = "duchenne"
_DESCRIPTION: Final = "dataset_description.json"
_README: Final = (
    "# Displayed facial expressions\n\nMeasured from videos by duchenne: a physio table for each "
    "face (displayed emotions, Action Units,\nhead pose) and a table of events, one row for each "
    "displayed expression. They describe displays,\nnot what anybody experiences.\n"
)


@dataclass(frozen=True)
class Entities:
    """What the names of the files say.

    Attributes:
        subject: label, letters and digits; "sub-" before it is taken off.
        session: label, or None.
        task: label.
        run: from 1, or None.

    Raises:
        DataError: a label that BIDS does not allow.
    """

    subject: str
    session: str | None = None
    task: str = TASK
    run: int | None = None

    def __post_init__(self) -> None:
        for key, name in (("sub", "subject"), ("ses", "session"), ("task", "task")):
            value = getattr(self, name)
            if value is None:
                continue
            object.__setattr__(self, name, value.removeprefix(f"{key}-"))
            if not re.fullmatch("[0-9A-Za-z]+", getattr(self, name)):
                raise DataError(
                    f"A {name} of BIDS has letters from A to Z and digits only, not {value!r}: "
                    f"give another {name}."
                )
        if self.run is not None and self.run < 1:
            raise DataError(f"Runs of BIDS count from 1, not from {self.run}: give another run.")

    @property
    def folder(self) -> Path:
        """Where the files lie in the data set."""
        session = [] if self.session is None else [f"ses-{self.session}"]
        return Path(f"sub-{self.subject}", *session, "beh")

    @property
    def stem(self) -> str:
        """What the names of all files begin with."""
        session = "" if self.session is None else f"_ses-{self.session}"
        run = "" if self.run is None else f"_run-{self.run}"
        return f"sub-{self.subject}{session}_task-{self.task}{run}"


def named(
    recording: Recording,
    subject: str | None = None,
    session: str | None = None,
    task: str = TASK,
    run: int | None = None,
) -> Entities:
    """What a recording's files are called; the subject is by default the recording's person.

    Raises:
        DataError: nobody is named, or a label is none.
    """
    who = recording.metadata.person if subject is None else subject
    if who is None:
        raise DataError(
            "BIDS files are named after a subject, and this recording has no person: give one as "
            "the subject."
        )
    return Entities(who, session, task, run)


def to_bids(
    recording: Recording,
    folder: str | Path,
    entities: Entities,
    *,
    expressions: Sequence[Displayed] = (),
    verdicts: Sequence[Judged] = (),
) -> tuple[Path, ...]:
    """Write a recording into a BIDS derivative, beside others that are there.

    A physio table for each face (``recording-face<id>``) with all its numbers on one regular
    clock: each row is the frame nearest in time, its true time in ``timestamp``; nothing is made
    up, and n/a stands where no frame with the face lies within half a step. The expressions of
    all faces become one table of events.

    Args:
        recording: with times.
        folder: the derivative. Where it is a raw BIDS data set, its ``derivatives/duchenne``.
        entities: what the files are called (``named``).
        expressions: as ``find_expressions`` finds them.
        verdicts: as ``genuineness.judge`` gives them.

    Returns:
        The files of this recording.

    Raises:
        DataError: a single picture, frames without a time or too uneven, expressions of other
            faces, or a folder of another program or that cannot be written.
    """
    clock = Clock.of(frame_times(recording, "BIDS"))
    check_faces(recording, expressions)
    root = _derivative(Path(folder))
    place = root / entities.folder
    columns = columns_of(recording)
    written = []
    for face_id in recording.face_ids:
        stem = f"{entities.stem}_recording-face{face_id}_physio"
        with exported(place / f"{stem}.tsv.gz") as fresh:
            write_samples(fresh, recording, face_id, clock, columns)
        sidecar = _sidecar(recording, clock, columns)
        written += [place / f"{stem}.tsv.gz", _json(place / f"{stem}.json", sidecar)]
    events = events_frame(expressions, verdicts)
    with exported(place / f"{entities.stem}_events.tsv") as fresh:
        events.to_csv(fresh, sep="\t", index=False, na_rep=MISSING, lineterminator="\n")
    about = {"Description": "displayed expressions, each from its onset to its offset"}
    told = about | {name: EVENTS[name] for name in events.columns}
    written.append(place / f"{entities.stem}_events.tsv")
    written.append(_json(place / f"{entities.stem}_events.json", told))
    return tuple(written)


def _derivative(folder: Path) -> Path:
    """The derivative's own folder with what describes it."""
    description = _description(folder)
    if description is not None and description.get("DatasetType", "raw") != "derivative":
        folder = folder / "derivatives" / _NAME
        description = _description(folder)
    if description is None:
        made = {
            "Name": "Displayed facial expressions",
            "BIDSVersion": BIDS,
            "DatasetType": "derivative",
            "GeneratedBy": [{"Name": _NAME, "Version": version(_NAME)}],
        }
        _json(folder / _DESCRIPTION, made)
        if not (folder / "README.md").exists():
            with exported(folder / "README.md") as fresh:
                fresh.write_text(_README, encoding="utf-8")
    elif _NAME not in _makers(description):
        maker = ", ".join(_makers(description)) or "somebody else"
        raise DataError(f"{folder} is a BIDS derivative by {maker}: choose another folder.")
    return folder


def _description(folder: Path) -> dict[str, Any] | None:
    path = folder / _DESCRIPTION
    if folder.is_file():
        raise DataError(f"{folder} is a file: a BIDS data set needs a folder.")
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} is not the description of a BIDS data set: {reason(error)}."
        ) from error
    if not isinstance(found, dict):
        raise DataError(f"{path} is not the description of a BIDS data set: it holds no fields.")
    return found


def _makers(description: dict[str, Any]) -> list[str]:
    made = description.get("GeneratedBy")
    return [str(one.get("Name")) for one in made or () if isinstance(one, dict)]


def _sidecar(recording: Recording, clock: Clock, columns: Sequence[str]) -> dict[str, Any]:
    return {
        "Description": "what one face displays: emotions, Action Units, head pose",
        "SamplingFrequency": round(clock.rate, 6),
        "StartTime": round(clock.start, 6),
        "Columns": list(columns),
        "SoftwareName": recording.metadata.tool,
        "SoftwareVersions": recording.metadata.version,
        **describe_columns(recording, columns),
    }


def _json(path: Path, content: dict[str, Any]) -> Path:
    with exported(path) as fresh:
        fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
