"""Where on the face people synchronise: muscles of Action Units, landmarks, distances."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.expressions.track import canonical_face
from duchenne.report.diagram import DARKEST, HEIGHT, WIDTH, Muscle, muscles
from duchenne.report.head import head_points
from duchenne.report.rows import AU_COLUMNS, SIDE_COLUMNS
from duchenne.synchrony.synchrony import Synchrony

Values = NDArray[np.float64]

_VERTEX: Final = re.compile(r"vertex_(\d+)")
_DISTANCE: Final = re.compile(r"distance_(\d+)_(\d+)")
_UNIT: Final = re.compile(r"AU\d\d_r")
_MOST_LINES: Final = 60
_LARGEST, _SMALLEST = 6.0, 1.2


@dataclass(frozen=True)
class Dot:
    """One landmark: place, radius, opacity from 0 to 1, title."""

    x: float
    y: float
    radius: float
    shade: float
    title: str


@dataclass(frozen=True)
class Line:
    """One distance: both ends, width, opacity, title."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    shade: float
    title: str


@dataclass(frozen=True)
class FaceMap:
    """What is drawn on the face, in a field of ``diagram.WIDTH`` by ``diagram.HEIGHT``.

    Attributes:
        muscles: shaded patches.
        dots: landmarks that were compared.
        lines: distances, the most synchronous ones.
        mesh: path of the head's mesh behind dots and lines, "" behind muscles.
        said: what the shades mean.
        top: the mean t-ISC of the darkest shade.
    """

    muscles: tuple[Muscle, ...]
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    mesh: str
    said: str
    top: str


def face_map(synchrony: Synchrony) -> FaceMap | None:
    """The face of a measurement; None where its features are on no face.

    Raises:
        ModelError: the canonical head, which landmarks are drawn on, cannot be had.
    """
    means = np.nan_to_num(synchrony.feature_means[:, 0])
    top = max(float(means.max()), 1e-3)
    shares, titles = np.clip(means / top, 0, 1), _titles(synchrony)
    if any(_UNIT.fullmatch(name) for name in synchrony.features):
        drawn = _muscles(synchrony.features, shares, titles)
        return FaceMap(drawn, (), (), "", "each muscle by its Action Unit", f"{top:.2f}")
    vertices = [_VERTEX.fullmatch(name) for name in synchrony.features]
    if any(vertices):
        dots = _dots(vertices, shares, titles)
        return FaceMap((), dots, (), _mesh(), "each landmark by its movement", f"{top:.2f}")
    pairs = [_DISTANCE.fullmatch(name) for name in synchrony.features]
    if any(pairs):
        lines = _lines(pairs, shares, titles)
        said = f"the {len(lines)} distances between landmarks that change most alike"
        return FaceMap((), (), lines, _mesh(), said, f"{top:.2f}")
    return None


def _titles(synchrony: Synchrony) -> list[str]:
    shares = synchrony.shares
    return [
        f"{name}: mean t-ISC {mean:.3f} ({low:.3f} to {high:.3f}), above chance in "
        f"{100 * share:.0f} % of the windows"
        for name, (mean, low, high), share in zip(
            synchrony.features, synchrony.feature_means, shares, strict=True
        )
    ]


def _muscles(features: tuple[str, ...], shares: Values, titles: list[str]) -> tuple[Muscle, ...]:
    # The drawing knows intensities up to 5: the strongest unit gets 5.
    row = dict.fromkeys((*AU_COLUMNS, *SIDE_COLUMNS), np.nan)
    row |= {n: 5 * s for n, s in zip(features, shares, strict=True) if n in AU_COLUMNS}
    said = dict(zip(features, titles, strict=True))
    return tuple(
        replace(muscle, title=said[AU_COLUMNS[muscle.series]])
        for muscle in muscles(pd.DataFrame([row]))
        if AU_COLUMNS[muscle.series] in said
    )


def _placed() -> Values:
    """(478, 2) the canonical head in the drawing's field."""
    margin = 0.04 * min(WIDTH, HEIGHT)
    return head_points(canonical_face(), WIDTH, HEIGHT, margin).round(1)


def _dots(found: list[re.Match[str] | None], shares: Values, titles: list[str]) -> tuple[Dot, ...]:
    points = _placed()
    return tuple(
        Dot(
            float(points[int(match[1]), 0]),
            float(points[int(match[1]), 1]),
            round(_SMALLEST + (_LARGEST - _SMALLEST) * share, 1),
            round(0.15 + (DARKEST - 0.15) * share, 2),
            title,
        )
        for match, share, title in zip(found, shares.tolist(), titles, strict=True)
        if match is not None and int(match[1]) < len(points)
    )


def _mesh() -> str:
    """The edges of the canonical head's triangles, each once."""
    points, corners = _placed(), canonical_face().triangles
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = np.unique(np.sort(sides, axis=1), axis=0)
    return "".join(
        f"M{a[0]:.0f} {a[1]:.0f}L{b[0]:.0f} {b[1]:.0f}" for a, b in points[edges].tolist()
    )


def _lines(
    found: list[re.Match[str] | None], shares: Values, titles: list[str]
) -> tuple[Line, ...]:
    points = _placed()
    order = [int(k) for k in np.argsort(-shares, kind="stable") if found[k] is not None]
    lines = []
    for place in order[:_MOST_LINES]:
        match, share = found[place], float(shares[place])
        if match is None or share <= 0:
            continue
        (x1, y1), (x2, y2) = points[[int(match[1]), int(match[2])]].tolist()
        wide, shade = round(0.5 + 2.5 * share, 1), round(DARKEST * share, 2)
        lines.append(Line(x1, y1, x2, y2, wide, shade, titles[place]))
    return tuple(lines)
