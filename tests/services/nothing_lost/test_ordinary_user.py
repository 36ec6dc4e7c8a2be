"""Folders that an ordinary user may not read or change, and Ctrl-C: every command says what is wrong and loses nothing.

Commands are carried out by somebody who is not root, whoever runs the tests.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.course import Course
from tests.services.nothing_lost.conftest import GRADABLE
from tests.services.nothing_lost.grading import grade
from tests.tools.course_folder import NAME, PATIENCE, place, solved
from tests.tools.ordinary_user import as_ordinary_user

pytestmark = pytest.mark.slow

NOT_EVEN_TO_READ, ONLY_TO_READ = 0o000, 0o500


@pytest.fixture
def deny(course: Course) -> Iterator[Callable[[str, int], None]]:
    """Changes the permissions of a part of the course folder, until the test is over."""
    denied: list[Path] = []

    def change(part: str, mode: int) -> None:
        path = course.root / part
        path.chmod(mode)
        denied.append(path)

    yield change
    for path in denied:
        path.chmod(0o700)


def command(*arguments: str) -> list[str]:
    return as_ordinary_user(sys.executable, "-m", "autograder", *arguments)


def said_by(course: Course, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(command(*arguments), cwd=course.root, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return done.returncode, said


@pytest.mark.parametrize(
    ("arguments", "part", "mode"),
    [
        (["release", NAME], "release", ONLY_TO_READ),
        (["verify", NAME], "source", NOT_EVEN_TO_READ),
        (["report", NAME], "class-report", ONLY_TO_READ),
        (["new", "swarm"], ".", ONLY_TO_READ),
    ],
)
def test_one_line_says_where_and_what_to_do(
    course: Course, deny: Callable[[str, int], None], arguments: list[str], part: str, mode: int
) -> None:
    grade(course)
    (course.root / "class-report").mkdir()
    before = course.release(NAME).read_bytes()
    deny(part, mode)
    status, said = said_by(course, *arguments)
    assert status == 2
    assert said.count("\n") == 1, said
    assert f"autograder {arguments[0]}: Permission denied: {course.root.resolve()}" in said
    assert "Make it and its folder yours to read and write" in said
    deny(part, 0o700)
    assert course.release(NAME).read_bytes() == before


def test_feedback_pages_that_may_not_be_read_are_left_out_of_the_class_page(
    course: Course, deny: Callable[[str, int], None]
) -> None:
    grade(course)
    deny("feedback", NOT_EVEN_TO_READ)
    status, said = said_by(course, "report", NAME)
    assert status == 0, said
    assert "3 submissions, 2 judged" in said


@pytest.mark.parametrize("part", [f"feedback/bert/{NAME}/{NAME}.html", f"feedback/bert/{NAME}"])
def test_a_page_that_may_not_be_read_is_one_students_line(
    course: Course, deny: Callable[[str, int], None], part: str
) -> None:
    grade(course)
    deny(part, NOT_EVEN_TO_READ)
    status, said = said_by(course, "feedback", NAME, "--for", "moodle")
    assert status == 2  # nobody here was collected from Moodle
    assert "bert: the feedback page cannot be read" in said and "anna: not collected" in said


def test_a_submission_that_may_not_be_read_is_in_the_table_and_the_others_are_graded(
    course: Course, deny: Callable[[str, int], None]
) -> None:
    deny("submitted/bert", NOT_EVEN_TO_READ)
    status, said = said_by(course, "grade", NAME, "--unsandboxed", "--no-feedback")  # nothing is run of these
    assert status == 1
    lines = {line.split()[0]: line for line in said.splitlines() if line.startswith((*GRADABLE, "carl"))}
    assert "0/12" in lines["anna"]
    assert "cannot be graded" in lines["bert"] and "Check the folder and its permissions" in lines["bert"]


@pytest.mark.simulator
def test_ctrl_c_ends_a_grading_with_all_that_it_started(course: Course, tmp_path: Path) -> None:
    nbformat.write(solved(course), place(course, "dora"))
    runs = tmp_path / "runs"
    runs.mkdir()
    # Where no sandbox can be made for an ordinary user, such as in a container, the simulator runs without one.
    process = subprocess.Popen(
        command("grade", NAME, "--unsandboxed", "--no-feedback"),
        cwd=course.root,
        env={**os.environ, "TMPDIR": str(runs)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not (started := psutil.Process(process.pid).children(recursive=True)):
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()[0]
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "Stopped. What was graded is kept" in said
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(started, timeout=PATIENCE)
    assert not alive
    assert not list(runs.iterdir())
