"""What nbgrader reads from the outputs that are written."""

from dataclasses import replace

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from autograder.grading.grade import problems_of
from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.nbgrader_plugin.outputs import check_outputs
from autograder.nbgrader_plugin.preprocessor import write_outputs
from autograder.package.entries import summary
from autograder.report.model import CheckResult, ExerciseReport, Report, Verdict
from autograder.submission.model import UNREADABLE, Cell, Problem, Submission

EVIL = '<script>alert("boo")</script>'


def report(*points: float) -> ExerciseReport:
    checks = tuple(
        CheckResult(f"check_{number}", EVIL, earned, 4.0, Verdict.NOT_PASSED, EVIL, EVIL, EVIL)
        for number, earned in enumerate(points)
    )
    return ExerciseReport("execute", EVIL, "test_execute", Verdict.NOT_PASSED, checks, notes=(EVIL,))


def graded_cell(exercise: ExerciseReport, max_points: float = 4.0, remarks: tuple[str, ...] = ()) -> NotebookNode:
    cell = new_code_cell("course.check()")
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": max_points, "grade_id": "test_execute"}
    cell.outputs = check_outputs(exercise, max_points, remarks)
    return cell


@pytest.mark.parametrize("points", [0.0, 0.5, 1 / 3, 2.5, 4.0])
def test_nbgrader_reads_the_points(points: float) -> None:
    assert determine_grade(graded_cell(report(points))) == (points, 4.0)


def test_never_more_than_the_cell_is_worth_which_would_void_the_submission() -> None:
    assert determine_grade(graded_cell(report(3.0, 3.0))) == (4.0, 4.0)


def test_points_that_are_no_number_are_refused_since_nbgrader_would_give_full_marks() -> None:
    with pytest.raises(ValueError, match="nan points"):
        graded_cell(report(float("nan")))


def test_a_problem_that_a_hint_is_about_is_no_remark_besides() -> None:
    """Which words either has does not matter, and an unreadable cell that no hint names is told."""
    cells = (Cell("execute", "class A(:\n    pass"), Cell("handle_event", "class B:\n    x = = 1"))
    told = {"message": "invalid syntax", "python": "3.11", "text": "?"}
    read = Submission(
        cells,
        tuple(Problem.note(UNREADABLE, c.grade_id, n, **told) for n, c in enumerate(cells, 1)),
    )
    with pytest.raises(NoSuchClass) as absent:
        StudentPart.of(cells, ("A",))
    hint = absent.value.hint
    check = replace(report(0.0).checks[0], code=hint.code, places=hint.places)
    whole = Report("a", "key", Verdict.NOT_PASSED, (replace(report(0.0), checks=(check,)),), problems_of(read))
    notebook = new_notebook(cells=[graded_cell(report(0.0))])
    write_outputs(notebook, whole)
    left = read.problems[1].message
    assert notebook.cells[0].outputs[0].data["text/plain"] == f"About this notebook:\n{left}"
    assert ("note", left) in summary(whole)
    assert not any("execute" in said for _, said in summary(whole))


def test_remarks_come_first() -> None:
    first = graded_cell(report(1.0), remarks=("The check cell was deleted.", EVIL)).outputs[0]
    assert "The check cell was deleted." in first.data["text/plain"]
    assert "The check cell was deleted." in first.data["text/html"]


def test_nothing_that_a_student_wrote_becomes_html() -> None:
    pages = [output.data["text/html"] for output in graded_cell(report(1.0), remarks=(EVIL,)).outputs[:-1]]
    assert pages
    for page in pages:
        assert "<script" not in page
        assert "&lt;script" in page
