"""One source analysed: a tidy table, a row per frame and face, with its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.faces.faces import LANDMARKS
from duchenne.recording import storage
from duchenne.recording.columns import COLUMNS, NO_FACE, further_names, names_starting
from duchenne.recording.metadata import OURS, Metadata
from duchenne.recording.stored_landmarks import read_landmarks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS_AT_A_TIME: Final = 600


@dataclass(frozen=True, eq=False)
class Recording:
    """A source analysed.

    Attributes:
        table: the rows without landmarks, Arrow, columns as ``duchenne describe`` explains them.
        metadata: source, options, models, warnings.
        path: what it was loaded from; landmarks are read from there when asked for.
    """

    table: pa.Table
    metadata: Metadata
    path: Path | None = None
    _landmarks: NDArray[np.float32] | None = field(default=None, repr=False)

    @classmethod
    def load(cls, path: str | Path, *, fps: float | None = None) -> Recording:
        """Load a recording's folder, its Parquet file, or a table of another program.

        Args:
            path: a ``.csv`` file is read by ``from_openface`` or ``from_pyfeat``, whichever it is.
            fps: frames a second of such a table, where it has no clock or a false one.

        Raises:
            DataError: nothing is there, it is not a recording, or ``fps`` is given for one of ours.
        """
        where = Path(path)
        if where.suffix.lower() == ".csv" and not where.is_dir():
            from duchenne.recording.tables import from_table

            return from_table(where, fps=fps)
        if fps is not None:
            raise DataError(
                f"{where} has times of its own: fps is for other programs' .csv tables."
            )
        table = storage.read_scalars(where)
        return cls(table, storage.read_metadata(where), where)

    @classmethod
    def from_rows(cls, rows: pa.Table, metadata: Metadata) -> Recording:
        """A recording in memory, of rows as ``Rows.take`` gives them, landmarks among them."""
        flat = rows["landmarks"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        landmarks = np.asarray(flat, np.float32).reshape(rows.num_rows, -1, 3)
        return cls(rows.drop_columns(["landmarks"]), metadata, None, landmarks)

    @staticmethod
    def from_openface(path: str | Path, *, fps: float | None = None) -> Recording:
        """A recording of what OpenFace wrote: see ``duchenne.recording.from_openface``."""
        from duchenne.recording.from_openface import from_openface

        return from_openface(path, fps=fps)

    @staticmethod
    def from_pyfeat(path: str | Path, *, fps: float | None = None) -> Recording:
        """A recording of what py-feat wrote: see ``duchenne.recording.from_pyfeat``."""
        from duchenne.recording.from_pyfeat import from_pyfeat

        return from_pyfeat(path, fps=fps)

    def save(self, folder: str | Path) -> Path:
        """Write ``recording.parquet`` and ``recording.json`` into a folder; returns it."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        storage.write_tables(target / storage.TABLE, self.with_landmarks())
        (target / storage.METADATA).write_text(self.metadata.to_json(), encoding="utf-8")
        return target

    def with_landmarks(self) -> Iterator[pa.Table]:
        """The rows with their landmarks as Arrow tables, at least one, NaN where there are none."""
        for start in range(0, max(1, len(self)), _ROWS_AT_A_TIME):
            rows = self.table.slice(start, _ROWS_AT_A_TIME)
            if self.has_landmarks:
                flat = self.landmarks_of(np.arange(start, start + rows.num_rows)).reshape(-1)
            else:
                flat = np.full(rows.num_rows * LANDMARKS * 3, np.nan, np.float32)
            lists = pa.FixedSizeListArray.from_arrays(pa.array(flat), LANDMARKS * 3)
            yield rows.append_column("landmarks", lists)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def has_landmarks(self) -> bool:
        """Whether 478 landmarks can be had; tables of other programs carry none."""
        if self.metadata.tool != OURS:
            return False
        return self._landmarks is not None or self.path is not None

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """(rows, 478, 3) float32 in pixels, NaN in rows without a face.

        Raises:
            DataError: the recording was neither loaded from a folder nor made with landmarks, or
                it comes from another program.
        """
        return self._landmarks_of(None)

    def landmarks_of(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Landmarks of some rows; the rest of a long recording is not read.

        Args:
            rows: (n,) their places in the table, from 0.

        Returns:
            (n, 478, 3) float32 in pixels, NaN in rows without a face.

        Raises:
            DataError: as ``landmarks``.
            IndexError: there is no such row.
        """
        return self._landmarks_of(rows)

    def _landmarks_of(self, rows: NDArray[np.intp] | None) -> NDArray[np.float32]:
        if self.metadata.tool != OURS:
            raise DataError(
                f"This recording comes from {self.metadata.tool}, which has no 478 landmarks."
            )
        if self._landmarks is not None:
            return self._landmarks if rows is None else self._landmarks[rows]
        if self.path is None:
            raise DataError("This recording carries no landmarks and has no folder to read them.")
        return read_landmarks(self.path, rows).reshape(-1, LANDMARKS, 3)

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas frame, without the landmarks."""
        return pd.DataFrame(self.table.to_pandas())

    def to_elan(self, path: str | Path, **options: Any) -> Path:
        """Write an ELAN document: ``duchenne.recording.elan.to_elan`` tells the options."""
        from duchenne.recording.elan import to_elan

        return to_elan(self, path, **options)

    def to_bids(
        self,
        folder: str | Path,
        *,
        subject: str | None = None,
        session: str | None = None,
        task: str = "video",
        run: int | None = None,
        **options: Any,
    ) -> tuple[Path, ...]:
        """Write into a BIDS derivative: ``duchenne.recording.bids.to_bids`` tells the options.

        ``subject`` is by default the person that the metadata name; labels are letters and digits.
        """
        from duchenne.recording.bids import named, to_bids

        return to_bids(self, folder, named(self, subject, session, task, run), **options)

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
    def further(self) -> pd.DataFrame:
        """Columns of other programs that have no place among ours, under their own names."""
        return pd.DataFrame(self.table.select(further_names(self.table.column_names)).to_pandas())

    def require(self, columns: Iterable[str]) -> None:
        """Make sure that columns are there and hold values: what a model asks before it reads.

        Raises:
            DataError: a column is missing, or empty in every row with a face.
        """
        seen = self.table.filter(pa.compute.equal(self.table["success"], 1))
        for name in columns:
            known = name in seen.column_names and np.isfinite(seen[name].to_numpy()).any()
            if known or not seen.num_rows:
                continue
            probability = re.sub("_r$", "_p", name)
            if probability != name and probability in seen.column_names:
                raise DataError(
                    f"{name} (intensity, 0 to 5) is needed here, and {self.metadata.tool} gives "
                    f"{probability} (probability, 0 to 1) only: analyse the source with duchenne."
                )
            raise DataError(
                f"{name} is needed here, and this recording by {self.metadata.tool} has none: "
                "analyse the source with duchenne."
            )

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

    def describe_all(self) -> pd.DataFrame:
        """As ``describe``, and every further column of this recording after ours."""
        from duchenne.recording.further import explain

        further = further_names(self.table.column_names)
        columns = [explain(name, self.table.schema.field(name).type) for name in further]
        rows = [(c.name, str(c.type), c.unit, c.meaning) for c in columns]
        ours = self.describe()
        return pd.concat([ours, pd.DataFrame(rows, columns=ours.columns)], ignore_index=True)

    def _group(self, prefix: str) -> pd.DataFrame:
        return pd.DataFrame(self.table.select(names_starting(prefix)).to_pandas())

    def plot(
        self, *, faces: Sequence[int] | None = None, units: Sequence[str] | None = None
    ) -> Figure:
        """Emotions (0 to 1) and Action Units (0 to 5) of each face over time; bars for a picture.

        Args:
            faces: by their numbers; by default the three that were seen longest.
            units: for example ``AU12``; by default the four that move most, of a picture all.

        Raises:
            DataError: no such face, or no such Action Unit.
        """
        from duchenne.recording.plotting import plot_recording

        return plot_recording(self, faces, units)

    def __repr__(self) -> str:
        # That of the table is pages long.
        times = self.table["timestamp"].to_numpy()
        known = times[np.isfinite(times)]
        seconds = float(np.ptp(known)) if len(known) else 0.0
        about = f"rows={len(self)} faces={len(self.face_ids)} seconds={seconds:.1f}"
        return f"<Recording {self.metadata.source.name!r} {about}>"

    def _repr_html_(self) -> str:
        from duchenne.recording.summary import to_html

        return to_html(self)
