from __future__ import annotations

import time

from duchenne.cli.checkup.asking import Question


def test_a_process_that_ends_is_heard() -> None:
    answer = Question(["-c", "print('a'); print('b')"], 60).answer()
    assert (answer.lines, answer.in_time, answer.code) == (("a", "b"), True, 0)


def test_a_process_that_fails_says_so() -> None:
    assert Question(["-c", "raise SystemExit(3)"], 60).answer().code == 3


def test_a_process_that_hangs_is_left_with_what_it_said() -> None:
    question = Question(["-c", "import time; print('a', flush=True); time.sleep(999)"], 0)
    # Until it has spoken: how long Python takes to begin is not what is tested.
    while question._said.seek(0, 2) == 0 and question._process.poll() is None:
        time.sleep(0.01)
    answer = question.answer()
    assert (answer.lines, answer.in_time, answer.code) == (("a",), False, None)
    assert question._process.wait(60) != 0
