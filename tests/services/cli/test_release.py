"""The commands ``release`` and ``verify``, with the real nbgrader."""

import json
import stat

import pytest

from autograder.cli import main
from autograder.course import Course
from autograder.nbgrader_plugin.gradebook import checksums
from tests.tools.course_folder import CHECKOUT, NAME
from tests.unit.release.conftest import course as course  # a copy of the course folder, to change

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def in_the_course_folder(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root)


def files(course: Course) -> dict[str, tuple[bytes, bool]]:
    """Everything that a version control system would see of a release."""
    folder = course.root / "release" / NAME
    return {
        str(path.relative_to(folder)): (path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_same_release_every_time(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "release" / NAME / "left-over.txt").write_text("x", encoding="utf-8")

    for arguments in (["release"], ["release", NAME]):
        assert main(arguments) == 0
        assert f"{course.root / 'release' / NAME} is what students get." in capsys.readouterr().out
        assert files(course) == files(CHECKOUT)
    assert checksums(f"sqlite:///{course.root / 'gradebook.db'}", NAME).keys() >= {"execute", "test_execute"}
    assert not list(course.root.glob(".release-*"))
    assert main(["verify", NAME]) == 0
    assert capsys.readouterr().out == f"{NAME}: the release is in order\n"


def test_a_source_that_cannot_be_generated_from_leaves_the_release_alone(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(course)
    path = course.source(NAME)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]
    graded[1]["metadata"]["nbgrader"]["grade_id"] = graded[0]["metadata"]["nbgrader"]["grade_id"]
    path.write_text(json.dumps(notebook), encoding="utf-8")

    assert main(["release", NAME]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"autograder release: nbgrader cannot generate the release of {NAME}: ")
    assert "Duplicate grade id: intro" in said
    assert said.count("\n") == 1
    assert files(course) == before
    assert not list(course.root.glob(".release-*"))


def test_faults_are_told_with_what_to_do(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    path = course.release(NAME)
    path.write_text(path.read_text(encoding="utf-8").replace("raise NotImplementedError()", "pass"), encoding="utf-8")

    assert main(["verify", NAME]) == 1
    said = capsys.readouterr().out
    assert f"release/{NAME}/{NAME}.ipynb\n    The source generates something else" in said
    assert "then commit release/." in said
    assert "cell execute\n    TalkingExecutor.execute is no stub" in said
    assert said.rstrip().endswith("faults")


def test_a_release_that_is_not_there(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.release(NAME).unlink()

    assert main(["verify", NAME]) == 1
    assert f"python -m autograder release {NAME}" in capsys.readouterr().out
