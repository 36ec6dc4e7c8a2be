"""Course folders with classes to grade, and grading them as an instructor does."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from autograder import samples
from autograder.course import Course
from autograder.submission.percent import read_parts
from tests.tools.course_folder import CHECKOUT, NAME, cell_of, make_course, place, released, solved


@dataclass(frozen=True)
class Graded:
    """What grading a class took.

    Attributes:
        seconds: wall time of the command.
        memory: bytes of the grader's own process at most.
    """

    submissions: int
    seconds: float
    memory: int

    @property
    def a_minute(self) -> float:
        """Submissions graded in a minute."""
        return 60 * self.submissions / self.seconds


def mixed_class(folder: Path, name: str, every: int) -> Course:
    """A course folder in which every so-many-th of the sample submissions was handed in, right ones and mistakes."""
    course = make_course(folder, name)
    release = released(course, name)
    answers = read_parts((course.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))
    for sample in samples.load_all(CHECKOUT.samples(name))[::every]:
        notebook = samples.notebook(sample, release, answers)
        nbformat.write(notebook, place(course, sample.name, name))
    return course


def right_class(folder: Path, size: int) -> Course:
    """A course folder in which as many handed in a right answer, none of them with the same text."""
    course = make_course(folder)
    for number in range(size):
        notebook = solved(course)
        for name in ("execute", "handle_event", "server_handler"):
            cell = cell_of(notebook, name)
            cell.source = re.sub(r"^(class .*:\n)", rf"\1    remark = {number}\n", cell.source, count=1, flags=re.M)
        nbformat.write(notebook, place(course, f"student-{number:03}"))
    return course


def grade(course: Course, *arguments: str, name: str = NAME) -> Graded:
    """Grade the class with ``autograder grade``.

    Raises:
        RuntimeError: when the command says that something went wrong.
    """
    command = [sys.executable, "-m", "autograder", "grade", name, *arguments]
    size = len(list((course.root / "submitted").iterdir()))
    return Graded(size, *timed(command, course.root))


def timed(command: Sequence[str], folder: Path) -> tuple[float, int]:
    """Run a command. Return its wall time in seconds, and the memory of its own process at most, in bytes.

    Raises:
        RuntimeError: when it does not end well.
    """
    most = 0
    # nbgrader calls alembic, which is beside the interpreter.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    began = time.monotonic()
    with (folder / ".bench.log").open("w+b") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, "PATH": path})
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(0.05)
        seconds = time.monotonic() - began
        if process.returncode:
            log.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{log.read().decode()}")
    return seconds, most


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def of_tree(measure: Callable[[psutil.Process], float]) -> list[float]:
    """A measure of each process below this one that can be asked."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error, OSError):
            found.append(measure(process))
    return found
