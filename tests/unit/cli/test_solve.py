"""The command ``solve``: a notebook with a solution in it, and every reason to refuse."""

import ast
from pathlib import Path

import nbformat
import pytest

from autograder.cli import main
from autograder.course import Course
from tests.tools.course_folder import NAME, cell_of
from tests.unit.release.conftest import course as course  # a copy of the course folder, to change


@pytest.fixture(autouse=True)
def in_the_course_folder(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["solve", NAME, *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_the_model_answer_takes_the_place_of_the_stubs(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", NAME, "-o", "solved.ipynb"]) == 0
    assert "solved.ipynb holds the model answer" in capsys.readouterr().out

    solved = nbformat.read(course.root / "solved.ipynb", as_version=4)
    nbformat.validate(solved)
    released = nbformat.read(course.release(NAME), as_version=4)
    changed = [
        old.metadata.nbgrader.grade_id for old, new in zip(released.cells, solved.cells, strict=True) if old != new
    ]
    assert changed == ["execute", "handle_event", "server_handler"]
    assert "NotImplementedError" not in cell_of(solved, "execute").source
    assert ast.parse(cell_of(solved, "server_handler").source)


def test_it_goes_to_standard_output_and_is_always_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", NAME]) == 0
    first = capsys.readouterr().out
    assert main(["solve", NAME]) == 0

    assert capsys.readouterr().out == first
    assert nbformat.reads(first, as_version=4).cells


def test_a_solution_of_somebody_with_a_cell_of_its_own(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "mine.py").write_text("# %% before execute\nx = 1\n# %% [execute]\ny = 2\n", encoding="utf-8")

    assert main(["solve", NAME, "--parts", "mine.py"]) == 0
    cells = nbformat.reads(capsys.readouterr().out, as_version=4).cells
    place = next(index for index, cell in enumerate(cells) if cell.source == "y = 2")
    assert cells[place - 1].source == "x = 1"


def test_methods_are_put_into_the_model_answer(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "mine.py").write_text("# %% in TalkingExecutor\ndef execute(self): return 7\n", encoding="utf-8")

    assert main(["solve", NAME, "--parts", "mine.py"]) == 0
    cells = nbformat.reads(capsys.readouterr().out, as_version=4)
    assert "def execute(self): return 7" in cell_of(cells, "execute").source
    assert "NotImplementedError" not in cell_of(cells, "execute").source
    assert "NotImplementedError" in cell_of(cells, "handle_event").source


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (b"# %% [exekute]\nx = 1\n", "no cell with the grade_id 'exekute'"),
        (b"# %% execute\nx = 1\n", "the marker '# %% execute' is none of"),
        (b"x = 1\n", "has no parts"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
    ],
)
def test_a_file_that_is_no_solution(
    course: Course, capsys: pytest.CaptureFixture[str], parts: bytes, said: str
) -> None:
    (course.root / "mine.py").write_bytes(parts)

    error = refused(capsys, "--parts", "mine.py")
    assert said in error
    assert "mine.py" in error


def test_a_solution_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert "mine.py cannot be read: No such file" in refused(capsys, "--parts", "mine.py")


@pytest.mark.parametrize("place", [f"release/{NAME}/{NAME}.ipynb", f"source/{NAME}/solved.ipynb"])
def test_no_solution_gets_among_what_students_get(
    course: Course, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    before = course.release(NAME).read_bytes()

    assert "where no solution may be" in refused(capsys, "-o", place)
    assert course.release(NAME).read_bytes() == before


def test_an_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No such file or directory: nowhere/solved.ipynb. Mend that" in refused(capsys, "-o", "nowhere/solved.ipynb")


def test_a_release_that_is_no_notebook(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.release(NAME).write_text("<<<<<<< HEAD", encoding="utf-8")
    assert "is not a notebook" in refused(capsys)

    course.release(NAME).unlink()
    assert "does not exist" in refused(capsys)
