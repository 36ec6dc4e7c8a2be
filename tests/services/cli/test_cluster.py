"""``grade --cluster``: a real Dask scheduler with two worker processes, one of which is killed at work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.grading.store import FOLDER, Store
from tests.services.cli.test_grade import one_exercise
from tests.services.conftest import CourseAt
from tests.services.nbgrader_plugin.test_grade_in_simulator import write
from tests.tools.course_folder import NAME, PATIENCE, place

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

STUDENTS = [f"student-{number}" for number in range(5)]


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        yield cluster


def workers(cluster: LocalCluster) -> list[psutil.Process]:
    return [psutil.Process(nanny.pid) for nanny in cluster.workers.values()]


def test_a_worker_that_is_killed_at_work_costs_nobody_anything(
    cluster: LocalCluster, course_at: CourseAt, tmp_path: Path
) -> None:
    course = course_at(tmp_path / "course")
    for student in STUDENTS:
        write(place(course, student), one_exercise(course, student))
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        NAME,
        "--no-feedback",
        "--cluster",
        cluster.scheduler_address,
    ]
    with subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as grading:
        assert grading.stderr is not None
        assert grading.stderr.readline().startswith("graded 1/5")
        while not (busy := {one: below for one in workers(cluster) if (below := one.children(recursive=True))}):
            time.sleep(0.05)  # until one of them is at work on the next one
        at_work, below = busy.popitem()
        os.kill(at_work.pid, signal.SIGKILL)
        table, told = grading.communicate(timeout=PATIENCE)
    assert grading.returncode == 0, told + table
    assert "graded 5/5" in told
    assert psutil.wait_procs(below, timeout=PATIENCE)[1] == [], "its runs end with it"
    assert [line.split()[:5] for line in table.splitlines() if line.startswith("student-")] == [
        [student, "4/4", "0/4", "0/4", "4/12"] for student in STUDENTS
    ]
    assert_entered_once(course)


def assert_entered_once(course: Course) -> None:
    """Each student has one report and one row of scores, from a run in the sandbox."""
    for student in STUDENTS:
        report = Store(course.root / FOLDER, NAME).of_student(student)
        assert report is not None and report.isolation.startswith("sandbox")
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        found = gradebook.find_assignment(NAME).submissions
        assert sorted(submission.student.id for submission in found) == STUDENTS
        assert [submission.score for submission in found] == [4.0] * len(STUDENTS)
        grades = [len(notebook.grades) for submission in found for notebook in submission.notebooks]
        assert grades == [3] * len(STUDENTS)
