import math

import numpy as np
import pytest

from duchenne.errors import DataError
from duchenne.synchrony.windows import Windows


def test_the_posters_windows_begin_every_41_and_a_half_samples() -> None:
    windows = Windows.over(30_000, 25.0, 5.0, 1.66)
    assert len(windows) == 720
    assert windows.length == 125
    assert windows.starts[:4].tolist() == [0, 42, 83, 124]
    assert windows.starts[-1] + windows.length <= 30_000


def test_cut_takes_each_windows_samples() -> None:
    windows = Windows.over(10, 1.0, 4.0, 3.0)
    cut = windows.cut(np.arange(20).reshape(2, 10))
    assert cut.shape == (2, 3, 4)
    assert cut[1].tolist() == [[10, 11, 12, 13], [13, 14, 15, 16], [16, 17, 18, 19]]


def test_an_endless_window_is_the_whole_series() -> None:
    windows = Windows.over(77, 2.0, math.inf, 1.66)
    assert windows.starts.tolist() == [0]
    assert windows.length == 77


@pytest.mark.parametrize(
    ("samples", "rate", "window", "step", "said"),
    [
        (100, 25.0, 5.0, 1.66, "less than one window"),
        (100, 1.0, 2.0, 1.0, "a correlation takes 3"),
        (100, 1.0, 5.0, 0.5, "less than a sample"),
    ],
)
def test_windows_that_make_no_sense(
    samples: int, rate: float, window: float, step: float, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        Windows.over(samples, rate, window, step)
