"""The pairs of landmarks that count most, drawn on a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from duchenne.evaluation.distances.contributions import Contribution
from duchenne.faces.canonical import CanonicalFace
from duchenne.report.contours import draw_landmarks
from duchenne.report.head import head_points
from duchenne.report.pictures import data_uri

WIDTH: Final = 420
HEIGHT: Final = 520
_MARGIN: Final = 34
_GROUND: Final = (34, 43, 52, 255)
_FINE: Final = 2
_THINNEST, _WIDEST = 0.8, 5.0


@dataclass(frozen=True)
class Line:
    """One pair: its ends, how wide it is drawn, and what it says."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


@dataclass(frozen=True)
class FaceMap:
    """A face from the front, ``WIDTH`` times ``HEIGHT``, and lines on it, the widest last."""

    picture: str
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT


def face_map(pairs: Sequence[Contribution], face: CanonicalFace) -> FaceMap:
    """The pairs on the mean head of the landmark model; the person's right is on the left."""
    places = head_points(face, WIDTH, HEIGHT, _MARGIN)
    most = max((pair.margin.value for pair in pairs), default=1.0)
    lines = []
    for number, pair in enumerate(pairs, 1):
        (x1, y1), (x2, y2) = places[[pair.first, pair.second]].round(1).tolist()
        strong = max(0.0, pair.margin.value / most) if most > 0 else 0.0
        width = _THINNEST + (_WIDEST - _THINNEST) * strong**2
        title = (
            f"{number}. landmarks {pair.first} and {pair.second}: margin {pair.margin.value:.3f}"
        )
        lines.append(Line(x1, y1, x2, y2, round(width, 2), title))
    canvas = Image.new("RGBA", (WIDTH * _FINE, HEIGHT * _FINE), _GROUND)
    drawn = draw_landmarks(canvas, (places * _FINE).astype(np.float32), 2.6 * _FINE)
    return FaceMap(data_uri(np.asarray(drawn.convert("RGB"))), lines[::-1])
