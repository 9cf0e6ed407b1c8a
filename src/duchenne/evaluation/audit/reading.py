"""Opens whatever a person calls a data set, and measures its items."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.errors import DataError, ModelError
from duchenne.evaluation.audit.items import AuditSet, Kind, Names, nobody
from duchenne.evaluation.audit.known_sets import known_set
from duchenne.evaluation.audit.listing import (
    Columns,
    Listed,
    list_folder,
    list_table,
    path_column,
    read_any_table,
)
from duchenne.evaluation.audit.measuring import Measurer, Measures, middle_frame
from duchenne.evaluation.audit.picture_tables import is_picture_table, read_picture_table
from duchenne.evaluation.audit.pixels import merged, numbers, small_pictures
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.media.pictures import read_picture

Progress = Callable[[int, int], object]

# Names of columns that say how something was filmed, not what is shown.
_FILMED: Final = re.compile(
    r"^(duration(_s)?|length_s|fps|frame_rate|frames(_with_face)?|seen|width|height|aspect|"
    r"brightness|contrast|sharpness|noise|face_(x|y|width|height)(_\w+)?|pose_\w+|small_face|"
    r"confidence(_\w+)?|size_bytes|bytes|tz|distance)$",
    re.IGNORECASE,
)
_STRENGTH: Final = re.compile(r"^((mean_)?intensity|strength|AU\d{2}_r(_\w+)?)$")
_MOST_CONTENT: Final = 600


def read_audit_set(
    path: str | Path,
    columns: Columns | None = None,
    *,
    memory: Path | None = None,
    look_for_faces: bool = True,
    on_progress: Progress | None = None,
) -> AuditSet:
    """Read a data set for the audit.

    Args:
        path: a folder of pictures, clips or recordings, one folder a label; a CSV or Parquet table
            that names files (``path``) or holds features, or pictures (``image``); or FER-2013,
            PEDFE, UvA-NEMO in the layout of their readers.
        columns: names of a table's columns.
        memory: a file that keeps what was measured, so that another run goes on from there.
        look_for_faces: whether to find faces in pictures and clips: most of the time.
        on_progress: told how many items are measured, of how many.

    Raises:
        DataError: nothing readable is there, or it is no data set to audit.
    """
    where, columns = Path(path), columns or Columns()
    if not where.exists():
        raise DataError(f"{where} does not exist: give a folder or a table of labelled items.")
    known = known_set(where, columns)
    if known is not None:
        return known.check()
    listed = list_folder(where) if where.is_dir() else _listed(where, columns)
    if not where.is_dir() and is_picture_table(listed.table):
        return read_picture_table(where.name, listed).check()
    named = path_column(listed.table)
    if named is None:
        return _features(where, listed, columns).check()
    paths = [_resolved(str(value), where.parent) for value in listed.table[named]]
    measurer = _measurer(look_for_faces, memory)
    return _measured(where, listed, paths, measurer, on_progress).check()


def _listed(where: Path, columns: Columns) -> Listed:
    return list_table(read_any_table(where), columns, where)


def _measurer(look_for_faces: bool, memory: Path | None) -> tuple[Measurer, tuple[str, ...]]:
    if not look_for_faces:
        return Measurer(None, memory), ("No faces were looked for, as asked.",)
    try:
        return Measurer(FaceTracker(networks=FaceNetworks()), memory), ()
    except ModelError as error:
        return Measurer(None, memory), (f"No faces were looked for: {error}",)


def _measured(
    where: Path,
    listed: Listed,
    paths: Sequence[Path],
    measurer: tuple[Measurer, tuple[str, ...]],
    on_progress: Progress | None,
) -> AuditSet:
    measure, notes = measurer
    found = _measure_all(paths, measure, on_progress)
    broken = tuple(text for text in found if isinstance(text, str))
    read = np.array([isinstance(one, Measures) for one in found])
    items = [one for one in found if isinstance(one, Measures)]
    if not items:
        raise DataError(f"None of the {len(paths)} items of {where} can be read: {broken[0]}")
    kept = [path for path, whole in zip(paths, read, strict=True) if whole]
    thumbnails = _thumbnails(items)
    content, content_name = _content(items, thumbnails)
    return AuditSet(
        name=where.name,
        kind=_kind(items),
        names=np.array([_short(path, where) for path in kept]),
        label=listed.label[read],
        subject=listed.subject[read],
        source=listed.source[read],
        split=listed.split[read],
        categories={name: values[read] for name, values in listed.categories.items()},
        nuisances=merged([one.nuisances for one in items]),
        intensity=merged([one.intensity for one in items]),
        neutral=_stacked([one.neutral for one in items]),
        content=content,
        thumbnails=thumbnails,
        keys=np.array([one.key for one in items]),
        unreadable=broken,
        notes=notes,
        content_name=content_name,
        pictures=_loaders(kept, items),
    )


def _measure_all(
    paths: Sequence[Path], measure: Measurer, on_progress: Progress | None
) -> list[Measures | str]:
    """Measures of each file, or the sentence that says why it could not be read."""
    found = []
    for number, path in enumerate(paths):
        found.append(measure(path))
        if on_progress is not None:
            on_progress(number + 1, len(paths))
    return found


def _thumbnails(items: Sequence[Measures]) -> NDArray[np.uint8] | None:
    """(N, 48, 48); None where an item has none."""
    pictures = [one.thumbnail for one in items if one.thumbnail is not None]
    return np.stack(pictures) if len(pictures) == len(items) else None


def _loaders(paths: Sequence[Path], items: Sequence[Measures]) -> NDArray[np.object_] | None:
    if any(one.kind == "recording" for one in items):
        return None
    pictures = np.empty(len(paths), np.object_)
    pictures[:] = [
        partial(_picture, path, one.kind) for path, one in zip(paths, items, strict=True)
    ]
    return pictures


def _picture(path: Path, kind: str) -> NDArray[np.uint8]:
    """The picture, or the middle frame of a clip."""
    return read_picture(path) if kind == "picture" else middle_frame(path)


def _kind(items: Sequence[Measures]) -> Kind:
    kinds = {one.kind for one in items}
    if "clip" in kinds:
        return "clips"
    return "recordings" if "recording" in kinds else "pictures"


def _content(
    items: Sequence[Measures], thumbnails: NDArray[np.uint8] | None
) -> tuple[NDArray[np.float64] | None, str]:
    """Small pictures of pictures, movements of clips and recordings."""
    if thumbnails is not None and all(one.kind == "picture" for one in items):
        return small_pictures(thumbnails), "the picture, 16 × 16 grey"
    return _stacked([one.content for one in items]), "mean and highest blendshape scores"


def _stacked(rows: Sequence[list[float] | None]) -> NDArray[np.float64] | None:
    """(N, q), what is missing at the mean of the others; None where most are missing."""
    known = [row for row in rows if row is not None]
    if len(known) < 0.5 * len(rows):
        return None
    middle = np.mean(known, axis=0).tolist()
    return np.array([middle if row is None else row for row in rows], np.float64)


def _features(where: Path, listed: Listed, columns: Columns) -> AuditSet:
    table = listed.table
    missing = [name for name in columns.nuisances if name not in table.columns]
    if missing:
        raise DataError(f"{where} has no column {missing[0]!r} for the nuisances.")
    free = [str(name) for name in table.columns if str(name) not in listed.used]
    values = {name: numbers(table[name]) for name in free}
    usable = {n: v for n, v in values.items() if np.isfinite(v).any() and np.ptp(v[np.isfinite(v)])}
    filmed = {n: v for n, v in usable.items() if n in columns.nuisances or _FILMED.match(n)}
    strong = {n: v for n, v in usable.items() if n not in filmed and _STRENGTH.match(n)}
    rest = [n for n in usable if n not in filmed][:_MOST_CONTENT]
    if not usable:
        raise DataError(f"{where} holds no numbers beside its labels.")
    notes = () if filmed else (_NO_NUISANCES,)
    matrix = np.column_stack([_filled(usable[n]) for n in rest]) if rest else None
    return AuditSet(
        name=where.name,
        kind="features",
        names=_row_names(table),
        label=listed.label,
        subject=listed.subject,
        source=listed.source,
        split=listed.split,
        categories=listed.categories,
        nuisances=filmed,
        intensity=strong,
        content=matrix,
        keys=_row_keys(table[free]),
        notes=notes,
        content_name=f"{len(rest)} columns of features",
        table=table,
    )


_NO_NUISANCES: Final = (
    "No column is known to say how something was filmed (duration, fps, face_width ...): name such "
    "columns as nuisances."
)


def _filled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(values)
    return np.where(known, values, values[known].mean() if known.any() else 0.0)


def _row_names(table: pd.DataFrame) -> Names:
    for name in ("code", "name", "id"):
        if name in table.columns and table[name].is_unique:
            return np.array([str(value) for value in table[name]])
    return np.array([f"row {row}" for row in range(len(table))])


def _row_keys(table: pd.DataFrame) -> Names:
    """Rows of equal numbers are copies; a row without numbers is like no other."""
    if not len(table.columns):
        return nobody(len(table))
    hashes = pd.util.hash_pandas_object(table.astype(str), index=False)
    return np.array([f"{value:016x}" for value in hashes])


def _resolved(name: str, folder: Path) -> Path:
    """Paths of a table count from the folder of the table."""
    return Path(name) if Path(name).is_absolute() else folder.absolute() / name


def _short(path: Path, where: Path) -> str:
    base = (where if where.is_dir() else where.parent).absolute()
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
