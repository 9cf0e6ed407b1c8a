"""What a recording says about where it came from and how it was made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from duchenne.errors import DataError, reason

FORMAT: Final = 1
OURS: Final = "duchenne"


@dataclass(frozen=True)
class Source:
    """The picture, video, folder or camera that was analysed.

    Attributes:
        name: file or folder name.
        path: where it lay.
        kind: picture, video, folder or camera.
        width: pixels, after rotation.
        height: pixels, after rotation.
        fps: nominal frames a second; None for a picture.
        frames: how many frames the source announces; None where it does not say.
        duration: seconds that the source announces; None where it does not say.
        size_bytes: of the file, or of all files of the folder; None for a camera.
        modified: when it was last changed (s since 1970); None for a camera.
    """

    name: str
    path: str
    kind: str
    width: int
    height: int
    fps: float | None = None
    frames: int | None = None
    duration: float | None = None
    size_bytes: int | None = None
    modified: float | None = None


@dataclass(frozen=True)
class Model:
    """One model that took part: name, file name, SHA-256 and licence."""

    name: str
    file: str
    sha256: str
    licence: str


@dataclass(frozen=True)
class Metadata:
    """Everything about a recording that is not in its rows.

    Attributes:
        source: what was analysed.
        options: the settings of the run (detector, every, start, end, faces).
        models: the models whose numbers stand in the rows.
        version: of duchenne.
        person: who is seen, by a name that holds across files; None where nobody said.
        frames: how many frames were analysed.
        complete: False where the run was interrupted.
        warnings: what the person should know, for example a truncated video.
        tool: the program that measured the rows: duchenne, OpenFace or py-feat.
        format: version of the file format.
    """

    source: Source
    options: dict[str, Any]
    models: tuple[Model, ...]
    version: str
    person: str | None = None
    frames: int = 0
    complete: bool = False
    warnings: tuple[str, ...] = ()
    tool: str = OURS
    format: int = field(default=FORMAT)

    def to_json(self) -> str:
        """Readable JSON with stable order; bytes of file names that are not UTF-8 are escaped."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        # Python reads such bytes as lone surrogates, which JSON can escape and UTF-8 cannot hold.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    @classmethod
    def from_json(cls, text: str, where: str = "recording.json") -> Metadata:
        """Read back what ``to_json`` wrote.

        Raises:
            DataError: not JSON, not a recording's metadata, or from a newer duchenne.
        """
        try:
            raw = json.loads(text)
            if raw["format"] > FORMAT:
                raise DataError(f"{where} comes from a newer duchenne; please upgrade.")
            known = {f.name for f in fields(cls)}
            values = {name: value for name, value in raw.items() if name in known}
            values["source"] = Source(**raw["source"])
            values["models"] = tuple(Model(**model) for model in raw["models"])
            values["warnings"] = tuple(raw.get("warnings", ()))
            return cls(**values)
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{where} is not the metadata of a recording: {reason(error)}."
            ) from error

    @classmethod
    def load(cls, path: Path) -> Metadata:
        """Read ``recording.json``.

        Raises:
            DataError: as ``from_json``, or the file cannot be read.
        """
        try:
            return cls.from_json(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read: {reason(error)}.") from error
