"""Grading many submissions, some of them at once. A thread for each is enough: it waits for a simulator to end."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

from autograder.atomic_file import in_words
from autograder.grading.concurrency import MemoryGate
from autograder.grading.judge import unjudged
from autograder.report.model import Report, Verdict
from autograder.rubric.catalogue import words_of
from autograder.rubric.model import Assignment, Hint

_PULSE = 0.5
"""Seconds after which the main thread looks for Ctrl-C."""


class Listener(Protocol):
    """Is told how the work goes on. Calls come from several threads."""

    def started(self, name: str) -> None:
        """Take note that work on one submission has begun."""

    def finished(self, name: str, report: Report) -> None:
        """Take note that a submission has its report."""


Work = TypeVar("Work")
"""The thing that is graded, such as a submission that was read."""

GoOn = Callable[[], None]
"""Is called now and then by whoever grades; raises when nobody waits for the result any more."""


class _Cancelled(Exception):
    """Ends a run from within, so that nothing of it is left."""


def grade_many(
    submissions: Mapping[str, Work],
    grade: Callable[[Work, GoOn], Report],
    assignment: Assignment,
    *,
    jobs: int,
    listener: Listener,
    done: Callable[[str, Report], None],
    memory: MemoryGate | None = None,
) -> None:
    """Grade all submissions, ``jobs`` at once. Every one gets a report, of which nothing is kept here.

    What goes wrong with one of them becomes a report with the verdict *infrastructure*. On ``KeyboardInterrupt`` all
    runs are ended, and it is raised again when no process of them is left.

    Args:
        submissions: by a name that the listener shows.
        grade: grades one.
        done: is called with each report as it comes, in the calling thread, while others are graded.
        memory: that of the machine on which it happens; None when it is not this one.
    """
    cancelled = threading.Event()

    def go_on() -> None:
        if cancelled.is_set():
            raise _Cancelled

    def work(name: str, submission: Work) -> Report:
        with memory.slot(go_on) if memory else contextlib.nullcontext():
            return begun(name, submission)

    def begun(name: str, submission: Work) -> Report:
        listener.started(name)
        try:
            report = grade(submission, go_on)
        except _Cancelled:
            raise
        except OSError as error:
            report = _broken(assignment, Hint("grading.not_kept", data={"error": in_words(error)}))
        except Exception as error:  # whatever it is, it is not the student's doing, and the others go on
            told = {"exception": type(error).__name__, "message": str(error)}
            report = _broken(assignment, Hint("grading.broke", data=told))
        listener.finished(name, report)
        return report

    with ThreadPoolExecutor(max_workers=max(1, jobs), thread_name_prefix="grading") as pool:
        futures = {pool.submit(work, name, submission): name for name, submission in submissions.items()}
        try:
            for future in _as_they_come(futures):
                done(futures.pop(future), future.result())
        except BaseException:
            cancelled.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _as_they_come(futures: Collection[Future[Report]]) -> Iterator[Future[Report]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=_PULSE, return_when=FIRST_COMPLETED)
        yield from done


def _broken(assignment: Assignment, why: Hint) -> Report:
    """Return the report of a submission that could not be judged, through no fault of the student's."""
    seen = words_of(why)
    exercises = tuple(unjudged(exercise, Verdict.INFRASTRUCTURE, seen, why) for exercise in assignment.exercises)
    return Report(assignment.name, "", Verdict.INFRASTRUCTURE, exercises)
