"""What is read of the gradebook for all of a class at once is what is read for each student."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.grades import class_entered, class_grades, entered

_SCORES = {"anna": (1.0, None, ""), "ben": (2.5, 3.0, "Well done"), "carl": (None, 0.0, "see me")}
"""Points by rubric and by hand, and a comment."""


@pytest.fixture(autouse=True)
def commands() -> Iterator[None]:
    """Let nbgrader find the command with which it makes a gradebook."""
    with same_search_paths():
        yield


@pytest.fixture
def gradebook(tmp_path: Path) -> str:
    """The address of a gradebook with two assignments, which not everybody has handed in."""
    address = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(address) as gradebook:
        gradebook.add_student("dora")
        for assignment, students in (("talking", "anna ben carl"), ("listening", "ben")):
            gradebook.add_assignment(assignment)
            gradebook.add_notebook("book", assignment)
            gradebook.add_grade_cell("check", "book", assignment, max_score=4, cell_type="code")
            gradebook.add_solution_cell("answer", "book", assignment)
            for cell, kind in (("check", "code"), ("answer", "code")):
                gradebook.add_source_cell(cell, "book", assignment, cell_type=kind)
            for student in students.split():
                gradebook.update_or_create_student(student)
                gradebook.add_submission(assignment, student)
                grade = gradebook.find_grade("check", "book", assignment, student)
                comment = gradebook.find_comment("answer", "book", assignment, student)
                grade.auto_score, grade.manual_score, comment.manual_comment = _SCORES[student]
        gradebook.db.commit()
    return address


@pytest.mark.parametrize(("assignment", "students"), [("talking", {"anna", "ben", "carl"}), ("listening", {"ben"})])
def test_for_all_at_once_as_for_each(gradebook: str, assignment: str, students: set[str]) -> None:
    of_class = class_entered(gradebook, assignment)

    assert of_class.keys() == students
    assert {student: entered(gradebook, assignment, student) for student in students} == of_class
    assert {student: found.grade for student, found in of_class.items()} == class_grades(gradebook, assignment)
    assert len({found.mark for found in of_class.values()}) == len(students)


def test_of_whom_there_is_nothing(gradebook: str, tmp_path: Path) -> None:
    assert entered(gradebook, "talking", "dora") is None
    assert class_entered(gradebook, "unknown") == {}
    assert class_entered(f"sqlite:///{tmp_path / 'none.db'}", "talking") == {}
    assert not (tmp_path / "none.db").exists()
