"""One thing in the library: what is known of it, as it lies in its folder."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from duchenne.errors import DataError, reason
from duchenne.files import write_text

Kind = Literal["recording", "synchrony"]
State = Literal["waiting", "running", "done", "failed"]

FILE: Final = "entry.json"
_ID: Final = re.compile(r"[0-9a-f]{20}\Z")
_LONGEST_TITLE: Final = 160


@dataclass(frozen=True)
class Entry:
    """A recording, or a comparison of recordings.

    Attributes:
        id: 20 hexadecimal digits, drawn at random; the name of its folder.
        kind: recording or synchrony.
        title: what the person calls it; never part of a path.
        created: ISO 8601, UTC.
        state: waiting, running, done or failed.
        problem: why it failed, a sentence; empty otherwise.
        source: name of the uploaded file in the folder, chosen by us.
        media: picture or video; empty while nobody knows.
        frames: analysed.
        duration: s.
        faces: how many.
        emotion: displayed mostly by the face seen longest.
        genuine: expressions that resemble spontaneous recordings.
        posed: expressions that resemble posed recordings.
        undecided: expressions of which nothing can be said.
        people: of a comparison: recordings by id.
        features: of a comparison.
        window: of a comparison, s.
    """

    id: str
    kind: Kind
    title: str
    created: str
    state: State = "waiting"
    problem: str = ""
    source: str = ""
    media: str = ""
    frames: int = 0
    duration: float = 0.0
    faces: int = 0
    emotion: str = ""
    genuine: int = 0
    posed: int = 0
    undecided: int = 0
    people: tuple[str, ...] = ()
    features: str = ""
    window: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    def write(self, folder: Path) -> None:
        """Write ``entry.json`` into the entry's folder, in one step."""
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
        write_text(folder / FILE, text)

    @classmethod
    def read(cls, folder: Path) -> Entry:
        """Read it back.

        Raises:
            DataError: it is missing or damaged.
        """
        try:
            raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
            known = {f.name: raw[f.name] for f in fields(cls) if f.name in raw}
            known["people"] = tuple(known.get("people", ()))
            entry = cls(**known)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DataError(
                f"{folder / FILE} is no entry of a library: {reason(error)}."
            ) from error
        # A folder that somebody renamed or edited must not lead anywhere else.
        if not is_id(entry.id) or entry.id != folder.name or entry.state not in get_args(State):
            raise DataError(f"{folder / FILE} does not belong to this folder.")
        return entry


def new_entry(kind: Kind, title: str, **more: Any) -> Entry:
    """An entry that waits to be worked on, with an id of its own."""
    created = datetime.now(UTC).isoformat(timespec="microseconds")
    return Entry(secrets.token_hex(10), kind, clean_title(title), created, **more)


def is_id(text: str) -> bool:
    """Whether this can be an entry's id: nothing else ever becomes part of a path."""
    return _ID.match(text) is not None


def clean_title(text: str) -> str:
    """A title in one printable line of at most 160 characters."""
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(printable.split())[:_LONGEST_TITLE] or "without a name"
