"""Runs on disk, and judging them anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import nbformat
import pytest

from autograder import assignments, samples
from autograder.evidence.model import Activity, Evidence, LogLine, Message, TaskResult
from autograder.grading import attempts, cache_key, scenario_runner
from autograder.grading.attempts import RunOutcome, RunResult
from autograder.grading.budget import Budget
from autograder.grading.reference import Reference
from autograder.grading.report_cache import new_report
from autograder.grading.run_cache import LARGEST, KeptRuns, RunStore
from autograder.grading.scenario_runner import ScenarioRunner
from autograder.grading.store import FreshStore, Store
from autograder.grading.student_part import StudentPart
from autograder.report.model import ExerciseReport, Flag, Report
from autograder.rubric.model import Assignment, Cast, RunEvidence
from autograder.simulator.network.content import Array, Content, ContentFault, Opaque
from autograder.simulator.parties.loading import Loading
from autograder.simulator.run import End, RunRecord, run
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.series import RunSeries
from autograder.submission.model import Cell
from autograder.submission.percent import read_parts
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
KEY = "ab" * 32
CONTENT = Content(
    "WEIGHTS",
    {
        "array": {"array": ("float64", (1,), (1.0,), "not one")},
        "value": Array("float64", (2, 2), (0.5, float("inf"), -0.0, 1e300), "d"),
        "large": Array("float32", (5000,), None, "e"),
        "list": (None, True, 1, 1.0, "x", (), {}, Opaque("bytes", "f")),
    },
    {"round": 3},
    ContentFault.TOO_LARGE,
    "why",
)
EVIDENCE = Evidence(
    messages=(Message(1, "site-1", "site-2", "hello", CONTENT, reply_content=CONTENT),),
    log_lines=(LogLine("site-1", "now", "TalkingExecutor", "submission", "INFO", "[peer=x]", "líne\n\0"),),
    results=(TaskResult("site-1", "talk", "OK"), TaskResult("site-2", "talk", "OK", content=CONTENT)),
    printed={"site-1": "printed"},
    loading={"site-1": Loading("failed", "NameError", "no x", 3)},
    ready=frozenset({"site-1", "site-2"}),
    ended=frozenset({"site-2"}),
    to_self={"site-1": 2},
    finished=True,
    end=End.STUDENT_ENDED,
    activity={"site-1": Activity((("files", "/etc"),), "memory", 1, True, "junk")},
)
SCENARIO = Scenario("send", Part("peers", "Silent", {"peers": ""}), {}, frozenset(), ())
KEPT = KeptRuns(7, {KEY: RunResult(EVIDENCE, 2, ("why",), 1.5, "", (Flag("files", "site-1", "send", "/etc"),))})


def test_evidence_is_the_same_when_it_comes_back(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    assert store.get(KEY) is None
    store.put(KEY, KEPT)
    assert RunStore(tmp_path / "runs").get(KEY) == KEPT
    assert RunStore(tmp_path / "runs", anew=True).get(KEY) is None


@pytest.mark.parametrize("junk", [b"", b"!", b"QUJD", b"\xff\x00"])
def test_junk_counts_as_absent(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / KEY).write_bytes(junk)
    assert RunStore(tmp_path).get(KEY) is None


def with_text(text: str) -> KeptRuns:
    message = replace(EVIDENCE.messages[0], content=Content("APP_DEFINED", {"message": text}))
    return KeptRuns(7, {KEY: RunResult(replace(EVIDENCE, messages=(message,)), 1, (), 1.0)})


@pytest.mark.parametrize("text", ["\ud800", Random(1).randbytes(LARGEST).hex()])
def test_what_cannot_be_kept_is_not(tmp_path: Path, text: str) -> None:
    store = RunStore(tmp_path)
    store.put(KEY, with_text(text))
    assert store.get(KEY) is None


@pytest.mark.parametrize("trouble", ["", "a process of the course ended"])
def test_a_run_that_went_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    student = StudentPart.of([Cell(None, "class Talking:\n    pass")], ("Talking",))
    played = RunOutcome(RunEvidence(SCENARIO, EVIDENCE), KEPT.seen[KEY], trouble=trouble)
    monkeypatch.setattr(scenario_runner, "play", lambda *_arguments, **_keywords: played)
    store = RunStore(tmp_path)
    reference, settings = Reference.of(CHECKOUT, ASSIGNMENT), RunSettings(Isolation.SANDBOX)
    with RunSeries(Isolation.SANDBOX) as series:
        plays = ScenarioRunner("execute", student, reference, 7, settings, series, Budget(settings.limits), None, store)
        plays.play(SCENARIO)
        plays.keep()

    assert (store.get(cache_key.runs_key("execute", student)) is None) == bool(trouble)


class Runs:
    """Counts the runs of the simulator."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = 0

        def counted(*arguments: Any, **keywords: Any) -> AbstractContextManager[RunRecord]:
            self.made += 1
            return run(*arguments, **keywords)

        monkeypatch.setattr(attempts, "run", counted)

    def of(self, call: Callable[[], Report]) -> tuple[int, Report]:
        before = self.made
        report = call()
        return self.made - before, report


