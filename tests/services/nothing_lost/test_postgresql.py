"""A gradebook on a real PostgreSQL server, which the test starts."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from tests.services.nothing_lost.grading import grade
from tests.services.nothing_lost.test_gradebook import use
from tests.tools import needs
from tests.tools.course_folder import NAME

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that is there for these tests only and listens on no port."""
    folder = needs.database_server()
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the path of a socket has to be short
    # PostgreSQL refuses to be root's.
    user = None if os.geteuid() else pwd.getpwnam("nobody").pw_uid
    if user is not None:
        os.chown(place, user, -1)
    data = place / "data"
    try:
        said = subprocess.DEVNULL
        options = ["--auth=trust", "--username=grader", "--no-sync", "--no-locale", "-E", "UTF8"]
        command = [str(folder / "initdb"), *options, str(data)]
        subprocess.run(command, check=True, user=user, stdout=said, cwd=place)
        with subprocess.Popen(
            [str(folder / "postgres"), "-D", str(data), "-k", str(place), "-c", "listen_addresses=", "-F"],
            user=user,
            stdout=said,
            stderr=said,
            cwd=place,
        ) as process:
            wait = [str(folder / "pg_isready"), "--host", str(place), "--username", "grader", "--dbname", "postgres"]
            while subprocess.run(wait, check=False, stdout=said).returncode:
                assert process.poll() is None, "the server ended"
            yield f"postgresql+psycopg://grader@/postgres?host={place}"
            process.terminate()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def scores(db_url: str) -> dict[str, list[float | None]]:
    with Gradebook(db_url) as gradebook:
        return {
            submission.student.id: [grade.auto_score for notebook in submission.notebooks for grade in notebook.grades]
            for submission in gradebook.find_assignment(NAME).submissions
        }


def test_a_class_is_graded_into_it_and_found_there_again(server: str, course: Course) -> None:
    use(course, server)
    first = grade(course)
    assert first.status == 1, first.said
    assert "Traceback" not in first.said
    assert "gradebook:      postgresql+psycopg://grader@" in first.said
    expected = {"anna": [0, 0, 0], "bert": [0, 0, 0], "carl": [None, None, None]}
    assert scores(server) == expected
    page = course.root / "feedback" / "anna" / NAME / f"{NAME}.html"
    written = page.stat().st_mtime_ns

    again = grade(course)
    assert "in the gradebook" not in again.said, "nothing has changed"
    assert page.stat().st_mtime_ns == written
    assert scores(server) == expected

    forced = grade(course, "--force")
    assert forced.status == 1, forced.said
    assert scores(server) == expected


def test_a_server_that_is_gone_is_told_in_one_line(server: str, course: Course) -> None:
    use(course, server.replace("?host=", "?host=/nowhere"))
    done = grade(course)
    assert done.status == 2
    assert done.said.count("\n") == 1, done.said
    assert "autograder grade: the gradebook cannot be used" in done.said
    assert "its server up" in done.said
