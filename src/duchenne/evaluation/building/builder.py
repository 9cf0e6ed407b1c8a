"""One table of features of many pictures and clips, labelled posed or genuine.

The table is as good as its sources: where posed and genuine pictures come from different data sets,
a model may learn to tell the data sets apart (their cameras, crops, greys) and not the displays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from duchenne.errors import DataError, DuchenneError, in_a_sentence
from duchenne.evaluation.building.parts import Parts, hash_of_sources
from duchenne.evaluation.building.rows import STATISTICS, Features, Per, feature_rows
from duchenne.evaluation.building.sources import LabelledSource, subjects_missing
from duchenne.faces import FaceNetworks
from duchenne.faces.canonical import CanonicalFace
from duchenne.files import in_one_step
from duchenne.notebook import tables
from duchenne.recording.analyzer import Analyzer

FORMAT: Final = 1
METADATA_KEY: Final = b"duchenne.dataset"
KEYS: Final = ("path", "label", "subject", "emotion", "kind")
"""The columns before the features; ``kind`` is picture or video."""

# What a row depends on: a change in any of these rooms may change the numbers.
_ROOMS: Final = (
    *("media", "faces", "emotion", "action_units", "recording", "weights"),
    "evaluation/building/rows.py",
)
_NUMBERS: Final = frozenset({".py", ".npz"})

Progress = Callable[[LabelledSource], None]


@dataclass(frozen=True)
class Built:
    """What became of a data set.

    Attributes:
        rows: of the table.
        sources: in it.
        earlier: how many of these were finished by an earlier run.
        skipped: sentences about the sources that are not in it.
        warnings: what the reader of the table should know.
    """

    rows: int
    sources: int
    earlier: int
    skipped: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        facts = {"rows": self.rows, "sources": self.sources, "of these earlier": self.earlier}
        texts = tables.items([*self.warnings, *self.skipped])
        return tables.noun("Data set built", facts, texts)


def build_dataset(
    sources: Sequence[LabelledSource],
    out: Path,
    features: Features = "aus",
    per: Per = "frame",
    progress: Progress | None = None,
) -> Built:
    """Analyse the sources one by one and write one table.

    Finished sources lie in ``OUT.parts`` until all are done: the same call after a kill goes on
    with the others, and ends with the bytes of an unbroken run. Where sources were skipped, the
    parts stay, so that the call can be repeated when these are mended. A table that is complete
    is left as it is. ``OUT`` carries the settings, the models' hashes and the hash of the code: in
    a Parquet file's metadata under ``duchenne.dataset``, beside a CSV file as ``OUT.json``.

    Args:
        sources: files with their labels.
        out: a ``.csv`` or ``.parquet`` file.
        features: ``aus``, ``landmarks`` or ``all`` (``rows.feature_rows``).
        per: a row a ``frame`` or a ``clip``; a picture has one row either way.
        progress: called after each source.

    Raises:
        DataError: there are no sources, none can be read, ``out`` ends otherwise, or its parts
            were begun with other settings or another version.
        ModelError: a model file cannot be had.
    """
    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise DataError(f"{out} should end in .csv or .parquet, which is what can be written.")
    if not sources:
        raise DataError("There are no pictures or clips to make a table of: name one at least.")
    networks = FaceNetworks()
    worker = _Worker(Analyzer(), CanonicalFace.from_bytes(networks.geometry), features, per)
    settings = worker.settings()
    complete = _complete(out, settings, sources)
    if complete is not None:
        return complete
    with Parts(out, settings) as parts:
        earlier, skipped = _make(sources, parts, worker, progress)
        done = [source for source in sources if parts.has(source)]
        if not done:
            first = skipped[0]
            raise DataError(f"None of the {len(sources)} files can be used; the first: {first}")
        warnings = subjects_missing(done)
        about = settings | {
            "sources": len(done),
            "sources_sha256": hash_of_sources(done),
            "skipped": skipped,
            "warnings": list(warnings),
        }
        rows = _join([parts.path(source) for source in done], out, about)
        if not skipped:
            parts.drop()
    return Built(rows, len(done), earlier, tuple(skipped), warnings)


def _make(
    sources: Sequence[LabelledSource], parts: Parts, worker: _Worker, progress: Progress | None
) -> tuple[int, list[str]]:
    """How many were there before, and sentences about those that cannot be used."""
    earlier, skipped = 0, []
    for source in sources:
        if parts.has(source):
            earlier += 1
        else:
            try:
                rows = worker.table(source)
            except (DuchenneError, OSError) as error:
                skipped.append(_about(source, error))
            else:
                # Out of the try: a disk that is full is not the source's fault.
                parts.write(source, rows)
        if progress is not None:
            progress(source)
    return earlier, skipped


@dataclass(frozen=True)
class _Worker:
    analyzer: Analyzer
    head: CanonicalFace
    features: Features
    per: Per

    def table(self, source: LabelledSource) -> pa.Table:
        recording = self.analyzer.run(source.path)
        rows = feature_rows(recording, self.features, self.per, self.head)
        kind = recording.metadata.source.kind
        keys = {
            "path": str(source.path),
            "label": source.label,
            "subject": source.subject,
            "emotion": source.emotion,
            "kind": kind,
        }
        named = pd.DataFrame({name: [value] * len(rows) for name, value in keys.items()})
        table = pa.Table.from_pandas(pd.concat([named, rows], axis=1), preserve_index=False)
        return table.replace_schema_metadata(None)

    def settings(self) -> dict[str, Any]:
        """Everything that the numbers depend on, JSON-ready."""
        return {
            "format": FORMAT,
            "duchenne": version("duchenne"),
            "code_sha256": _hash_of_code(),
            "models": [asdict(model) for model in self.analyzer.models],
            "features": self.features,
            "per": self.per,
            "statistics": list(STATISTICS) if self.per == "clip" else [],
        }


def _complete(
    out: Path, settings: dict[str, Any], sources: Sequence[LabelledSource]
) -> Built | None:
    """What an earlier run made of these very files with these very settings, all of them."""
    about = _read_about(out)
    same = {name: about.get(name) for name in settings} == settings
    if not same or about["skipped"] or not all(source.path.exists() for source in sources):
        return None
    if about["sources_sha256"] != hash_of_sources(sources):
        return None
    count = about["sources"]
    return Built(about["rows"], count, count, (), tuple(about["warnings"]))


def _read_about(out: Path) -> dict[str, Any]:
    try:
        if out.suffix.lower() == ".csv":
            text = _beside(out).read_text(encoding="utf-8") if out.is_file() else "{}"
        else:
            text = (pq.read_schema(out).metadata or {}).get(METADATA_KEY, b"{}").decode("utf-8")
        return dict(json.loads(text))
    except (OSError, ValueError):
        return {}


def _beside(out: Path) -> Path:
    return out.with_name(out.name + ".json")


def _join(files: list[Path], out: Path, about: dict[str, Any]) -> int:
    """One table of all parts, memory flat; the number of its rows."""
    rows = sum(int(pq.read_metadata(file).num_rows) for file in files)
    text = json.dumps(about | {"rows": rows}, indent=2, ensure_ascii=False) + "\n"
    with in_one_step(out) as fresh:
        if out.suffix.lower() == ".csv":
            for i, file in enumerate(files):
                table = pq.read_table(file).to_pandas()
                mode = "a" if i else "w"
                table.to_csv(fresh, mode=mode, header=not i, index=False, float_format="%.9g")
        else:
            schema = pq.read_schema(files[0]).with_metadata({METADATA_KEY: text.encode()})
            with pq.ParquetWriter(fresh, schema, compression="zstd") as writer:
                for file in files:
                    writer.write_table(pq.read_table(file).cast(schema))
    if out.suffix.lower() == ".csv":
        # After the table: it must not call an older one complete.
        _beside(out).write_text(text, encoding="utf-8")
    return rows


def _about(source: LabelledSource, error: DuchenneError | OSError) -> str:
    text = in_a_sentence(error)
    return text if source.path.name in text else f"{source.path}: {text}"


def _hash_of_code() -> str:
    """SHA-256 over the code and weights that make the numbers: a version may change unnamed."""
    top = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for room in _ROOMS:
        place = top / room
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            if file.suffix in _NUMBERS:
                digest.update(file.relative_to(top).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
