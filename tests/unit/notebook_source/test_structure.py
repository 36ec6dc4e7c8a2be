"""A source notebook is made as nbgrader and the autograder expect it."""

import ast
import inspect
import re
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.release.sections import headings, sections
from autograder.rubric import (
    concepts,
    hints,
    nothing_sent_diagnostics,
    receive_diagnostics,
    receiving,
    send_diagnostics,
    sending,
)
from autograder.rubric.model import Assignment

_POINTS = 4
_NUMBERS = pytest.mark.parametrize("number", [0, 1, 2])
"""Each of the three exercises that an assignment has."""
_BY_ITSELF = {concepts.LOGGING, concepts.LOG_LEVEL, concepts.LATER, concepts.AWAITED, concepts.SWALLOWED}
_NOT_TAUGHT = {
    "p2p_communication": _BY_ITSELF,
    "reliable_messaging": _BY_ITSELF | {concepts.ENDING, concepts.SAME_CODE, concepts.WORKFLOW},
    "average_consensus": _BY_ITSELF
    | {concepts.ENDING, concepts.WORKFLOW, concepts.TIMEOUT, concepts.REPLY}
    | {concepts.EVENTS, concepts.SENDER, concepts.CALLED, concepts.SHORT_HANDLER},
}
"""Ideas that are taught by the exercise that asks for them, by the first assignment, or by none."""
_STUB = "# YOUR CODE HERE\n        raise NotImplementedError()"


def _marked(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that nbgrader knows of, by their ``grade_id``."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def _flags(cell: NotebookNode) -> tuple[bool, bool, bool, bool]:
    data = cell.metadata.nbgrader
    return data.grade, data.solution, data.locked, data.task


def _methods(source: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]


def test_it_is_valid_notebook_format(notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_it_holds_nothing_of_a_machine(notebook: NotebookNode) -> None:
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata.language_info) == {"name"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"nbgrader"}, cell.id


def test_it_was_never_run(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, cell.id


def test_cell_ids_are_names_and_unique(notebook: NotebookNode) -> None:
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", cell_id) for cell_id in ids)


def test_grade_ids_are_the_cell_ids_and_unique(notebook: NotebookNode) -> None:
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.grade_id for cell in marked] == [cell.id for cell in marked]
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in marked)


def test_cells_that_the_autograder_names_are_there(notebook: NotebookNode, assignment: Assignment) -> None:
    marked = _marked(notebook)
    for name in assignment.given:
        assert marked[name].cell_type == "code"
        assert _flags(marked[name]) == (False, False, True, False), name
    for exercise in assignment.exercises:
        assert _flags(marked[exercise.name]) == (False, True, False, False), exercise.name
        assert _flags(marked[exercise.check_cell]) == (True, False, True, False), exercise.check_cell


def test_no_other_cell_is_graded_or_to_be_solved(notebook: NotebookNode, assignment: Assignment) -> None:
    marked = _marked(notebook).items()
    assert {name for name, cell in marked if cell.metadata.nbgrader.solution} == {e.name for e in assignment.exercises}
    assert {name for name, cell in marked if cell.metadata.nbgrader.grade} == {
        e.check_cell for e in assignment.exercises
    }


def test_points_are_those_of_the_rubric(notebook: NotebookNode, assignment: Assignment) -> None:
    marked = _marked(notebook)
    points = {exercise.name: marked[exercise.check_cell].metadata.nbgrader.points for exercise in assignment.exercises}
    assert list(points.values()) == 3 * [_POINTS]
    assert points == {exercise.name: exercise.max_points for exercise in assignment.exercises}


def test_cells_come_in_the_order_of_the_course(notebook: NotebookNode, assignment: Assignment) -> None:
    ids = [cell.id for cell in notebook.cells]
    expected = [assignment.given[0]]
    for exercise in assignment.exercises:
        expected += [exercise.name, f"run_{exercise.name}", exercise.check_cell]
    assert sorted(expected, key=ids.index) == expected
    assert max(map(ids.index, assignment.given)) < ids.index(assignment.exercises[-1].name)


def test_sections_to_which_hints_lead_are_headings(notebook: NotebookNode, assignment: Assignment) -> None:
    assert list(sections(notebook, assignment)) == []
    for exercise in assignment.exercises:
        assert exercise.section.startswith("Exercise ")


def test_every_idea_behind_hints_is_taught_somewhere(name: str, assignment: Assignment) -> None:
    common = {idea for idea in vars(concepts).values() if isinstance(idea, concepts.Idea)}
    taught = {idea for exercise in assignment.exercises for idea in exercise.teaches}
    assert common - taught == _NOT_TAUGHT[name]


@_NUMBERS
def test_no_hint_of_an_exercise_is_about_what_comes_below_it(
    number: int, notebook: NotebookNode, assignment: Assignment
) -> None:
    """The ideas of which its checks can speak are taught above it, whichever exercise names the section."""
    exercise, order = assignment.exercises[number], headings(notebook)
    modules = (
        nothing_sent_diagnostics,
        send_diagnostics,
        sending,
        hints,
        *((receive_diagnostics, receiving) if number else ()),
    )
    spoken_of = {
        getattr(concepts, name) for module in modules for name in re.findall(r"concepts\.([A-Z_]+)", _text(module))
    }
    for other in assignment.exercises:
        for idea in spoken_of & other.teaches.keys():
            assert order.index(other.teaches[idea]) <= order.index(exercise.section), idea


def _text(module: ModuleType) -> str:
    return inspect.getsource(module)


@_NUMBERS
def test_a_stub_is_nothing_but_a_stub(number: int, notebook: NotebookNode, assignment: Assignment) -> None:
    exercise = assignment.exercises[number]
    source = _marked(notebook)[exercise.name].source
    classes = [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert tuple(classes) == exercise.classes
    assert source.count(_STUB) == len(_methods(source)) > 0
    for method in _methods(source):
        docstring, *rest = method.body
        assert ast.get_docstring(method) and isinstance(docstring, ast.Expr), method.name
        assert [ast.unparse(node) for node in rest] == ["raise NotImplementedError()"], method.name
        assert method.returns is not None, method.name


def test_a_check_cell_ends_with_its_check(notebook: NotebookNode, assignment: Assignment) -> None:
    marked = _marked(notebook)
    for exercise in assignment.exercises:
        *comment, call = marked[exercise.check_cell].source.split("\n")
        assert comment and all(line.startswith("# ") for line in comment)
        assert call == f'course.check("{exercise.name}")'


def test_code_cells_are_python(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            compile(cell.source, cell.id, "exec")


def test_code_fits_into_a_cell_of_usual_width(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert max(map(len, cell.source.split("\n"))) <= 95, cell.id
