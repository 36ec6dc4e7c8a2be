"""Grading through executors, here without a cluster: see tests/services/cli/test_cluster.py for one."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from autograder import assignments
from autograder.course import CourseError
from autograder.grading import remote
from autograder.grading.remote import RemoteGrader, dask_cluster
from autograder.grading.remote_job import pack, run_remote_job
from autograder.grading.report_cache import remote_report
from autograder.grading.store import Store
from autograder.report.model import Report, Verdict
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.submission.model import Submission
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT, NAME, PATIENCE, released

ASSIGNMENT = assignments.load(NAME)
SETTINGS = RunSettings.for_remote_grading(unsandboxed=True)
KEY = "a" * 64


class Ended(Exception):
    """Nobody waits any more."""


def untouched() -> Submission:
    return from_notebook(released(CHECKOUT), ASSIGNMENT)


def nobody_asks() -> None:
    """Go on."""


@pytest.mark.slow
def test_any_executor_will_do(tmp_path: Path) -> None:
    store = Store(tmp_path, NAME)
    with ProcessPoolExecutor(1, get_context("spawn")) as processes, ThreadPoolExecutor(1) as threads:
        reports = [
            remote_report(
                untouched(), KEY, ASSIGNMENT, CHECKOUT, store, SETTINGS, RemoteGrader(executor, 1), nobody_asks
            )
            for executor in (processes, threads)
        ]

    assert reports[0] == reports[1]
    assert reports[0].verdict is Verdict.NOT_PASSED
    assert store.get(reports[0].key) == reports[0]


def test_a_machine_with_another_version_grades_nothing() -> None:
    job = replace(pack(untouched(), ASSIGNMENT, CHECKOUT, KEY, SETTINGS), judging="other")
    with pytest.raises(CourseError, match="Install the same version on every machine"):
        run_remote_job(job)


def test_whether_there_is_a_sandbox_is_seen_where_it_is_graded() -> None:
    assert RunSettings.for_remote_grading().isolation is Isolation.SANDBOX
    assert not pack(untouched(), ASSIGNMENT, CHECKOUT, KEY, RunSettings.for_remote_grading()).unsandboxed
    assert pack(untouched(), ASSIGNMENT, CHECKOUT, KEY, SETTINGS).unsandboxed


def test_nothing_of_the_course_goes_along_that_grading_does_not_need() -> None:
    job = pack(untouched(), ASSIGNMENT, CHECKOUT, KEY, SETTINGS)
    assert [name for name, _ in job.files] == [f"source/{NAME}/{NAME}.ipynb"]


def graded_by(executor: Executor, go_on: Callable[[], None] = nobody_asks) -> Report:
    return RemoteGrader(executor, 1).grade(untouched(), ASSIGNMENT, CHECKOUT, KEY, SETTINGS, go_on)


def test_when_nobody_waits_any_more_what_has_not_begun_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PULSE", 0.01)
    begin = threading.Event()

    def stop() -> None:
        raise Ended

    with ThreadPoolExecutor(1) as executor:
        executor.submit(begin.wait, PATIENCE)
        with pytest.raises(Ended):
            graded_by(executor, stop)
        after = executor.submit(len, "after")
        begin.set()
        assert after.result(PATIENCE) == 5


def test_an_error_of_the_other_machine_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PULSE", 0.01)
    for error in (CourseError("no sandbox there"), TimeoutError("its own")):

        class Broken(Executor):
            def submit(self, *_: object, **__: object) -> Future[Any]:
                future: Future[Any] = Future()
                future.set_exception(error)  # noqa: B023
                return future

        with pytest.raises(type(error), match=str(error)):
            graded_by(Broken())


def test_a_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PATIENCE", 0.5)
    with (
        pytest.raises(CourseError, match="no Dask scheduler that answers"),
        dask_cluster("tcp://127.0.0.1:1"),
    ):
        pytest.fail("nobody is there")
