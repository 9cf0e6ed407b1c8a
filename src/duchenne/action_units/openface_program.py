"""Runs an installed OpenFace 2.x over a picture, a video or a folder of pictures.

OpenFace is no part of this package and nothing is fetched: its licence allows academic and
non-profit, non-commercial research only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from duchenne.action_units.openface import OpenFaceTable, read_openface
from duchenne.action_units.tables import read_csv
from duchenne.errors import DataError, MissingExtraError

VARIABLE: Final = "DUCHENNE_OPENFACE"
FOR_VIDEOS: Final = "FeatureExtraction"
FOR_PICTURES: Final = "FaceLandmarkImg"

# Action Units, and the points that tell which face they belong to.
_WANTED: Final = ("-aus", "-2Dfp", "-q")
_NAME: Final = "openface"


@dataclass(frozen=True)
class OpenFaceProgram:
    """The programs of an installed OpenFace.

    Attributes:
        given: folder of the programs or path of one of them, as the person gave it; None: look
            in ``DUCHENNE_OPENFACE``, then on the PATH.
    """

    given: str | None = None

    def find(self, name: str) -> Path:
        """Where the program ``FeatureExtraction`` or ``FaceLandmarkImg`` is.

        Raises:
            MissingExtraError: it is not there.
        """
        told = self.given or os.environ.get(VARIABLE)
        if told is None:
            found = shutil.which(name)
        else:
            place = Path(told)
            folders = [place, place / "bin", place / "build" / "bin"]
            # Whoever names one of the two programs has the other beside it.
            folders = folders if place.is_dir() else [place.parent]
            found = shutil.which(name, path=os.pathsep.join(map(str, folders)))
        if found is None:
            where = f"in {told}" if told is not None else "on the PATH"
            raise MissingExtraError(
                f"OpenFace's {name} is not {where}: install OpenFace 2.2 as "
                "https://github.com/TadasBaltrusaitis/OpenFace/wiki tells, then give openface the "
                f"folder of its programs, or set {VARIABLE} to it."
            )
        return Path(found)

    def run(self, source: Path, kind: str) -> OpenFaceTable:
        """What OpenFace finds: 17 intensities, 18 presences and 68 points a frame and face.

        Args:
            source: the file or folder.
            kind: ``picture``, ``video`` or ``folder`` (of numbered pictures, in alphabetical
                order). In videos and folders OpenFace follows one face.

        Raises:
            MissingExtraError: the program is not there.
            DataError: it fails, or writes no table that can be read.
        """
        program = self.find(program_for(kind))
        flag = "-fdir" if kind == "folder" else "-f"
        with tempfile.TemporaryDirectory(prefix="duchenne-openface-") as folder:
            out = ["-out_dir", folder, "-of", _NAME]
            done = _call([str(program), flag, str(source.resolve()), *out, *_WANTED])
            # Some builds ignore -of and name the table after the source.
            table = next(Path(folder).glob("*.csv"), None)
            if done.returncode != 0 or table is None:
                said = (done.stderr or done.stdout).strip().splitlines()
                reason = said[-1].strip(" .") if said else f"exit code {done.returncode}"
                raise DataError(f"OpenFace's {program.name} cannot read {source}: {reason}.")
            return _read(table)


def _read(table: Path) -> OpenFaceTable:
    rows = read_csv(table, rows=1)
    if rows.empty:
        # FaceLandmarkImg writes the header alone where it finds no face.
        filled = ("frame", "face_id", "success")
        names = [*filled, *(name for name in rows.columns if name not in filled)]
        return OpenFaceTable(pd.DataFrame(columns=names, dtype=float), picture=True)
    return read_openface(table)


def program_for(kind: str) -> str:
    """Which of OpenFace's programs reads this kind of source."""
    return FOR_PICTURES if kind == "picture" else FOR_VIDEOS


def _call(command: list[str]) -> subprocess.CompletedProcess[str]:
    # One thread: the numbers of OpenFace's networks must not depend on the machine's cores.
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, env=environment
        )
    except OSError as error:
        raise DataError(f"{command[0]} cannot be run: {(error.strerror or '').lower()}.") from error
