"""A machine that allows too little is not the student's fault, and the operator is told what is wrong."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import assignments
from autograder.grading.store import FOLDER, Store
from autograder.report.model import Verdict
from autograder.simulator.parties.process_limits import TooLittleAllowed, check
from tests.services.cli.test_grade import one_exercise
from tests.services.conftest import CourseAt
from tests.services.nbgrader_plugin.test_grade_in_simulator import write
from tests.tools import needs
from tests.tools.course_folder import NAME, PATIENCE, place

ASSIGNMENT = assignments.load(NAME)
MIB = 1 << 20


@pytest.mark.simulator
@pytest.mark.slow
@needs.SANDBOX
def test_a_right_answer_where_processes_may_have_too_little_memory_is_infrastructure_with_the_reason(
    course_at: CourseAt, tmp_path: Path
) -> None:
    course = course_at(tmp_path / "course")
    write(place(course, "anna"), one_exercise(course))

    def little_memory() -> None:  # as prlimit --data does
        resource.setrlimit(resource.RLIMIT_DATA, (700 * MIB, 700 * MIB))

    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", NAME, "--no-feedback", "--jobs", "1"],
        cwd=course.root,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=little_memory,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    report = Store(course.root / FOLDER, NAME).of_student("anna")
    assert report is not None and report.verdict is Verdict.INFRASTRUCTURE, done.stderr
    assert done.returncode == 1
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("anna")]
    assert "infrastructure" in row and f"a process may have {700 * MIB} of RLIMIT_DATA here" in row
    told = [check.seen for check in report.exercises[0].checks]
    assert all("RLIMIT_DATA" in one and "ulimit -Ha" in one for one in told)
    assert all(check.code == "run.broken" for check in report.exercises[0].checks)


def test_only_what_is_less_than_needed_is_too_little() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    check({"RLIMIT_CORE": 0, "RLIMIT_NOFILE": 1})
    if hard == resource.RLIM_INFINITY:
        check({"RLIMIT_CORE": 1 << 60})
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with pytest.raises(TooLittleAllowed, match=f"may have {files} of RLIMIT_NOFILE here, and a run needs {files + 1}"):
        check({"RLIMIT_NOFILE": files + 1})
