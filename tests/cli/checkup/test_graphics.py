"""What is said of PyTorch while it loads."""

from __future__ import annotations

import sys

import pytest

from duchenne.cli.checkup import graphics
from duchenne.cli.checkup.asking import Answer


class Slow:
    """Stands for a question that is not answered in time."""

    def answer(self) -> Answer:
        return Answer((), False, None)


@pytest.mark.parametrize(
    ("patient", "state", "said"),
    [(False, "ok", "after 2 s; --check waits for it"), (True, "fault", "after 60 s")],
)
def test_who_waited_is_not_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, patient: bool, state: str, said: str
) -> None:
    monkeypatch.setattr(graphics, "find_spec", lambda name: name)
    monkeypatch.setattr(graphics, "Question", lambda arguments, seconds: Slow())
    (found,) = graphics.ask_torch(patient=patient)()
    assert found.state == state
    assert found.detail.endswith(said)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (Answer((), True, 1), "fault", "cannot be loaded"),
        (Answer(('{"gpus": []}',), True, 0), "ok", "sees no GPU"),
        (Answer(('{"gpus": ["H100"]}',), True, 0), "ok", ", H100"),
    ],
)
def test_what_pytorch_sees_is_told(answer: Answer, state: str, said: str) -> None:
    found = graphics._finding(answer, patient=False)
    assert (found.state, said in found.detail) == (state, True)


def test_a_pytorch_that_is_not_there_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphics, "find_spec", lambda name: None)
    monkeypatch.delattr(graphics, "Question")
    (found,) = graphics.ask_torch(patient=True)()
    assert found.state == "absent"


def test_without_onnxruntime_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert graphics.find_onnxruntime().prevents
