"""Who does what next, with workers made up for the test."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duchenne.errors import DataError
from duchenne.recording.batch import Job, Outcome, run_batch
from duchenne.recording.batch.stretches import Stretch
from duchenne.recording.batch.worker import Done, Failed, Task

Answer = Callable[[Task], Done | Failed]
WELL = Done(summary={"frames": 1})


class MadeUpCrew:
    """Answers at once, in the order that a list of places says."""

    def __init__(self, answer: Answer, size: int = 2, turns: list[int] | None = None) -> None:
        self.size = size
        self.done: list[Task] = []
        self._answer, self._turns = answer, deque(turns or [])
        self._held: dict[int, Task] = {}

    def start(self, place: int, task: Task) -> None:
        assert place not in self._held
        self._held[place] = task

    def ended(self, timeout: float) -> list[tuple[int, Done | Failed]]:
        turn = self._turns.popleft() if self._turns else 0
        place = sorted(self._held)[turn % len(self._held)]
        task = self._held.pop(place)
        self.done.append(task)
        return [(place, self._answer(task))]

    def frames(self, place: int) -> tuple[int, int]:
        return 0, 0

    def kill(self, place: int) -> None: ...

    def stop(self) -> None: ...

    def held(self) -> list[Task]:
        return list(self._held.values())


class Ears:
    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None]] = []

    def progress(self, place: int, task: Task | None, done: int, of: int) -> None: ...

    def finished(self, job: Job, reason: str | None) -> None:
        self.heard.append((job.source, reason))


def job(name: str) -> Job:
    return Job(name, Path(f"out/source={name}"))


def run(names: str, answer: Answer, **crew: Any) -> tuple[Outcome, MadeUpCrew, Ears]:
    outcome, made_up, ears = Outcome(), MadeUpCrew(answer, **crew), Ears()
    run_batch([job(name) for name in names], made_up, ears, outcome)
    return outcome, made_up, ears


def test_every_source_is_done_once_and_told() -> None:
    outcome, crew, ears = run("abc", lambda _: WELL)
    assert {j.source for j in outcome.summaries} == set("abc")
    assert Counter(task.job.source for task in crew.done) == Counter("abc")
    assert sorted(ears.heard) == [("a", None), ("b", None), ("c", None)]


def test_what_fails_is_tried_once_more_at_the_end_and_left_out() -> None:
    def answer(task: Task) -> Done | Failed:
        return Failed("It is broken.") if task.job.source == "b" else WELL

    outcome, crew, ears = run("abcd", answer, size=1)
    assert [task.job.source for task in crew.done] == list("abcdb")
    assert [(f.job.source, f.reason) for f in outcome.failures] == [("b", "It is broken.")]
    assert ears.heard[-1] == ("b", "It is broken.")
    assert {j.source for j in outcome.summaries} == set("acd")


def test_a_second_try_may_go_well() -> None:
    tried: set[Task] = set()

    def answer(task: Task) -> Done | Failed:
        if task in tried:
            return WELL
        tried.add(task)
        return Failed("The network disk hiccuped.")

    outcome, _, _ = run("ab", answer)
    assert outcome.failures == []
    assert len(outcome.summaries) == 2


def test_a_full_disk_ends_the_batch_and_keeps_what_is_there() -> None:
    def answer(task: Task) -> Done | Failed:
        if task.job.source == "b":
            return Failed("Nothing can be written: No space left on device.", hopeless=True)
        return WELL

    outcome = Outcome()
    crew = MadeUpCrew(answer, size=1)
    with pytest.raises(DataError, match=r"No space left.*same command again"):
        run_batch([job(name) for name in "abc"], crew, Ears(), outcome)
    assert [j.source for j in outcome.summaries] == ["a"]


def judging(task: Task, verdicts: Done | Failed) -> Done | Failed:
    if task.step == "judge":
        return verdicts if task.job.source == "b" else Done(counts={0: {"expressions": 2}})
    return Done(summary={"frames": 1, "warnings": []}, to_judge=True)


@given(st.integers(1, 4), st.lists(st.integers(0, 4), max_size=30))
def test_each_source_is_judged_once_its_recording_is_there(size: int, turns: list[int]) -> None:
    outcome, crew, ears = run("abc", lambda t: judging(t, Done()), size=size, turns=turns)
    assert {j.source: s["counts"] for j, s in outcome.summaries.items()} == {
        "a": {0: {"expressions": 2}}, "b": None, "c": {0: {"expressions": 2}},
    }  # fmt: skip
    for name in "abc":
        assert [t.step for t in crew.done if t.job.source == name] == ["begin", "judge"]
    assert sorted(ears.heard) == [("a", None), ("b", None), ("c", None)]


def test_a_verdict_that_fails_twice_loses_nothing_but_itself() -> None:
    failed = Failed("The worker was killed, or crashed on it.")
    outcome, crew, ears = run("abc", lambda t: judging(t, failed), size=1)
    steps = [(t.job.source, t.step) for t in crew.done]
    assert steps.count(("b", "judge")) == 2
    assert steps.count(("b", "begin")) == 1
    assert outcome.failures == []
    assert [(f.job.source, f.reason) for f in outcome.unjudged] == [("b", failed.reason)]
    warnings = {j.source: s["warnings"] for j, s in outcome.summaries.items()}
    assert warnings == {"a": [], "b": [f"no verdicts: {failed.reason}"], "c": []}
    assert sorted(ears.heard) == [("a", None), ("b", None), ("c", None)]


def test_a_disk_that_fills_while_judging_ends_the_batch_and_keeps_the_summary() -> None:
    full = Failed("Nothing can be written: No space left on device.", hopeless=True)
    outcome = Outcome()
    crew = MadeUpCrew(lambda t: judging(t, full), size=1)
    with pytest.raises(DataError, match="No space left"):
        run_batch([job(name) for name in "bc"], crew, Ears(), outcome)
    assert [j.source for j in outcome.summaries] == ["b"]


STRETCHES = tuple(Stretch(i, i + 1) for i in range(4))


@given(st.integers(1, 5), st.lists(st.integers(0, 4), max_size=30))
def test_stretches_are_joined_once_all_are_done(size: int, turns: list[int]) -> None:
    def answer(task: Task) -> Done | Failed:
        if task.step == "begin" and task.job.source in "ab":
            return Done(stretches=STRETCHES)
        return WELL if task.step in {"begin", "join"} else Done()

    outcome, crew, _ = run("abc", answer, size=size, turns=turns)
    assert {j.source for j in outcome.summaries} == set("abc")
    for name in "ab":
        steps = [task.step for task in crew.done if task.job.source == name]
        assert steps == ["begin", *["stretch"] * 4, "join"]


@given(st.integers(1, 5), st.lists(st.integers(0, 4), max_size=30), st.integers(0, 3))
def test_damage_in_a_stretch_means_one_go_and_nobody_else_at_it(
    size: int, turns: list[int], damaged: int
) -> None:
    def answer(task: Task) -> Done | Failed:
        if task.step == "begin":
            return Done(stretches=STRETCHES)
        if task.step == "stretch":
            return Done(in_one_go=task.stretch == STRETCHES[damaged])
        assert task.step == "whole"
        assert crew.held() == []
        return WELL

    outcome, crew = Outcome(), MadeUpCrew(answer, size, turns)
    run_batch([job("a")], crew, Ears(), outcome)
    assert [task.step for task in crew.done].count("whole") == 1
    assert len(outcome.summaries) == 1


def test_a_join_that_misses_a_stretch_falls_back_to_one_go() -> None:
    def answer(task: Task) -> Done | Failed:
        if task.step == "begin":
            return Done(stretches=STRETCHES)
        return {"stretch": Done(), "join": Done(in_one_go=True), "whole": WELL}[task.step]

    outcome, crew, _ = run("a", answer)
    assert [task.step for task in crew.done][-2:] == ["join", "whole"]
    assert len(outcome.summaries) == 1


@given(st.integers(1, 4), st.lists(st.integers(0, 4), max_size=30))
def test_a_stretch_that_fails_twice_fails_its_source_once(size: int, turns: list[int]) -> None:
    def answer(task: Task) -> Done | Failed:
        if task.job.source == "b":
            return WELL
        if task.step == "begin":
            return Done(stretches=STRETCHES)
        return Failed("It is broken.") if task.stretch in STRETCHES[1:3] else Done()

    outcome, _, ears = run("ab", answer, size=size, turns=turns)
    assert [f.job.source for f in outcome.failures] == ["a"]
    assert [j.source for j in outcome.summaries] == ["b"]
    assert sorted(name for name, _ in ears.heard) == ["a", "b"]
