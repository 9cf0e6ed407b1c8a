"""Which items a folder or a table names, and what it says about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from duchenne.errors import DataError
from duchenne.evaluation.audit.items import Names, nobody, texts
from duchenne.evaluation.audit.measuring import is_recording
from duchenne.media.folders import natural_key

PATHS: Final = ("path", "file", "filename", "picture", "clip", "video", "recording")
_LABELS: Final = ("label", "class", "type")
_SUBJECTS: Final = ("subject", "person", "participant", "subject_id")
_SOURCES: Final = ("source", "dataset", "camera", "session", "collection")
_SPLITS: Final = ("split", "usage", "fold", "part")
_GROUPS: Final = ("emotion", "gender", "sex", "age_group", "ethnicity", "race")
_SPLIT_FOLDERS: Final = frozenset(
    {"train", "training", "val", "valid", "validation", "test", "testing"}
    | {"publictest", "privatetest", "dev", "eval"}
)


@dataclass(frozen=True)
class Columns:
    """Names of a table's columns; None: the usual names are looked for.

    Attributes:
        label: what a model would learn.
        subject: who is seen.
        source: the collection, camera or session.
        split: the data set's own split.
        nuisances: columns of a feature table that an expression does not change.
        scores: models' scores of the items: neither nuisances nor content.
    """

    label: str | None = None
    subject: str | None = None
    source: str | None = None
    split: str | None = None
    nuisances: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Listed:
    """What is said about N items, before any of them is opened.

    Attributes:
        table: the rows as they were read; empty columns for a folder.
        label: (N,) and so on, as in ``AuditSet``.
        used: columns of the table that have been taken.
    """

    table: pd.DataFrame
    label: Names
    subject: Names
    source: Names
    split: Names
    categories: dict[str, Names]
    used: frozenset[str]


def read_any_table(path: Path) -> pd.DataFrame:
    """A CSV or Parquet file.

    Raises:
        DataError: it cannot be read, or is empty.
    """
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, skipinitialspace=True, low_memory=False)
    except Exception as error:  # pandas and Arrow let out whatever they stumble on
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path} cannot be read as a table: {reason.rstrip('.')}.") from error
    table.columns = [str(name).strip() for name in table.columns]
    if table.empty:
        raise DataError(f"{path} holds no rows.")
    return table


def list_table(table: pd.DataFrame, columns: Columns, where: Path) -> Listed:
    """What the columns of a table say.

    Raises:
        DataError: a column that was named is not there, or there is no label.
    """
    label = _column(table, columns.label, _LABELS, where, "label")
    if label is None:
        raise DataError(
            f"{where} has no column named {' or '.join(_LABELS)}: name the one that a model would "
            f"learn as the label; there are {', '.join(map(str, table.columns[:12]))}."
        )
    others = {
        "subject": _column(table, columns.subject, _SUBJECTS, where, "subject"),
        "source": _column(table, columns.source, _SOURCES, where, "source"),
        "split": _column(table, columns.split, _SPLITS, where, "split"),
    }
    taken = {label, *(name for name in others.values() if name), *columns.scores}
    lower = {str(name).lower(): str(name) for name in table.columns}
    groups = [lower[name] for name in _GROUPS if name in lower and lower[name] not in taken]
    values = {
        what: nobody(len(table)) if name is None else said(table[name])
        for what, name in others.items()
    }
    return Listed(
        table,
        said(table[label]),
        values["subject"],
        values["source"],
        values["split"],
        {name: said(table[name]) for name in groups},
        frozenset(str(name) for name in {*taken, *groups} if name),
    )


def list_folder(folder: Path) -> Listed:
    """Files below folders that are named as their labels: ``happy/``, or ``train/happy/``.

    A folder between the label's and the file names the subject.

    Raises:
        DataError: there are no files in folders of their own.
    """
    rows = []
    for path in _files(folder):
        parts = path.relative_to(folder).parts[:-1]
        split = ""
        if len(parts) > 1 and parts[0].lower() in _SPLIT_FOLDERS:
            split, parts = parts[0], parts[1:]
        if parts:
            subject = parts[1] if len(parts) > 1 else ""
            rows.append((str(path.absolute()), parts[0], subject, split))
    if not rows:
        raise DataError(
            f"{folder} has no folders with files: an audit needs one folder a label, or a table "
            "with a label for each path."
        )
    table = pd.DataFrame(rows, columns=["path", "label", "subject", "split"])
    return Listed(
        table,
        texts(table["label"]),
        texts(table["subject"]),
        nobody(len(table)),
        texts(table["split"]),
        {},
        frozenset(table.columns.tolist()),
    )


def path_column(table: pd.DataFrame) -> str | None:
    """The column that names files; None in a table of features."""
    lower = {str(name).lower(): str(name) for name in table.columns}
    named = next((lower[name] for name in PATHS if name in lower), None)
    if named is None or not pd.api.types.is_string_dtype(table[named]):
        return None
    return named


def said(column: pd.Series) -> Names:
    """A column as texts; what is missing is "", and 3.0 is 3."""
    values = column
    if pd.api.types.is_float_dtype(values):
        known = values.dropna()
        if (known == np.round(known)).all():
            values = values.astype("Int64")
    plain = values.astype(object).where(values.notna(), "")
    return texts(plain)


def _column(
    table: pd.DataFrame, asked: str | None, usual: tuple[str, ...], where: Path, what: str
) -> str | None:
    if asked is not None:
        if asked not in table.columns:
            raise DataError(
                f"{where} has no column {asked!r} for the {what}; there are "
                f"{', '.join(map(str, table.columns[:12]))}."
            )
        return asked
    lower = {str(name).lower(): str(name) for name in reversed(list(table.columns))}
    return next((lower[name] for name in usual if name in lower), None)


def _files(folder: Path) -> Iterator[Path]:
    """Files to measure below a folder, in the order of their names; a recording counts as one."""
    entries = sorted(folder.iterdir(), key=lambda path: natural_key(path.name))
    for path in entries:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if is_recording(path):
                yield path
            else:
                yield from _files(path)
        else:
            yield path
