"""Equal keys mean equal gradings."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import autograder
from autograder import assignments
from autograder.course import Course
from autograder.grading import cache_key
from autograder.grading.cache_key import _JUDGING, _WORDS_IN_REPORTS, content_key, exercise_key, scenario_key
from autograder.grading.own_scenario import of_student, scenarios_of_check
from autograder.grading.student_part import StudentPart
from autograder.simulator.limits import Limits
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part
from autograder.submission.model import Cell, Problem, Submission
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
SETTINGS = RunSettings(Isolation.SANDBOX)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for part in ("source", "solutions"):
        shutil.copytree(CHECKOUT.root / part, tmp_path / part)
    return Course(tmp_path)


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(CHECKOUT.source(NAME), as_version=4)


def key(notebook: nbformat.NotebookNode, course: Course) -> str:
    return content_key(from_notebook(notebook, ASSIGNMENT), ASSIGNMENT, course, SETTINGS)


def cell_of(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def test_it_does_not_depend_on_where_the_course_is_nor_on_what_does_not_count(
    course: Course, notebook: nbformat.NotebookNode
) -> None:
    before = key(notebook, CHECKOUT)
    assert len(before) == 64
    assert key(notebook, course) == before
    notebook.metadata["anything"] = "else"
    notebook.cells[0].source = "Kilroy was here"
    cell_of(notebook, "execute").outputs = [nbformat.v4.new_output("stream", text="hello")]
    assert key(notebook, course) == before


def test_it_depends_on_every_cell_that_counts(course: Course, notebook: nbformat.NotebookNode) -> None:
    before = key(notebook, course)
    cell_of(notebook, "handle_event").source += "\n# a remark"
    assert key(notebook, course) != before


def test_it_depends_on_cells_that_a_student_adds(course: Course, notebook: nbformat.NotebookNode) -> None:
    before = key(notebook, course)
    notebook.cells.append(nbformat.v4.new_code_cell("LIMIT = 3"))
    assert key(notebook, course) != before


def test_it_depends_on_what_keeps_a_submission_from_being_graded(course: Course) -> None:
    troubles = [(), *((Problem.fatal("file.not_json", file=name, error="a mess"),) for name in ("a", "b"))]
    keys = {content_key(Submission((), problems), ASSIGNMENT, course, SETTINGS) for problems in troubles}
    assert len(keys) == len(troubles)


@pytest.mark.parametrize("other", [RunSettings(Isolation.NONE), RunSettings(Isolation.SANDBOX, Limits(cpu=3))])
def test_it_depends_on_how_runs_are_isolated_and_what_they_may_use(
    course: Course, notebook: nbformat.NotebookNode, other: RunSettings
) -> None:
    submission = from_notebook(notebook, ASSIGNMENT)
    student = StudentPart.of(submission.cells, ASSIGNMENT.exercises[0].classes)
    keys = {content_key(submission, ASSIGNMENT, course, one) for one in (SETTINGS, other)}
    keys |= {exercise_key(ASSIGNMENT.exercises[0], student, "rubric", one) for one in (SETTINGS, other)}
    assert len(keys) == 4


def test_it_does_not_depend_on_remarks(course: Course) -> None:
    remarked = Submission((), (Problem.note("cells.tags", tags=("a",)),))
    assert content_key(Submission(()), ASSIGNMENT, course, SETTINGS) == content_key(
        remarked, ASSIGNMENT, course, SETTINGS
    )


@pytest.mark.parametrize("part", [f"source/{NAME}/{NAME}.ipynb", f"solutions/{NAME}/peers.py"])
def test_it_depends_on_the_courses_own_parts(course: Course, notebook: nbformat.NotebookNode, part: str) -> None:
    before = key(notebook, course)
    with (course.root / part).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert key(notebook, course) != before


def test_it_does_not_depend_on_the_model_answer(course: Course, notebook: nbformat.NotebookNode) -> None:
    before = key(notebook, course)
    with (course.root / f"solutions/{NAME}/{NAME}.py").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert key(notebook, course) == before


def test_text_that_is_no_valid_unicode_has_a_key(course: Course, notebook: nbformat.NotebookNode) -> None:
    cell_of(notebook, "execute").source = "name = '\ud800'"
    assert len(key(notebook, course)) == 64


def test_every_part_that_judging_imports_is_part_of_it() -> None:
    package = Path(autograder.__file__).parent
    texts = [path.read_text() for part in _JUDGING for path in (package / part).rglob("*.py")]
    found = re.findall(r"^from autograder(?:\.(\w+)| import (\w+))", "\n".join(texts), re.M)
    plain = {"atomic_file", "course", "report"}  # where things are, how they are written, and how they are shown

    assert {part or module for part, module in found} - plain == set(_JUDGING)


def test_whatever_of_the_report_has_a_hand_in_judging_is_part_of_it() -> None:
    """Words that are written while judging are kept with the report, so the module that writes them counts."""
    package = Path(autograder.__file__).parent
    judging = [path for part in _JUDGING for path in (package / part).rglob("*.py")]
    used = {
        name
        for path in judging
        for name in re.findall(r"^from autograder\.report\.(\w+) import", path.read_text(), re.M)
    }
    plain = {"model"}  # what a report consists of; the report's schema tells its versions apart

    assert {f"report/{name}.py" for name in used - plain} == set(_WORDS_IN_REPORTS)


def test_how_an_own_cell_begins_is_part_of_an_exercise_since_hints_name_it() -> None:
    def key_of(*sources: str) -> str:
        student = StudentPart.of([Cell(None, source) for source in sources], ["Mine"])
        return exercise_key(ASSIGNMENT.exercises[0], student, "rubric", SETTINGS)

    one = key_of("# first\nclass Mine: pass")
    assert one == key_of("# first\nclass Mine: pass")
    assert one != key_of("# another\nclass Mine: pass")


def test_a_kept_run_depends_on_the_code_of_the_courses_own_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    (scenario,) = scenarios_of_check(ASSIGNMENT.exercises[0], of_student, 1)
    before = scenario_key(scenario, SETTINGS)

    digest = cache_key._digest
    monkeypatch.setattr(cache_key, "_digest", lambda path: "changed" if path.stem == "conducting" else digest(path))

    assert scenario_key(scenario, SETTINGS) != before


def test_a_run_with_a_part_that_is_not_there_has_a_key() -> None:
    (scenario,) = scenarios_of_check(ASSIGNMENT.exercises[0], of_student, 1)
    missing = replace(scenario, controller=Part("autograder.simulator.parties.conductin", "TaskGiver"))

    assert scenario_key(missing, SETTINGS) != scenario_key(scenario, SETTINGS)