def judged(report: Report) -> list[ExerciseReport]:
    """The exercises of a report without what only the run's clock decides, and without titles."""
    return [
        replace(exercise, title="", runs=tuple(replace(run, seconds=0.0) for run in exercise.runs))
        for exercise in report.exercises
    ]


def other_scenarios(exercise_play: Callable[[Cast], tuple[Scenario, ...]]) -> Callable[[Cast], tuple[Scenario, ...]]:
    return lambda cast: tuple(replace(scenario, seed=scenario.seed + 1) for scenario in exercise_play(cast))


@pytest.mark.simulator
@pytest.mark.parametrize("name", ["multicast", "execute_wrong_topic"])
def test_another_rubric_judges_the_runs_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    runs = Runs(monkeypatch)
    release = nbformat.read(CHECKOUT.release(NAME), as_version=4)
    answers = read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))
    (sample,) = [sample for sample in samples.load_all(CHECKOUT.samples(NAME)) if sample.name == name]
    submission = from_notebook(samples.notebook(sample, release, answers), ASSIGNMENT)

    def grade(assignment: Assignment, kind: type[Store] = Store) -> Report:
        store = kind(tmp_path, NAME)
        settings = RunSettings.for_grading()
        content = cache_key.content_key(submission, assignment, CHECKOUT, settings)
        return new_report(submission, content, assignment, CHECKOUT, store, settings)

    made, first = runs.of(lambda: grade(ASSIGNMENT))
    assert made

    # Another rubric: what it says is other, what it wants to see is the same.
    monkeypatch.setattr(cache_key, "judging_code", lambda: "another rubric")
    told = replace(ASSIGNMENT, exercises=tuple(replace(e, title=f"New: {e.title}") for e in ASSIGNMENT.exercises))
    made, again = runs.of(lambda: grade(told))
    assert made == 0
    assert all(exercise.title.startswith("New: ") for exercise in again.exercises)
    assert judged(again) == judged(first)
    assert again.key != first.key

    # A rubric that wants to see something else of one exercise: that one is played.
    monkeypatch.setattr(cache_key, "judging_code", lambda: "a third rubric")
    last = ASSIGNMENT.exercises[-1]
    other = replace(last, cross_play=other_scenarios(last.cross_play))
    made, third = runs.of(lambda: grade(replace(ASSIGNMENT, exercises=(*ASSIGNMENT.exercises[:-1], other))))
    assert 0 < made <= 2
    assert (third.points, third.verdict) == (first.points, first.verdict)

    # All anew: nothing that was kept is believed.
    made, _ = runs.of(lambda: grade(ASSIGNMENT, FreshStore))
    assert made
