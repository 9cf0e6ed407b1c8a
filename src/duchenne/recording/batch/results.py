"""What a batch leaves beside the recordings: one row a face, and one a failure."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.action_units import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.files import in_one_step, write_text
from duchenne.recording.batch.jobs import COUNTS, KEY, RECORDINGS, Job
from duchenne.recording.batch.running import Failure
from duchenne.recording.columns import NO_FACE
from duchenne.recording.storage import UNREADABLE

SUMMARY: Final = "summary.parquet"
SUMMARY_CSV: Final = "summary.csv"
FAILURES: Final = "failures.csv"

_UNITS: Final = tuple(f"{name}_r" for name in ACTION_UNITS)
SCHEMA: Final[pa.Schema] = pa.schema(
    [
        (KEY, pa.string()), ("path", pa.string()), ("person", pa.string()), ("kind", pa.string()),
        ("frames", pa.int64()), ("frames_with_face", pa.int64()), ("face_id", pa.int32()),
        ("face_frames", pa.int64()), ("first_s", pa.float64()), ("last_s", pa.float64()),
        ("emotion", pa.string()),
        *((f"emotion_{name}", pa.float64()) for name in EMOTIONS),
        *((name, pa.float64()) for name in _UNITS),
        *((name, pa.int64()) for name in COUNTS),
        ("warnings", pa.string()),
    ]
)  # fmt: skip
"""Of the summary: a row a face, and one with ``face_id`` -1 for a source without any; means over
the frames of the face, how many expressions and verdicts; null for what was not measured."""


def write_results(
    out: Path, summaries: dict[Job, dict[str, Any]], failures: Iterable[Failure]
) -> int:
    """Write ``summary.parquet``, the same as CSV, and ``failures.csv`` (none without failures).

    Rows of sources that an earlier run analysed and this one did not look at are kept.

    Returns:
        How many sources the summary names.
    """
    rows = [row for job, summary in summaries.items() for row in _rows(job, summary)]
    table = pa.Table.from_pylist(rows, SCHEMA)
    earlier = _earlier(out, {job.name for job in summaries})
    if earlier is not None:
        table = pa.concat_tables([earlier, table])
    # In the order of names, so that nothing depends on who was ready first.
    table = table.sort_by([(KEY, "ascending"), ("face_id", "ascending")])
    write_small(out / SUMMARY, table)
    write_text(out / SUMMARY_CSV, table.to_pandas(integer_object_nulls=True).to_csv(index=False))
    _write_failures(out / FAILURES, failures)
    return len(table[KEY].unique())


def _rows(job: Job, summary: dict[str, Any]) -> Iterator[dict[str, Any]]:
    common = {
        KEY: job.name,
        "path": _as_text(summary["source"]),
        "person": summary["person"],
        "kind": summary["kind"],
        "frames": summary["frames"],
        "frames_with_face": summary["frames_with_face"],
        "warnings": _as_text(" ".join(summary["warnings"])),
    }
    if not summary["faces"]:
        yield common | {"face_id": NO_FACE} | _counts(summary, NO_FACE)
    for face in summary["faces"]:
        means = {f"emotion_{name}": face["emotions"][name] for name in EMOTIONS}
        yield (
            common
            | means
            | {name: face["action_units"][name] for name in _UNITS}
            | _counts(summary, face["face_id"])
            | {
                "face_id": face["face_id"],
                "face_frames": face["frames"],
                "first_s": face["first_s"],
                "last_s": face["last_s"],
                "emotion": face["emotion"],
            }
        )


def _as_text(name: str) -> str:
    """Bytes of file names that are not UTF-8, which tables cannot hold, are written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _counts(summary: dict[str, Any], face_id: int) -> dict[str, int]:
    counts = summary.get("counts")
    return {} if counts is None else dict.fromkeys(COUNTS, 0) | counts.get(face_id, {})


def _earlier(out: Path, names: set[str]) -> pa.Table | None:
    try:
        table = pq.read_table(out / SUMMARY, partitioning=None)
    except UNREADABLE:
        return None
    if table.schema != SCHEMA:
        return None
    kept = [
        name not in names and (out / RECORDINGS / f"{KEY}={name}").is_dir()
        for name in table[KEY].to_pylist()
    ]
    return table.filter(pa.array(kept, pa.bool_()))


def write_small(path: Path, table: pa.Table, about: dict[str, str] | None = None) -> None:
    """Write a table that fits into memory as a Parquet file, in one step.

    Args:
        path: of the file.
        table: of plain columns. Arrow's own schema is left out, which is half of a file with many
            columns and few rows.
        about: kept in the file, beside the rows.
    """
    packed = io.BytesIO()
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    options = {"compression": "zstd", "use_dictionary": texts, "write_statistics": False}
    with pq.ParquetWriter(packed, table.schema, store_schema=False, **options) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(about or {})
    with in_one_step(path) as fresh:
        fresh.write_bytes(packed.getvalue())


def _write_failures(path: Path, failures: Iterable[Failure]) -> None:
    rows = sorted((f.job.name, _as_text(f.job.source), _as_text(f.reason)) for f in failures)
    if not rows:
        path.unlink(missing_ok=True)
        return
    table = pd.DataFrame(rows, columns=[KEY, "path", "reason"])
    write_text(path, table.to_csv(index=False))
