"""FER-2013, PEDFE and UvA-NEMO's numbers for the audit, read by their own readers."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.evaluation.audit.items import AuditSet, Names, nobody, texts
from duchenne.evaluation.audit.listing import Columns
from duchenne.evaluation.audit.pedfe_clips import pedfe_set
from duchenne.evaluation.audit.picture_tables import sample, sampling_note, spread
from duchenne.evaluation.audit.pixels import merged, picture_nuisances, small_pictures
from duchenne.evaluation.datasets.fer2013 import Fer2013, read_fer2013
from duchenne.evaluation.datasets.uva_nemo import TABLE, read_uva_nemo
from duchenne.expressions.phases import COLUMNS, PHASES

_FER_FILES = ("fer2013.parquet", "fer2013.csv", "icml_face_data.csv")


def known_set(where: Path, columns: Columns) -> AuditSet | None:
    """The data set if it is one that has a reader of its own; else None.

    Raises:
        DataError: it is one of them and cannot be read, or is to be labelled by what it has not.
    """
    if where.is_dir() and (where / "clips.csv").is_file():
        return pedfe_set(where, columns.label or "type")
    if where.name == TABLE or (where.is_dir() and (where / TABLE).is_file()):
        _only_labels(columns, "UvA-NEMO")
        return _uva_nemo(where)
    if _is_fer2013(where):
        _only_labels(columns, "FER-2013")
        return fer2013_set(read_fer2013(where))
    return None


def fer2013_set(data: Fer2013) -> AuditSet:
    """FER-2013: nuisances of a sample, copies among all; nobody says who is seen."""
    measured = sample(len(data))
    rows = [picture_nuisances(image) for image in data.images[measured]]
    digests = [hashlib.blake2b(i.tobytes(), digest_size=16).hexdigest() for i in data.images]
    nobodies = nobody(len(data))
    warned = (f"Please note: {data.warning}.",) if data.warning else ()
    return AuditSet(
        name="FER-2013",
        kind="pictures",
        names=np.array([f"row {row}" for row in range(len(data))]),
        label=np.array(EMOTIONS)[data.labels],
        subject=nobodies,
        source=nobodies,
        split=data.usage,
        nuisances=spread(merged(rows), measured),
        content=small_pictures(data.images),
        thumbnails=data.images,
        keys=np.array(digests),
        measured=measured,
        notes=(*warned, *sampling_note(len(data))),
        content_name="the picture, 16 × 16 grey",
        pictures=loaders(data.images),
    )


def loaders(images: NDArray[np.uint8]) -> NDArray[np.object_]:
    """Pictures that are in memory already, as ``AuditSet.pictures`` wants them."""
    pictures = np.empty(len(images), np.object_)
    pictures[:] = [partial(images.__getitem__, row) for row in range(len(images))]
    return pictures


def _uva_nemo(where: Path) -> AuditSet:
    """Smiles as numbers. What a recording decides: how long it is, and the unknown pixel scale."""
    data = read_uva_nemo(where)
    lips = pd.DataFrame(data.lips, columns=list(COLUMNS))
    length = lips.filter(regex="duration_full$").sum(axis=1)
    scale = lips.filter(regex="left_right_amplitude_difference$").mean(axis=1)
    rise = "total_amplitude_positive"
    size = lips.filter(regex=f"{rise}$").sum(axis=1)
    eyes = {
        f"eyes, {phase} amplitude": data.eyes[:, COLUMNS.index(f"lip_{phase}_{rise}")]
        for phase in PHASES
    }
    rows = np.concatenate([data.lips, data.eyes], axis=1)
    return AuditSet(
        name="UvA-NEMO smile dynamics",
        kind="features",
        names=np.array([f"row {row}" for row in range(len(data))]),
        label=np.where(data.spontaneous, "spontaneous", "deliberate"),
        subject=texts(data.groups),
        source=nobody(len(data)),
        split=nobody(len(data)),
        categories={"gender": texts(data.gender)},
        nuisances={
            "duration": length.to_numpy(np.float64),
            "pixel scale": scale.to_numpy(np.float64),
            "age": data.age.astype(np.float64),
            **eyes,
        },
        intensity={"amplitude": size.to_numpy(np.float64)},
        content=data.lips,
        keys=_row_keys(rows),
        notes=(
            "The table names no people: those of one gender and age are taken for one person.",
            "Duration is that of the smile, which is also how long its clip had to be.",
        ),
        content_name="75 features of the lips",
        table=lips,
    )


def _row_keys(rows: NDArray[np.float64]) -> Names:
    return np.array([hashlib.blake2b(row.tobytes(), digest_size=16).hexdigest() for row in rows])


def _is_fer2013(where: Path) -> bool:
    if where.is_dir():
        return any((where / name).is_file() for name in _FER_FILES)
    if where.suffix == ".parquet":
        try:
            return {"image", "usage", "emotion"} <= set(pq.read_schema(where).names)
        except Exception:  # not a table: the general door says so
            return False
    return where.name in _FER_FILES[1:]


def _only_labels(columns: Columns, name: str) -> None:
    asked = [o for o in ("label", "subject", "source", "split") if getattr(columns, o) is not None]
    if asked:
        raise DataError(f"{name} is read with its own labels: name no {asked[0]} for it.")
