"""The same work gets the same verdict, whatever else is in the notebook, was graded before, or is drawn."""

import copy
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from tests.corpus.failing import ASSIGNMENT, NAME, ONE_SITE, load_all, submission_of
from tests.corpus.failing.verdicts import Verdict, verdict_of
from tests.tools.course_folder import CHECKOUT

pytestmark = pytest.mark.simulator

MADE = {one.name: one for one in load_all()}


def _cell(notebook: NotebookNode, grade_id: str) -> int:
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return names.index(grade_id)


def other_answer_below(notebook: NotebookNode) -> None:
    """The third exercise has an answer that does something else."""
    notebook.cells[
        _cell(notebook, "server_handler")
    ].source = "class BroadcastingExecutor: ...\nclass P2PController: ..."


def defined_anew_below(notebook: NotebookNode) -> None:
    """What the second exercise uses is defined anew at the end of the notebook."""
    anew = "class TalkingExecutor: ...\nfrom_shareable = make_reply = None\nclass P2PExecutor: ..."
    notebook.cells.append(nbformat.v4.new_code_cell(anew))


def shown_and_told(notebook: NotebookNode) -> None:
    """Cells have outputs, and a text between them says more."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="Received message from site-0: Hello")]
    notebook.cells.insert(3, nbformat.v4.new_markdown_cell("class P2PExecutor: pass"))


CHANGES: tuple[Callable[[NotebookNode], None], ...] = (other_answer_below, defined_anew_below, shown_and_told)
EXERCISES = {"retry_ex1": "execute", "once_for_each_sender": "handle_event", "error_for_one_pair": "handle_event"}
"""Of mistakes that luck could hide, the exercise in which they are made."""


def changed(name: str, change: Callable[[NotebookNode], None]) -> NotebookNode:
    notebook = copy.deepcopy(MADE[name].notebook)
    change(notebook)
    return notebook


def graded(notebook: NotebookNode, exercise: str, results: Store | None = None) -> Verdict:
    """The verdict on one exercise. Only what a grading needs for it is run."""
    runs = results.runs if results else None
    report = grade_submission(submission_of(notebook), ASSIGNMENT, CHECKOUT, results=results, runs=runs)
    return next(verdict_of(one) for one in report.exercises if one.name == exercise)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", EXERCISES)
def test_what_an_exercise_does_not_need_changes_nothing(
    name: str, change: Callable[[NotebookNode], None], tmp_path: Path
) -> None:
    exercise, pair = EXERCISES[name], (MADE[name].notebook, changed(name, change))
    alone = [graded(notebook, exercise) for notebook in pair]
    for order in (pair, pair[::-1]):
        results = Store(tmp_path / str(order is pair), NAME)
        alone += [graded(notebook, exercise, results) for notebook in (*order, *order)]

    assert len(set(alone)) == 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ONE_SITE)
def test_a_mistake_at_one_site_is_found_whatever_is_drawn(name: str) -> None:
    """Three seeds of each; ``python -m tests.corpus.one_site`` plays as many as one likes."""
    submission = MADE[name].submission
    found = [grade_submission(submission, ASSIGNMENT, CHECKOUT, seed=seed) for seed in (1, 2, 3)]

    assert {report.points < report.max_points for report in found} == {True}
    assert len({tuple(map(verdict_of, report.exercises)) for report in found}) == 1
