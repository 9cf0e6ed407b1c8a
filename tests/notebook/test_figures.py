"""The figure of every noun: axes that say what they show, the right number of lines."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from tests.notebook import nouns

from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.expressions import Expressions
from duchenne.genuineness.judgements import Judgements
from duchenne.notebook.figures import Row, draw_courses, intervals_figure, new_figure, plain


def across(line: Line2D) -> list[float]:
    """Where a line is drawn, from left to right."""
    return [float(x) for x in np.asarray(line.get_xdata())]


def bar(patch: Patch) -> Rectangle:
    assert isinstance(patch, Rectangle)
    return patch


def names_its_x(axes: Axes) -> bool:
    """Alone, by a title, or by the lowest of the panels that share the axis."""
    together = axes.get_shared_x_axes().get_siblings(axes)
    return bool(axes.get_title("left")) or any(one.get_xlabel() for one in together)


@pytest.mark.parametrize("name", nouns.PLOTTED)
def test_every_noun_draws_axes_with_labels(name: str) -> None:
    figure = nouns.PLOTTED[name]().plot()
    assert isinstance(figure, Figure)
    # Parses every text: a name with a dollar sign is no formula.
    figure.canvas.draw()
    axes = [one for one in figure.axes if one.get_label() != "<colorbar>"]
    assert axes
    assert all(names_its_x(one) for one in axes)
    assert any(one.get_xlabel() for one in axes)


def test_a_video_has_a_line_an_emotion_and_the_units_that_move() -> None:
    upper, lower, *second = nouns.two_smiles("clip.mp4").plot().axes
    assert [line.get_label() for line in upper.lines] == list(EMOTIONS)
    assert {str(line.get_label())[:4] for line in lower.lines} == {"AU04", "AU07", "AU12", "AU23"}
    assert second[-1].get_xlabel() == "time (s)"
    assert (upper.get_ylabel(), lower.get_ylabel()) == (
        "probability (0 to 1)",
        "intensity (0 to 5)",
    )
    assert upper.get_title("left") == "clip.mp4, clip.mp4, face 0"
    # The second in which nobody is seen is a gap, not a bridge.
    assert np.isnan(lower.lines[0].get_xdata()).sum() == 1


def test_faces_and_units_can_be_chosen() -> None:
    recording = nouns.two_smiles()
    upper, lower = recording.plot(faces=[1], units=["AU12"]).axes
    assert upper.get_title("left").endswith("face 1")
    assert [line.get_label() for line in lower.lines] == ["AU12 lip corner puller"]
    for bad, message in (({"faces": [7]}, "No face 7"), ({"units": ["AU99"]}, "No Action Unit")):
        with pytest.raises(DataError, match=message):
            recording.plot(**bad)
    with pytest.raises(DataError, match="at least one face"):
        recording.plot(faces=[])


def test_a_picture_has_bars() -> None:
    left, right = nouns.picture().plot().axes
    assert len(left.patches) == len(EMOTIONS)
    assert bar(left.patches[EMOTIONS.index("happy")]).get_width() == pytest.approx(0.9)
    assert right.get_xlabel() == "intensity (0 to 5)"


@pytest.mark.parametrize("frames", [1, 20])
def test_without_faces_there_is_a_sentence(frames: int) -> None:
    (axes,) = nouns.faceless(frames).plot().axes
    assert axes.texts[0].get_text() == "No face was found."


def test_rows_without_times_are_drawn_by_frame() -> None:
    recording = nouns.two_smiles()
    at = recording.table.column_names.index("timestamp")
    gone = np.full(len(recording), np.nan)
    timeless = replace(recording, table=recording.table.set_column(at, "timestamp", [gone]))
    assert timeless.plot().axes[-1].get_xlabel() == "frame"


def test_expressions_mark_onset_apex_and_offset() -> None:
    recording, found = nouns.two_smiles(), nouns.expressions()
    first, second = found.plot(recording).axes
    lines = [line for line in first.lines if not str(line.get_label()).startswith("AU")]
    marks = [across(line)[0] for line in lines]
    mine = [one for one in found if one.face_id == 0]
    assert marks == [t for one in mine for t in (one.onset_s, one.offset_s, one.apex_s)]
    assert len(second.patches) == 1
    (axes,) = mine[1].plot(recording).axes
    low, high = axes.get_xlim()
    assert low == pytest.approx(mine[1].onset_s - 1)
    assert high == pytest.approx(mine[1].offset_s + 1)
    (empty,) = Expressions().plot(recording).axes
    assert empty.texts[0].get_text() == "No expression was found."


def test_a_verdict_stands_beside_its_undecided_band() -> None:
    upper, lower = nouns.verdict(0.86, 0.12).plot().axes
    band = bar(upper.patches[0])
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((0.38, 0.62))
    assert across(upper.lines[-1])[0] == 0.86
    assert [bar(patch).get_width() for patch in lower.patches] == [1.4, 0.6, -0.5, 0.0]
    (alone,) = nouns.verdict(None).plot().axes
    assert "no probability" in [text.get_text() for text in alone.texts]


def test_verdicts_without_a_probability_are_no_zeros() -> None:
    (axes,) = nouns.judgements().plot().axes
    assert axes.get_yticklabels()[0].get_text() == "none"
    (empty,) = Judgements().plot().axes
    assert empty.texts[0].get_text() == "No expression was found."


def test_synchrony_has_a_matrix_and_a_course() -> None:
    found = nouns.synchrony()
    matrix, course, _ = found.plot().axes
    shown = matrix.images[0].get_array()
    assert shown is not None
    assert shown.shape == (5, 5)
    drawn = {line.get_label(): line for line in course.lines}
    means = np.asarray(drawn["mean of features"].get_ydata())
    np.testing.assert_allclose(means, found.window_means[:, 0])


def test_aligned_people_are_lines() -> None:
    people = nouns.aligned()
    assert [len(axes.lines) for axes in people.plot().axes] == [5, 5, 5]
    assert len(people.plot(features=["AU06_r"]).axes) == 1
    with pytest.raises(DataError, match="No feature"):
        people.plot(features=["AU1"])


def test_an_audit_shows_the_bar_and_every_question() -> None:
    (axes,) = nouns.audit().plot().axes
    assert [label.get_text() for label in axes.get_yticklabels()][::2] == [
        "brightness",
        "file size",
    ]
    assert any(across(line) == [0.7, 0.7] for line in axes.lines)


def test_a_task_that_is_none_is_refused() -> None:
    with pytest.raises(DataError, match="No task"):
        nouns.two_tasks().plot(task="mood")


def test_no_rows_make_an_empty_figure() -> None:
    (axes,) = intervals_figure("title", {"value": []}).axes
    assert axes.texts[0].get_text() == "Nothing was measured."
    axes = intervals_figure("title", {"value": [Row("a", float("nan"))]}).axes[0]
    assert axes.texts[0].get_text() == "–"


def test_a_single_moment_is_a_point() -> None:
    axes = new_figure(2).add_subplot()
    draw_courses(axes, [1.0], {"a": np.array([2.0])})
    assert axes.lines[0].get_marker() == "o"


def test_a_notebook_gets_a_picture_without_pyplot() -> None:
    code = (
        "import sys\nfrom duchenne.notebook.figures import new_figure\n"
        "figure = new_figure(1.0)\nfigure.add_subplot()\n"
        "assert figure._repr_png_().startswith(b'\\x89PNG')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_duchenne_and_its_nouns_leaves_matplotlib_alone() -> None:
    code = (
        "import sys, duchenne\nassert 'duchenne.notebook' not in sys.modules\n"
        "duchenne.Recording, duchenne.Expression, duchenne.Genuineness, duchenne.Synchrony\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_dollars_are_no_formulas() -> None:
    assert plain("$x$\n y") == r"\$x\$ y"
