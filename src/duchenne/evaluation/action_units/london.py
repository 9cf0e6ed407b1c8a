"""Check two: the same person, neutral and smiling (London).

Face Research Lab London Set (DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC BY 4.0):
AU12 and AU6 should rise from the neutral to the smiling picture. Within persons, the neutral
picture is the baseline, and the smile must stand out from the same neutral picture mirrored, which
the network reads afresh; beside it stands the harder question, any smile against any neutral face,
with nobody's neutral known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.action_units.intensities import to_intensities
from duchenne.action_units.points import POINTS
from duchenne.action_units.readings import UnitWeights, features_of, read_features
from duchenne.errors import DataError, reason
from duchenne.evaluation.action_units.measures import Array, Measure, auc_between, column
from duchenne.evaluation.statistics.intervals import Estimate, wilson_interval
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import to_canonical

WITHIN: Final = "AUC within persons"
BETWEEN: Final = "AUC between pictures, neutral unknown"
RISING: Final = "share of people in whom it rises"
_UNITS: Final = ("AU12", "AU06")
_FEWEST: Final = 5


@dataclass(frozen=True, eq=False)
class LondonFaces:
    """Features (n, 709) of n people's pictures, and who they are."""

    neutral: NDArray[np.float32]
    mirrored: NDArray[np.float32]
    smiling: NDArray[np.float32]
    people: pd.DataFrame


def read_london(folder: Path, networks: FaceNetworks) -> LondonFaces:
    """Find the faces in the London pictures.

    Raises:
        DataError: no pictures, no ``london_info.csv``, or a picture in which no face is found.
    """
    names = sorted(path.name.partition("_")[0] for path in folder.glob("*_neutral.jpg"))
    if not names:
        raise DataError(f"No London pictures (001_neutral.jpg ...) in {folder}.")
    tracker = FaceTracker(networks=networks, max_faces=1)
    face = CanonicalFace.from_bytes(networks.geometry)
    taken: dict[str, list[NDArray[np.float32]]] = {"neutral": [], "mirrored": [], "smiling": []}
    for name in names:
        for kind in ("neutral", "smiling"):
            path = folder / f"{name}_{kind}.jpg"
            pixels = cv2.imread(str(path))
            if pixels is None:
                raise DataError(f"{path} cannot be read as a picture.")
            picture: NDArray[np.uint8] = np.ascontiguousarray(pixels[:, :, ::-1], np.uint8)
            taken[kind].append(_features(picture, tracker, face, path))
            if kind == "neutral":
                turned = np.ascontiguousarray(picture[:, ::-1])
                taken["mirrored"].append(_features(turned, tracker, face, path))
    stacked = {kind: np.concatenate(rows) for kind, rows in taken.items()}
    return LondonFaces(**stacked, people=_people(folder, names))


def _features(
    pixels: NDArray[np.uint8], tracker: FaceTracker, face: CanonicalFace, path: Path
) -> NDArray[np.float32]:
    found = tracker.still(pixels)
    if not len(found):
        raise DataError(f"No face was found in {path}.")
    canonical = to_canonical(found.landmarks[:1], face)
    return features_of(canonical[:, list(POINTS)], found.blendshapes[:1])


def _people(folder: Path, names: list[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(folder / "london_info.csv", dtype=str)
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}/london_info.csv cannot be read: {reason(error)}.") from error
    lowered = table.rename(columns=str.lower)
    missing = {"face_gender", "face_eth"} - set(lowered.columns)
    if missing:
        raise DataError(f"{folder}/london_info.csv lacks {', '.join(sorted(missing))}.")
    key = lowered[lowered.columns[0]].str.lstrip("X").str.zfill(3)
    chosen = lowered.set_index(key).reindex(names)
    return pd.DataFrame({"gender": chosen["face_gender"], "ethnicity": chosen["face_eth"]})


def check_london(faces: LondonFaces, weights: UnitWeights) -> tuple[Measure, ...]:
    """AU12 and AU6 from neutral to smile, for all and for groups of at least five people."""
    neutral = read_features(faces.neutral, weights)
    mirrored = read_features(faces.mirrored, weights)
    smiling = read_features(faces.smiling, weights)
    at_rest = to_intensities(mirrored - neutral).astype(float)
    own = to_intensities(smiling - neutral).astype(float)
    plain = to_intensities(np.concatenate([smiling, neutral])).astype(float)
    found: list[Measure] = []
    for unit in _UNITS:
        place = column(unit)
        both = np.concatenate([own[:, place], at_rest[:, place]])
        for name, values in ((WITHIN, both), (BETWEEN, plain[:, place])):
            found.append(Measure("london", unit, name, len(own), _pairs(values)))
        rises = own[:, place] > at_rest[:, place]
        found += [
            Measure("london", unit, RISING + group, int(mine.sum()),
                    wilson_interval(int(rises[mine].sum()), int(mine.sum())))
            for group, mine in _groups(faces.people)
        ]  # fmt: skip
    return tuple(found)


def _pairs(values: Array) -> Estimate:
    """AUC of the first half of the values against the second, drawn by person."""
    people = np.tile(np.arange(len(values) // 2), 2)
    return auc_between(values, np.arange(len(values)) < len(values) // 2, people)


def _groups(people: pd.DataFrame) -> list[tuple[str, NDArray[np.bool_]]]:
    groups = [("", np.ones(len(people), bool))]
    for name in ("gender", "ethnicity"):
        for value in sorted(people[name].dropna().unique()):
            mine = (people[name] == value).to_numpy()
            if mine.sum() >= _FEWEST:
                groups.append((f", {value}", mine))
    return groups
