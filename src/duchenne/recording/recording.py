"""One source analysed: a tidy table, a row per frame and face, with its metadata."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.faces import LANDMARKS
from duchenne.recording import storage
from duchenne.recording.columns import COLUMNS, NO_FACE, SCALARS, names_starting
from duchenne.recording.metadata import Metadata


@dataclass(frozen=True, eq=False)
class Recording:
    """A source analysed.

    Attributes:
        table: the rows without landmarks, Arrow, columns as ``duchenne describe`` explains them.
        metadata: source, options, models, warnings.
        path: folder it was loaded from; landmarks are read from there when asked for.
    """

    table: pa.Table
    metadata: Metadata
    path: Path | None = None
    _landmarks: NDArray[np.float32] | None = field(default=None, repr=False)

    @classmethod
    def load(cls, path: str | Path) -> Recording:
        """Load a recording's folder or its ``recording.parquet``.

        Raises:
            DataError: nothing is there, or it is not a recording.
        """
        where = Path(path)
        table = storage.read_table(where, list(SCALARS))
        folder = where if where.is_dir() else where.parent
        return cls(table, storage.read_metadata(where), folder)

    def save(self, folder: str | Path) -> Path:
        """Write ``recording.parquet`` and ``recording.json`` into a folder; returns it."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        flat = pa.array(self.landmarks.reshape(-1), pa.float32())
        landmarks = pa.FixedSizeListArray.from_arrays(flat, LANDMARKS * 3)
        table = self.table.append_column("landmarks", landmarks)
        storage.write_table(target / storage.TABLE, table)
        (target / storage.METADATA).write_text(self.metadata.to_json(), encoding="utf-8")
        return target

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """(rows, 478, 3) float32 in pixels, NaN in rows without a face.

        Raises:
            DataError: the recording was neither loaded from a folder nor made with landmarks.
        """
        if self._landmarks is not None:
            return self._landmarks
        if self.path is None:
            raise DataError("This recording carries no landmarks and has no folder to read them.")
        column = storage.read_table(self.path, ["landmarks"])["landmarks"].combine_chunks()
        flat = column.flatten().to_numpy(zero_copy_only=False)
        return np.asarray(flat, np.float32).reshape(-1, LANDMARKS, 3)

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas frame, without the landmarks."""
        return pd.DataFrame(self.table.to_pandas())

    @property
    def emotions(self) -> pd.DataFrame:
        """The seven emotion probabilities, a row each of ``to_frame()``."""
        return self._group("emotion_")

    @property
    def action_units(self) -> pd.DataFrame:
        """The Action Unit intensities from 0 to 5, a row each of ``to_frame()``."""
        return self._group("AU")

    @property
    def poses(self) -> pd.DataFrame:
        """Head pose: degrees and cm, a row each of ``to_frame()``."""
        return self._group("pose_")

    @property
    def blendshapes(self) -> pd.DataFrame:
        """The 52 blendshape scores from 0 to 1, a row each of ``to_frame()``."""
        return self._group("bs_")

    @property
    def face_ids(self) -> list[int]:
        """The faces of this recording, those seen longest first."""
        ids = self.table["face_id"].to_numpy()
        found, counts = np.unique(ids[ids != NO_FACE], return_counts=True)
        return [int(i) for i in found[np.argsort(-counts, kind="stable")]]

    def face(self, face_id: int) -> pd.DataFrame:
        """The rows of one face, in the order of time.

        Raises:
            DataError: no face has that id.
        """
        rows = self.to_frame()
        chosen = rows[rows["face_id"] == face_id]
        if chosen.empty or face_id == NO_FACE:
            raise DataError(f"No face {face_id} here; there are: {self.face_ids}.")
        return chosen.reset_index(drop=True)

    @staticmethod
    def describe() -> pd.DataFrame:
        """Every column with its type, unit and meaning."""
        rows = [(c.name, str(c.type), c.unit, c.meaning) for c in COLUMNS]
        return pd.DataFrame(rows, columns=["column", "type", "unit", "meaning"])

    def _group(self, prefix: str) -> pd.DataFrame:
        return pd.DataFrame(self.table.select(names_starting(prefix)).to_pandas())

    def _repr_html_(self) -> str:
        from duchenne.recording.summary import summarize

        found = summarize(self)
        faces = found.pop("faces")
        found["faces"] = ", ".join(f"{f['face_id']}: {f['emotion']}" for f in faces) or "none"
        cells = (f"<tr><th>{k}</th><td>{html.escape(str(v))}</td></tr>" for k, v in found.items())
        return f"<table>{''.join(cells)}</table>"
