"""The hostile submissions that end quickly, graded for real. ``make hostile`` grades all of them."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grading.store import Store
from tests.corpus.hostile import Hostile, load_all
from tests.corpus.hostile.runner import Bait, grade
from tests.services.conftest import CourseAt
from tests.tools import needs
from tests.tools.course_folder import NAME

pytestmark = [
    pytest.mark.simulator,
    needs.SANDBOX,
]
FAST = [hostile for hostile in load_all() if hostile.fast]


@pytest.fixture(scope="session")
def bait(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Bait:
    folder = tmp_path_factory.mktemp("hostile")
    return Bait(course_at(folder / "course"), folder / "home")


@pytest.mark.sampled(9)
@pytest.mark.parametrize("hostile", FAST, ids=lambda hostile: hostile.name)
def test_it_gains_nothing_and_leaves_nothing(hostile: Hostile, bait: Bait, results: dict[str, Store]) -> None:
    assert grade(hostile, bait, results[NAME]).wrong == ()


@pytest.mark.sampled(0)  # every night the command grades all of them
def test_the_command_grades_several_at_once_beside_other_work_and_says_what_came_of_it() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.corpus.hostile",
        "forged_by_logger",
        "course_files",
        "--jobs",
        "2",
        "--busy",
        "1",
    ]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "2 hostile submissions, 0 not as expected, 0 processes left." in done.stdout
    assert "The model answer after all of them: 12 of 12." in done.stdout


def test_there_is_something_to_reach_for(bait: Bait) -> None:
    before = bait.state()
    (bait.home / "grades.csv").write_text("student,points\nmallory,12\n")
    (bait.home / "new").touch()

    assert [Path(path).name for path in bait.changes(before)] == ["grades.csv", "new"]


def test_a_visitor_is_noticed(bait: Bait) -> None:
    with bait.listening():
        assert bait.visitors() == 0
        addresses = bait.addresses()
        for address in addresses:
            socket.create_connection(address).close()
        assert bait.visitors() == len(addresses) > 0
