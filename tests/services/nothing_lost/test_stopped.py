"""A grader that is stopped while the simulator runs: its runs end with it, and nothing is graded twice."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from tests.services.cli.test_grade import one_exercise
from tests.services.nbgrader_plugin.test_grade_in_simulator import write
from tests.services.nothing_lost.grading import scores
from tests.tools.course_folder import NAME, PATIENCE, place

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

STUDENTS = [f"student-{number}" for number in range(8)]
"""Two more than can be graded before the third stop: two are at work at any moment."""


@contextlib.contextmanager
def grader(course: Course, temporary: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--jobs", "2", "--no-feedback"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        command,
        cwd=course.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def first_one_graded(process: subprocess.Popen[str]) -> str:
    """Wait for the first line about a student, and for the next runs. Return the student."""
    assert process.stdout is not None
    told = process.stdout.readline()
    assert told.startswith("graded 1/") and "4 of 12" in told, told
    deadline = time.monotonic() + PATIENCE
    while not psutil.Process(process.pid).children():
        assert time.monotonic() < deadline, "the next runs are not on their way"
        time.sleep(0.05)
    return told.split()[2].rstrip(":")


def test_stopped_again_and_again_it_comes_to_the_end_and_leaves_nothing(course: Course, tmp_path: Path) -> None:
    for student in ("anna", "bert", "carl"):
        place(course, student).unlink()
        (course.root / "submitted" / student).rename(tmp_path / student)
    for student in STUDENTS:
        write(place(course, student), one_exercise(course, student))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    graded = set()
    for numbers, statuses in (
        ([signal.SIGTERM], {143}),
        # The second one may come when all is done and Python hears no signals any more; a shell says 130 for both.
        ([signal.SIGINT, signal.SIGINT], {130, -2}),
        ([signal.SIGKILL], {-9}),
    ):
        killed = signal.SIGKILL in numbers
        with grader(course, temporary) as process:
            graded.add(first_one_graded(process))
            children = psutil.Process(process.pid).children(recursive=True)
            for number in numbers:
                process.send_signal(number)
                time.sleep(0.02)
            assert process.stdout is not None
            rest = process.stdout.read()
            assert process.wait(PATIENCE) in statuses, rest
            assert "Traceback" not in rest
            assert ("Stopped. What was graded is kept" in rest) != killed
        _, alive = psutil.wait_procs(children, timeout=PATIENCE)
        assert not alive
        assert bool(list(temporary.iterdir())) == killed, "only a killed grader leaves its folders"
    assert len(graded) == 3, "what was graded once is not graded again"
    with grader(course, temporary) as process:
        rest, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, rest
    assert not any(f" {student}: " in rest for student in graded)
    assert scores(course) == {student: [4, 0, 0] for student in STUDENTS}
    assert not list(temporary.iterdir()), "what the killed one left is gone"
    assert not sandboxes_below(temporary)


def sandboxes_below(folder: Path) -> list[list[str]]:
    """Return the commands of the sandboxes that show anything in the folder."""
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [command for command in commands if "--bind" in command and str(folder) in " ".join(command)]
