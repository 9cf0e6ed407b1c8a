"""The expressions and verdicts of a batch: a small table a source, all of them one data set.

Workers find these functions by their names; the room of recordings knows nothing of verdicts.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.expressions.dynamics import DYNAMICS
from duchenne.genuineness.judging import judge
from duchenne.genuineness.models import shipped
from duchenne.genuineness.verdict import Judged, judged_frame
from duchenne.recording.batch import COUNTS, Counts, Job, write_small
from duchenne.recording.recording import Recording
from duchenne.recording.storage import UNREADABLE
from duchenne.weights.card import list_cards

EXPRESSIONS: Final = "expressions"
TABLE: Final = "expressions.parquet"

_NAMES: Final = tuple(feature.name for feature in DYNAMICS)
_SCHEMA: Final[pa.Schema] = pa.schema(
    [
        ("face_id", pa.int32()), ("onset_s", pa.float64()), ("apex_s", pa.float64()),
        ("offset_s", pa.float64()), ("brief", pa.bool_()), ("emotion", pa.string()),
        ("intensity", pa.float64()), ("order", pa.string()), ("p_genuine", pa.float64()),
        ("verdict", pa.string()), ("confidence", pa.float64()), ("reasons", pa.string()),
        ("why", pa.string()), ("model", pa.string()), ("evidence", pa.string()),
        ("band", pa.float64()), ("familiarity", pa.float64()), ("warnings", pa.string()),
        *((name, pa.float64()) for name in _NAMES),
    ]
)  # fmt: skip
# In the table: of which recording, and by which models, it was made.
_MADE_FROM: Final = "duchenne.made_from"


def table_of(job: Job) -> Path:
    """``OUT/expressions/source=<name>/expressions.parquet``, beside ``OUT/recordings``."""
    return job.folder.parent.parent / EXPRESSIONS / job.folder.name / TABLE


def open_models() -> None:
    """Load what verdicts are made with, so that a missing model is told before the work begins.

    Raises:
        ModelError: weights are missing, or not those their card describes.
    """
    shipped().clips()
    shipped().reference()


def judge_recording(recording: Recording, job: Job) -> Counts:
    """Write the expressions of a finished recording, each with its verdict.

    A table that was made of the same recording by the same models is left as it is.

    Returns:
        How many there are, by face id.

    Raises:
        DataError: as ``find_expressions``.
        ModelError: a model is missing.
    """
    kept = keep_verdicts(recording, job)
    if kept is not None:
        return kept
    table = _table(judge(recording))
    path = table_of(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_small(path, table, {_MADE_FROM: _made_from(recording)})
    return _counted(table)


def keep_verdicts(recording: Recording, job: Job) -> Counts | None:
    """Judge nothing: count what an earlier run judged, and remove what no longer fits."""
    path = table_of(job)
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata.metadata or {}
            if about.get(_MADE_FROM.encode()) == _made_from(recording).encode():
                return _counted(file.read(["face_id", "verdict"]))
    except UNREADABLE:
        pass
    path.unlink(missing_ok=True)
    return None


def _table(judged: tuple[Judged, ...]) -> pa.Table:
    facts = judged_frame(judged)
    dynamics = [expression.to_dict()["dynamics"] for expression, _ in judged]
    whole = pd.concat([facts, pd.DataFrame(dynamics, columns=list(_NAMES), dtype=float)], axis=1)
    return pa.Table.from_pandas(whole, _SCHEMA, preserve_index=False)


def _counted(table: pa.Table) -> Counts:
    counts: Counts = {}
    for face_id, verdict in zip(
        *(table[n].to_pylist() for n in ("face_id", "verdict")), strict=True
    ):
        face = counts.setdefault(face_id, dict.fromkeys(COUNTS, 0))
        face["expressions"] += 1
        face[verdict] += 1
    return counts


def _made_from(recording: Recording) -> str:
    """Changes with the recording and with the models; its metadata name its own."""
    text = recording.metadata.to_json() + _models()
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@cache
def _models() -> str:
    return " ".join(card.sha256 for card in list_cards("genuineness"))
