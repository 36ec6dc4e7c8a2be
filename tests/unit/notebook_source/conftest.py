"""What the tests of the source notebooks look at: each of them is made for every assignment of the course."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import assignments
from autograder.rubric.model import Assignment
from tests.tools.course_folder import CHECKOUT


@pytest.fixture(scope="session", params=assignments.LADDER)
def name(request: pytest.FixtureRequest) -> str:
    """The assignment's name."""
    return str(request.param)


@pytest.fixture(scope="session")
def folder(name: str) -> Path:
    """The folder of the source notebook."""
    return CHECKOUT.source(name).parent


@pytest.fixture(scope="session")
def notebook(name: str, folder: Path) -> NotebookNode:
    """The source notebook, as it is in the file."""
    return nbformat.read(folder / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


@pytest.fixture(scope="session")
def assignment(name: str) -> Assignment:
    """The assignment that grades it."""
    return assignments.load(name)


@pytest.fixture(scope="session")
def solution(name: str) -> str:
    """The text of the model answers."""
    return (CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def markdown(notebook: NotebookNode) -> str:
    """All text of the notebook."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
