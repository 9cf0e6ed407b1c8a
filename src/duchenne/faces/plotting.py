"""The faces of one frame as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from duchenne.media.frame import Frame
from duchenne.media.plotting import draw_frame
from duchenne.notebook.colours import SERIES
from duchenne.notebook.figures import label, new_figure, say_nothing

if TYPE_CHECKING:
    from duchenne.faces.faces import Faces


def plot_faces(faces: Faces, frame: Frame | None) -> Figure:
    """See ``Faces.plot``."""
    figure = new_figure(6.0, 7.0)
    axes = figure.add_subplot()
    if frame is None:
        label(axes, "x (px)", "y (px)")
        axes.invert_yaxis()
        axes.set_aspect("equal")
    else:
        draw_frame(axes, frame)
    if not len(faces):
        say_nothing(axes, "No face was found.")
    for place in range(len(faces)):
        _draw_face(axes, faces, place)
    return figure


def _draw_face(axes: Axes, faces: Faces, place: int) -> None:
    colour = SERIES[int(faces.track_ids[place]) % len(SERIES)]
    x, y, width, height = (float(v) for v in faces.boxes[place])
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=colour, linewidth=2))
    points = faces.landmarks[place]
    axes.plot(points[:, 0], points[:, 1], ".", color=colour, ms=1.6)
    axes.text(x, y, f" face {faces.track_ids[place]}", color="white", fontsize=9, va="bottom",
              bbox={"facecolor": colour, "edgecolor": colour, "pad": 1.5})  # fmt: skip
