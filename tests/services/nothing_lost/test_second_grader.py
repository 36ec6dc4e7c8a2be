"""Two gradings of one course folder do not go on at the same time."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli.lock import only_grading
from autograder.course import Course, CourseError

HOLDER = """
import sys
from pathlib import Path
from autograder.cli.lock import only_grading
from autograder.course import Course
with only_grading(Course(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_one_says_which_process_is_at_work(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        told = f"another grading is at work .*process {first.pid}.* Then give this"
        with pytest.raises(CourseError, match=told), only_grading(Course(tmp_path)):
            pytest.fail("two at a time")
        first.send_signal(signal.SIGKILL)
        first.wait()
        with only_grading(Course(tmp_path)):
            assert (tmp_path / "reports" / ".grading").read_text() == str(os.getpid())


def test_after_a_grading_the_next_one_can_begin(tmp_path: Path) -> None:
    for _ in range(2):
        with only_grading(Course(tmp_path)):
            pass
