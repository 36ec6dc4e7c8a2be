"""Grading in other processes or on other machines, through an executor of ``concurrent.futures`` or one like it."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor

from autograder.course import Course, CourseError
from autograder.grading.remote_job import pack, run_remote_job
from autograder.report import json_form
from autograder.report.model import Report
from autograder.rubric.model import Assignment
from autograder.simulator.run_settings import RunSettings
from autograder.submission.model import Submission

_PULSE = 0.5
"""Seconds after which is looked whether the result is still wanted."""
_PATIENCE = 30
"""Seconds for which the scheduler of a cluster is waited for."""
_FOR_EACH_THREAD = 4
"""Submissions on their way for each thread of a cluster: none is idle, and workers that come later find work too."""
_FEWEST = 32


class RemoteGrader:
    """Grades through an executor, in other processes or on other machines.

    Args:
        executor: anything with the ``submit`` of ``concurrent.futures``.
        slots: how many submissions are handed to it at once.
    """

    def __init__(self, executor: Executor, slots: int) -> None:
        self._executor = executor
        self.slots = slots

    def grade(
        self,
        submission: Submission,
        assignment: Assignment,
        course: Course,
        key: str,
        settings: RunSettings,
        go_on: Callable[[], None],
    ) -> Report:
        """Have a submission graded, and wait for its report.

        Args:
            go_on: is called now and then; what it raises ends the waiting, and the grading if that has not begun.

        Raises:
            CourseError: when the course folder lacks a part of the assignment, or the other machine cannot grade.
        """
        future = self._executor.submit(run_remote_job, pack(submission, assignment, course, key, settings))
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    return json_form.loads(future.result(timeout=_PULSE))
                if future.done() and (error := future.exception()):  # its own, and not of this waiting
                    raise error
                go_on()
        except BaseException:
            future.cancel()
            raise


@contextlib.contextmanager
def dask_cluster(address: str) -> Iterator[RemoteGrader]:
    """Yield a grader on the workers of a Dask cluster.

    Dask hands what a lost worker had to another one. A submission can be graded twice then; its report counts once.

    Args:
        address: of the scheduler, such as ``tcp://grading.example.org:8786``.

    Raises:
        CourseError: when Dask is not installed, the scheduler does not answer, or there are no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError("--cluster takes Dask: install this package with its extra, as in '.[cluster]'.") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CourseError(f"there is no Dask scheduler that answers at {address}: {error}") from error
    with client:
        threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
        if not threads:
            raise CourseError(f"the Dask scheduler at {address} has no workers. Start some, then grade again.")
        executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
        yield RemoteGrader(executor, max(_FEWEST, _FOR_EACH_THREAD * threads))
