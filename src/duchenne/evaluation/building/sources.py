"""Which pictures and clips a data set is made of, and what is known about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from duchenne.errors import DataError, reason
from duchenne.media.folders import natural_key

LABELS: Final = ("posed", "genuine")


@dataclass(frozen=True)
class LabelledSource:
    """One picture or clip.

    Attributes:
        path: of the file.
        label: ``posed`` or ``genuine``.
        subject: who is seen, by a name that holds across files; "" where nobody said.
        emotion: what is displayed, as the data set calls it; "" where nobody said.
    """

    path: Path
    label: str
    subject: str = ""
    emotion: str = ""


def sources_of_folders(posed: Path, genuine: Path) -> list[LabelledSource]:
    """All files below two folders; the folder right around a file names its subject.

    Files that lie in ``posed`` or ``genuine`` itself have no subject. Hidden files are left out.

    Raises:
        DataError: a folder is missing, empty, or lies inside the other one.
    """
    folders = {"posed": posed.resolve(), "genuine": genuine.resolve()}
    for one, other in (folders.values(), reversed(folders.values())):
        if one == other or one in other.parents:
            raise DataError(f"{other} lies in {one}: posed and genuine need folders of their own.")
    return [source for label, top in folders.items() for source in _of_folder(top, label)]


def sources_of_manifest(path: Path) -> list[LabelledSource]:
    """Read a CSV with columns path, label (posed or genuine) and, if known, subject and emotion.

    Relative paths count from the manifest's folder.

    Raises:
        DataError: the file cannot be read, lacks a column, names a file twice, or carries another
            label.
    """
    try:
        # All as text: subject 007 is not subject 7.
        table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a CSV manifest: {reason(error)}.") from error
    table.columns = [str(name).strip().lower() for name in table.columns]
    missing = [name for name in ("path", "label") if name not in table]
    if missing:
        raise DataError(
            f"{path} has no column {missing[0]!r}; its columns are {', '.join(table.columns)}."
        )
    if table.empty:
        raise DataError(f"{path} names no files.")
    empty = pd.Series("", index=table.index)
    lines = zip(
        table["path"],
        table["label"],
        table.get("subject", empty),
        table.get("emotion", empty),
        strict=True,
    )
    sources = [_of_line(path, number, line) for number, line in enumerate(lines, start=2)]
    twice = pd.Series([source.path for source in sources])
    if twice.duplicated().any():
        raise DataError(f"{path} names {twice[twice.duplicated()].iloc[0]} twice.")
    return sources


def subjects_missing(sources: Sequence[LabelledSource]) -> tuple[str, ...]:
    """A sentence about the sources that nobody is named for, if there are any."""
    count = sum(not source.subject for source in sources)
    if not count:
        return ()
    return (
        f"{count} of {len(sources)} files name no subject: splits that keep each person on one "
        "side are impossible for them.",
    )


def _of_folder(top: Path, label: str) -> list[LabelledSource]:
    if not top.is_dir():
        raise DataError(f"{top} is no folder: give the folder of the {label} pictures and clips.")
    files = [
        file
        for file in top.rglob("*")
        if file.is_file() and not any(p.startswith(".") for p in file.relative_to(top).parts)
    ]
    if not files:
        raise DataError(f"{top} holds no files: give the folder of the {label} pictures and clips.")
    files.sort(key=lambda file: natural_key(str(file.relative_to(top))))
    return [
        LabelledSource(file, label, "" if file.parent == top else file.parent.name)
        for file in files
    ]


def _of_line(manifest: Path, number: int, line: tuple[str, str, str, str]) -> LabelledSource:
    place, label, subject, emotion = (cell.strip() for cell in line)
    if not place:
        raise DataError(f"{manifest}, line {number}: the path is missing.")
    if label.lower() not in LABELS:
        raise DataError(
            f"{manifest}, line {number}: the label should be posed or genuine, not {label!r}."
        )
    where = Path(place) if Path(place).is_absolute() else manifest.parent / place
    return LabelledSource(where.resolve(), label.lower(), subject, emotion)
