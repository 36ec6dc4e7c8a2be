"""What the tests of the source notebook look at."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import assignments
from autograder.rubric.model import Assignment
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the source notebook."""
    return CHECKOUT.source(NAME).parent


@pytest.fixture(scope="session")
def notebook(folder: Path) -> NotebookNode:
    """The source notebook, as it is in the file."""
    return nbformat.read(folder / f"{NAME}.ipynb", as_version=nbformat.NO_CONVERT)


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """The assignment that grades it."""
    return assignments.load(NAME)


@pytest.fixture(scope="session")
def solution() -> str:
    """The text of the model answers."""
    return (CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def markdown(notebook: NotebookNode) -> str:
    """All text of the notebook."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
