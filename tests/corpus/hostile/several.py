"""Grading several hostile submissions at once, each process one at a time: so it is known whose a left process is.

In a module of its own, since a process that is started anew does not import ``__main__`` of a package again.
"""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from autograder.course import Course
from tests.corpus.hostile import Hostile
from tests.corpus.hostile.runner import Bait, Outcome, grade

_bait: Bait | None = None
"""What the submissions that this process grades might want to reach."""


def grade_several(chosen: Sequence[Hostile], course: Course, folder: Path, jobs: int) -> Iterator[Outcome]:
    """Grade hostile submissions, ``jobs`` at once; their outcomes in order, as they come in.

    Args:
        folder: where each process lays its bait.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, _lay_bait, (course, folder)) as pool:
        yield from pool.map(_graded, chosen)


def _lay_bait(course: Course, folder: Path) -> None:
    global _bait
    _bait = Bait(course, folder / f"home-{os.getpid()}")


def _graded(hostile: Hostile) -> Outcome:
    assert _bait is not None, "each process is given its bait when it starts"
    return grade(hostile, _bait)
