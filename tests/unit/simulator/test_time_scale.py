"""Limits that grow with what a machine has to carry."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.simulator.folder import RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.run import _Clock as Clock
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER
from autograder.simulator.series import RunSeries
from autograder.simulator.time_scale import USUAL_START, TimeScale, between_looks
from tests.simulator.parts import scenario


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def series() -> RunSeries:
    return RunSeries(Isolation.NONE)


def test_on_an_idle_machine_limits_are_as_they_are_written(clock: list[float]) -> None:
    time_scale = TimeScale()
    clock[0] = USUAL_START / 2
    time_scale.begin()

    assert time_scale.allow(10) == 10


def test_on_a_slow_one_they_grow_by_as_much_as_it_is_slower(clock: list[float]) -> None:
    time_scale = TimeScale()
    clock[0] = USUAL_START * 6
    time_scale.begin()

    assert time_scale.allow(10) == 60


def test_what_was_before_it_was_made_does_not_count(clock: list[float]) -> None:
    clock[0] = 100
    time_scale = TimeScale()
    assert time_scale.patience_for_others(20) == math.inf
    clock[0] += USUAL_START * 3
    time_scale.begin()

    assert time_scale.allow(10) == 30


def test_a_run_has_its_time_for_the_exercise_by_how_long_its_sites_took_from_when_they_were_started(
    clock: list[float], series: RunSeries, tmp_path: Path
) -> None:
    timer = Clock(Limits(start=300, exercise=10), RunFolder(tmp_path), scenario("Quiet"), series)
    clock[0] = 100  # NVFlare was imported, which later runs of a series need not
    timer.note({"kind": "launched"})
    clock[0] += USUAL_START * 2
    timer.note({"kind": "begin"})

    clock[0] += 19
    assert not timer.is_up
    clock[0] += 2
    assert timer.is_up


def test_what_the_loading_of_a_students_code_took_makes_no_limit_longer(
    clock: list[float], series: RunSeries, tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path)
    told = [{"n": n, "time": time, "kind": "loading"} for n, time in enumerate((0.5, USUAL_START * 3 + 0.5))]
    folder.journal("site-1").write_text("".join(json.dumps(entry) + "\n" for entry in told))
    timer = Clock(Limits(start=300, exercise=10), folder, scenario("Quiet"), series)
    timer.note({"kind": "launched"})
    clock[0] += USUAL_START * 4
    timer.note({"kind": "begin"})

    clock[0] += 11
    assert timer.is_up


def test_what_a_students_code_delays_after_its_loading_makes_no_limit_longer(
    clock: list[float], series: RunSeries, tmp_path: Path
) -> None:
    timer = Clock(Limits(start=300, exercise=100, budget=50), RunFolder(tmp_path), scenario("Quiet"), series)
    timer.note({"kind": "launched"})
    clock[0] += USUAL_START / 4
    timer.note({"kind": "server up"})
    clock[0] = 20  # constructors that sleep
    timer.note({"kind": "begin"})
    clock[0] = 49

    assert timer.played == 49
    assert not timer.is_up
    clock[0] = 51
    assert timer.is_up, "the budget is used up"


def test_a_students_server_does_not_say_how_busy_the_machine_is(
    clock: list[float], series: RunSeries, tmp_path: Path
) -> None:
    of_student = replace(scenario("Quiet"), students=frozenset({SERVER}))
    for one, up, begin in ((scenario("Quiet"), USUAL_START / 2, USUAL_START), (of_student, 30, 40)):
        timer = Clock(Limits(), RunFolder(tmp_path), one, series)
        begun = clock[0]
        timer.note({"kind": "launched"})
        for kind, after in (("server up", up), ("begin", begin)):
            clock[0] = begun + after
            timer.note({"kind": kind})

    assert timer.played == 20, "twice as slow as an idle machine, by the course's server before"


def test_a_site_is_waited_for_as_long_as_the_others_took_several_times(clock: list[float]) -> None:
    time_scale = TimeScale()
    clock[0] = 40
    assert time_scale.patience_for_others(20) == math.inf
    time_scale.note_ready()

    assert time_scale.patience_for_others(20) == 160


def test_no_site_is_given_up_before_its_time(clock: list[float]) -> None:
    time_scale = TimeScale()
    clock[0] = 1
    time_scale.note_ready()

    assert time_scale.patience_for_others(20) == 19


def test_looks_become_rare_where_nothing_comes() -> None:
    waited, looks = 0.0, 0
    while waited < 30:
        waited += between_looks(waited, 0.02, 1.0)
        looks += 1
    assert looks < 100


def test_what_comes_soon_is_seen_at_once() -> None:
    assert between_looks(0.0, 0.02, 1.0) == 0.02
    assert between_looks(0.1, 0.02, 1.0) <= 0.02
    assert between_looks(2.0, 0.02, 1.0) <= 0.2
    assert between_looks(60.0, 0.02, 1.0) == 1.0
