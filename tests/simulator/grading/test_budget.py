"""What the runs of one submission may take together, whatever its code does."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder import assignments
from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.grading import attempts as play_module
from autograder.grading.attempts import RunOutcome, play
from autograder.grading.budget import Budget
from autograder.grading.cache_key import content_key
from autograder.grading.concurrency import EACH_CORE
from autograder.grading.report_cache import new_report
from autograder.grading.store import Store
from autograder.simulator.folder import RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.run import End, RunRecord, run
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.series import RunSeries
from autograder.submission.percent import put_parts, read_parts
from autograder.submission.read import from_notebook
from tests.corpus.hostile.runner import course_parts
from tests.simulator.parts import CONTROLLER, EXECUTOR, SITES, scenario
from tests.tools import needs
from tests.tools.course_folder import CHECKOUT, NAME

DELAYING = (
    EXECUTOR
    + """
import sys

class SlowToBuild(Quiet):
    def __init__(self):
        super().__init__()
        time.sleep(600)

class Burning(Quiet):
    def talk(self, fl_ctx):
        for _ in range(3):
            subprocess.Popen([sys.executable, "-c", "while True: pass"])
        time.sleep(600)

class Asleep(Quiet):
    def talk(self, fl_ctx):
        time.sleep(600)
"""
)

ASLEEP = """
# %% [execute]
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        time.sleep(600)
"""


PATIENT = Part("controller", "Asking", {"controller": CONTROLLER.replace("timeout=6", "timeout=600")})


def delaying(class_name: str) -> Scenario:
    executors = dict.fromkeys(SITES, Part("executors", class_name, {"executors": DELAYING}))
    return replace(scenario("Quiet"), executors=executors, controller=PATIENT)


def record(tmp_path: Path, played: float) -> RunRecord:
    folder = RunFolder(tmp_path)
    return RunRecord(scenario("Quiet"), folder, End.SETTLED, played, played, Isolation.SANDBOX)


def test_each_run_has_what_those_before_it_have_left(tmp_path: Path) -> None:
    budget = Budget(Limits(budget=10, cpu_budget=8))
    assert budget.within(Limits(wall=7)) == Limits(wall=7, budget=10, cpu_budget=8)

    budget.charge(record(tmp_path, 4.0), Evidence(cpu={"site-0": 1.0, "site-1": 2.0}))
    assert budget.within(Limits()) == Limits(budget=6, cpu_budget=5)
    assert not budget.is_spent
    budget.charge(record(tmp_path, 1.0), Evidence(cpu={"site-0": 5.0}))
    assert budget.is_spent


def test_three_hundred_of_the_worst_end_in_under_three_hours_on_two_cores() -> None:
    limits, cores, hours = Limits(), 2, 3600
    at_once = EACH_CORE * cores

    assert 300 * limits.budget / at_once < 2 * hours, "those that wait"
    assert 300 * limits.cpu_budget / cores < 3 * hours, "those that compute"


@pytest.mark.simulator
@needs.SANDBOX
@pytest.mark.parametrize("class_name", ["SlowToBuild", "Asleep"])
def test_a_run_ends_when_the_budget_does_whatever_a_students_code_waits_for(class_name: str) -> None:
    with run(delaying(class_name), limits=Limits(budget=5), isolation=Isolation.SANDBOX) as played:
        assert played.end is End.DEADLINE
        assert 5 <= played.played <= played.seconds


@pytest.mark.simulator
@needs.SANDBOX
def test_processes_that_each_stay_below_their_limit_use_up_the_budget_together() -> None:
    limits = Limits(cpu_budget=3, budget=300, exercise=200)
    with run(delaying("Burning"), limits=limits, isolation=Isolation.SANDBOX) as played:
        evidence = collect(played)

    assert evidence.spent == set(SITES)
    assert sum(evidence.cpu.values()) > 3


def played_within(budget: float) -> tuple[RunOutcome, Budget]:
    limits = Limits(exercise=4, budget=budget)
    charged = Budget(limits)
    with RunSeries(Isolation.SANDBOX) as series:
        return play(delaying("Asleep"), lambda _: None, series=series, budget=charged, limits=limits), charged


@pytest.mark.simulator
@needs.SANDBOX
def test_a_run_that_is_made_once_more_is_paid_from_the_same_budget() -> None:
    once, spent = played_within(4)
    twice, left = played_within(300)

    assert (once.seen.attempts, spent.is_spent) == (1, True)
    assert (twice.seen.attempts, left.is_spent) == (2, False)
    assert left.within(Limits()).budget < 300 - 2 * 4


@pytest.mark.simulator
@needs.SANDBOX
def test_it_is_not_paid_for_again_by_the_next_grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment = assignments.load(NAME)
    release, _ = course_parts(CHECKOUT)
    submission = from_notebook(put_parts(release, read_parts(ASLEEP)), assignment)
    store, settings = Store(tmp_path, NAME), RunSettings(Isolation.SANDBOX, Limits(budget=4, exercise=4))
    key = content_key(submission, assignment, CHECKOUT, settings)
    report = new_report(submission, key, assignment, CHECKOUT, store, settings)

    monkeypatch.setattr(play_module, "run", lambda *_, **__: pytest.fail("it is played again"))
    assert report.points == 0
    assert store.get(key) == report
    assert new_report(submission, key, assignment, CHECKOUT, store, settings).points == 0
