"""A grader that is killed while it writes: nothing is half done, and the next start comes to the same end."""

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.course import Course
from autograder.grading.store import FOLDER, Store
from tests.services.nothing_lost.conftest import STUDENTS
from tests.services.nothing_lost.grading import grade, scores, state
from tests.tools.course_folder import NAME

pytestmark = pytest.mark.slow

POINTS = int(os.environ.get("AUTOGRADER_CRASH_POINTS", "2"))
"""How many moments are tried, which are the same in every run; 0 for all of them."""
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree", "shutil.copyfile"}


def at_each_change(course: Course, do: Callable[[int], object]) -> None:
    """From now on call ``do`` with a running number before and after the grader changes something in its folder."""
    count = 0

    def changes() -> None:
        nonlocal count
        count += 1
        do(count)

    def hear(name: str, arguments: tuple[object, ...]) -> None:
        if name == "open":
            path, _, flags = arguments
            inside = isinstance(path, str | Path) and str(course.root) in str(Path.cwd() / path)
            if inside and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR):
                changes()
        elif name in _CHANGES:
            changes()

    sys.addaudithook(hear)
    event.listen(Engine, "commit", lambda _: changes())
    event.listen(Engine, "after_cursor_execute", lambda *_: changes())


def number_of_changes(course: Course) -> int:
    counter = course.root.parent / "changes"

    def count(number: int) -> None:
        descriptor = os.open(counter, os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, str(number).encode())
        os.close(descriptor)

    done = grade(course, first=lambda: at_each_change(course, count))
    assert done.status == 1, done.said
    return int(counter.read_text())


def kill_at(number: int, course: Course) -> Callable[[], object]:
    return lambda: at_each_change(
        course, lambda count: os.kill(os.getpid(), signal.SIGKILL) if count == number else None
    )


def test_killed_at_any_change(course: Course, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(course.root, before)
    changes = number_of_changes(course)
    assert changes > 100
    undisturbed = state(course)
    assert len(undisturbed["pages"]) == len(undisturbed["results"]) == 2
    every = range(1, changes + 1)
    points = random.Random(POINTS).sample(every, POINTS) if POINTS else every
    for point in points:
        shutil.rmtree(course.root)
        shutil.copytree(before, course.root)
        killed = grade(course, first=kill_at(point, course))
        assert killed.status == -signal.SIGKILL, (point, killed)
        told = f"killed at change {point} of {changes}"
        for student, found in scores(course).items():
            assert found in ([0, 0, 0], [None, None, None]), f"{told}: {student} is half entered: {found}"
        for path in (course.root / FOLDER / NAME).glob("*.json"):
            assert Store(course.root / FOLDER, NAME).of_student(path.stem), f"{told}: {path.name} is half written"
        again = grade(course)
        assert again.status == 1, f"{told}: {again.said}"
        assert all(f"\n{student} " in again.said for student in STUDENTS), f"{told}: {again.said}"
        assert state(course) == undisturbed, told
