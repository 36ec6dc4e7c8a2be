"""Submissions on which grading once went wrong, each with its right value: right ones, wrong ones and cheats.

``<kind>/<name>.py`` is in percent format: the cells that differ from a right submission. The first line says what it
shows. A cell that says "the untouched stub" stays as it was handed out. In ``hints/`` the first line is the name of a
check, and the code that its hint must have.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import assignments
from autograder.rubric.model import Assignment
from autograder.submission.model import Submission
from autograder.submission.percent import Part, put_parts, read_parts
from autograder.submission.read import from_notebook
from autograder.submission.released import released_cells
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
KINDS = ("right", "wrong", "cheats")
ONE_SITE = (
    "error_for_one_pair",
    "error_result_at_site1",
    "no_handler_at_site2",
    "none_at_site1",
    "other_sender_of_one",
    "other_text_at_site0",
    "registers_at_some_sites",
    "text_made_up_for_one_sender",
    "to_itself_at_site2",
    "twice_at_site1",
    "wrong_at_site2",
)
"""Those of the wrong ones that are wrong at a single site, or between two."""

_UNTOUCHED = "# the untouched stub"
_ADDED_TO_A_GIVEN_CELL = {"imports_cell_edited": ("imports", "import time")}


@dataclass(frozen=True)
class Failing:
    """One of these submissions.

    Attributes:
        about: its first line.
    """

    kind: str
    name: str
    about: str
    notebook: NotebookNode

    @property
    def submission(self) -> Submission:
        """As grading reads it."""
        return submission_of(self.notebook)


def load_all() -> list[Failing]:
    """All of them, by kind and name."""
    return [one for kind in KINDS for one in load_kind(kind)]


def load_kind(kind: str) -> list[Failing]:
    """Those of one kind, by name."""
    return [_load(path) for path in sorted((Path(__file__).parent / kind).glob("*.py"))]


def submission_of(notebook: NotebookNode, assignment: Assignment = ASSIGNMENT) -> Submission:
    """A notebook as grading reads it."""
    return from_notebook(json.loads(nbformat.writes(notebook)), assignment, released_cells(CHECKOUT, assignment.name))


def _load(path: Path) -> Failing:
    text = path.read_text(encoding="utf-8")
    parts = read_parts(text)
    untouched = {part.replaces for part in parts if part.source.strip() == _UNTOUCHED}
    own = [part for part in parts if part.replaces not in untouched]
    given = untouched | {part.replaces for part in own}
    notebook = put_parts(release(), [part for part in answers() if part.replaces not in given])
    notebook = put_parts(notebook, own)
    if path.stem in _ADDED_TO_A_GIVEN_CELL:
        grade_id, line = _ADDED_TO_A_GIVEN_CELL[path.stem]
        cell = next(one for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
        cell.source = f"{cell.source}\n{line}"
    return Failing(path.parent.name, path.stem, text.split("\n", 1)[0].removeprefix("# "), notebook)


@cache
def release() -> NotebookNode:
    """The notebook as it is handed out."""
    return nbformat.read(CHECKOUT.release(NAME), as_version=4)


@cache
def answers() -> list[Part]:
    """The parts of the model answer."""
    return read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))
