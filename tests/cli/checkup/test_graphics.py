"""What is said of PyTorch while it loads."""

from __future__ import annotations

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
