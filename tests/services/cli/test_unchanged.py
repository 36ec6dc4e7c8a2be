"""A class in which nothing has changed costs little to grade again, and whatever has changed is noticed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.cli import main
from autograder.course import Course
from autograder.nbgrader_plugin import class_book, convert
from autograder.nbgrader_plugin.stamp import Mark, read_stamp
from autograder.report import json_form
from autograder.report.model import Report
from tests.services.conftest import CourseAt
from tests.services.nbgrader_plugin.test_grade_in_simulator import write
from tests.tools.course_folder import NAME, cell_of, place, released

LISTS = ("grades.csv", "grades-moodle.csv", "grades-canvas.csv", "checks.csv")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of two, graded. Both handed in what they got, which needs no simulator."""
    course = course_at(tmp_path_factory.mktemp("template") / "a course")
    for student in ("anna", "bert"):
        write(place(course, student), released(course))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        assert main(["grade", NAME]) == 0
    return course


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Steps of nbgrader's that were made, each with its student."""
    made = []

    def noted(name: str, student_of: Callable[[Any], str]) -> None:
        step = getattr(convert, name)

        def noting(app: Any, assignment: str, whose: Any, **more: Any) -> Any:
            made.append((name, student_of(whose)))
            return step(app, assignment, whose, **more)

        monkeypatch.setattr(convert, name, noting)

    noted("autograde", lambda graded: graded.submitted.student)
    noted("feedback", str)
    return made


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the gradebook is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_the_gradebook_is_asked_as_often_for_a_larger_class_and_each_result_is_read_once(
    course: Course, steps: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with statements() as of_two:
        assert main(["grade", NAME]) == 0
    assert steps == []
    for student in ("carl", "dora", "emil"):
        write(place(course, student), released(course))
    assert main(["grade", NAME]) == 0
    assert {student for _, student in steps} == {"carl", "dora", "emil"}
    steps.clear()
    stamps: list[Path] = []

    def noting(result: Path) -> Mark | None:
        stamps.append(result)
        return read_stamp(result)

    monkeypatch.setattr(class_book, "read_stamp", noting)
    with statements() as of_five:
        assert main(["grade", NAME]) == 0

    assert steps == []
    assert len(of_five) == len(of_two)
    assert sum("FROM grade " in one for one in of_five) == 1
    assert len(set(stamps)) == len(stamps) == 5


def hand_in_another(course: Course) -> None:
    notebook = released(course)
    cell_of(notebook, "execute").source += "\n# another"
    write(place(course, "anna"), notebook)


def hand_in_late(course: Course) -> None:
    place(course, "anna").with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC")


def change_the_rules(course: Course) -> None:
    (course.root / "roster").mkdir(exist_ok=True)
    (course.root / "roster" / "rules.toml").write_text(f'[assignments.{NAME}]\nextensions = {{ anna = "2 days" }}\n')


def give_points(course: Course) -> None:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_submission(NAME, "anna").notebooks[0].grades[0].manual_score = 3
        gradebook.db.commit()


def comment(course: Course) -> None:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_submission(NAME, "anna").notebooks[0].comments[0].manual_comment = "Look again."
        gradebook.db.commit()


def of_anna(course: Course, step: str) -> Path:
    return course.root / step / "anna" / NAME


def cut_off_the_page(course: Course) -> None:
    page = of_anna(course, "feedback") / f"{NAME}.html"
    page.write_bytes(page.read_bytes()[:-200])


@pytest.mark.parametrize(
    ("change", "made_again"),
    [
        (hand_in_another, ["autograde", "feedback"]),
        (hand_in_late, ["autograde", "feedback"]),
        (give_points, ["autograde", "feedback"]),
        (lambda course: shutil.rmtree(of_anna(course, "autograded")), ["autograde", "feedback"]),
        (lambda course: shutil.rmtree(of_anna(course, "feedback")), ["feedback"]),
        (cut_off_the_page, ["feedback"]),
        (comment, ["feedback"]),
    ],
)
def test_what_has_changed_of_one_is_made_again_for_that_one(
    course: Course, steps: list[tuple[str, str]], change: Callable[[Course], None], made_again: list[str]
) -> None:
    change(course)
    main(["grade", NAME])
    assert steps == [(step, "anna") for step in made_again]
    steps.clear()
    main(["grade", NAME])
    assert steps == []


def change_the_course(course: Course) -> None:
    source = course.source(NAME)
    source.write_bytes(source.read_bytes() + b"\n")


def change_what_a_report_says(_course: Course) -> None:
    """As another version of the course does whose judging is the same."""
    json_form._properties_of.cache_clear()
    json_form._DERIVED[Report] = ("max_points", "points")


@pytest.mark.parametrize("change", [change_the_course, change_the_rules, change_what_a_report_says])
def test_what_has_changed_for_all_is_noticed_for_all(
    course: Course,
    steps: list[tuple[str, str]],
    change: Callable[[Course], None],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setitem(json_form._DERIVED, Report, json_form._DERIVED[Report])
    request.addfinalizer(json_form._properties_of.cache_clear)
    change(course)
    assert main(["grade", NAME]) == 0
    assert steps == [(step, student) for student in ("anna", "bert") for step in ("autograde", "feedback")]


def test_a_report_and_lists_that_somebody_has_edited_are_as_before(course: Course) -> None:
    paths = [course.root / name for name in LISTS]
    paths.append(course.root / "reports" / NAME / "anna.json")
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.write_bytes(path.read_bytes() + b" ")
    assert main(["grade", NAME]) == 0
    for path, had in zip(paths, before, strict=True):
        if path.name != "grades-moodle.csv":  # which has the time of the export
            assert path.read_bytes() == had, path
        assert not path.read_bytes().endswith(b" ")


def test_the_lists_show_what_the_same_grading_has_entered(course: Course) -> None:
    give_points(course)
    write(place(course, "carl"), released(course))
    main(["grade", NAME])
    for name in LISTS[:3]:
        assert "carl" in (course.root / name).read_text(encoding="utf-8"), name
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_submission(NAME, "bert").notebooks[0].grades[0].manual_score = 2
        gradebook.db.commit()
    before = (course.root / "grades.csv").read_text(encoding="utf-8")
    assert main(["grade", NAME, "--student", "carl"]) == 0
    assert (course.root / "grades.csv").read_text(encoding="utf-8") != before
