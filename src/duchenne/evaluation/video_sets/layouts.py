"""Every layout of a set of videos that we can read, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.clips import VideoSet
from duchenne.evaluation.video_sets.folders import (
    read_bp4d,
    read_ck_plus,
    read_facexp,
    read_spos,
)
from duchenne.evaluation.video_sets.named_files import NAMED_FILES

LAYOUTS: Final[dict[str, Callable[[Path], VideoSet]]] = {
    **NAMED_FILES,
    "ck+": read_ck_plus,
    "bp4d": read_bp4d,
    "spos": read_spos,
    "facexp": read_facexp,
}
"""PEDFE as the project has it, crops without videos, is ``crop_set.CropSet.from_pedfe``."""


def read_videos(place: Path, layout: str | None = None) -> VideoSet:
    """A set of labelled videos.

    Args:
        place: a CSV manifest (path, label, subject, emotion), or the folder of a known set.
        layout: one of ``LAYOUTS``; none with a manifest.

    Raises:
        DataError: no such layout, a folder without one, or no clip.
    """
    if place.is_file():
        if layout is not None:
            raise DataError(f"{place} is a manifest, which needs no layout.")
        return VideoSet.from_manifest(place)
    if not place.is_dir():
        raise DataError(f"{place} is not there: give a CSV manifest or the folder of a set.")
    if layout not in LAYOUTS:
        known = ", ".join(LAYOUTS)
        said = "no layout is given" if layout is None else f"there is no layout {layout!r}"
        raise DataError(f"{place} is a folder and {said}; known: {known}.")
    return LAYOUTS[layout](place)
