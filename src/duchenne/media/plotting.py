"""A frame as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from duchenne.notebook.figures import label, new_figure

if TYPE_CHECKING:
    from duchenne.media.frame import Frame

_HIGHEST: Final = 9.0
_WIDE: Final = 7.0


def plot_frame(frame: Frame) -> Figure:
    """See ``Frame.plot``."""
    figure = new_figure(min(_HIGHEST, 0.9 + _WIDE * frame.height / max(1, frame.width)), _WIDE)
    draw_frame(figure.add_subplot(), frame)
    return figure


def draw_frame(axes: Axes, frame: Frame) -> None:
    """The picture with axes in pixels, x to the right and y down."""
    axes.imshow(frame.pixels)
    title = f"frame {frame.index}, {frame.time:.2f} s"
    label(axes, "x (px)", "y (px)", title)
    axes.spines[:].set_visible(False)
