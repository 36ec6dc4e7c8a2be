"""A copy of the course folder, to break."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import assignments
from autograder.course import Course
from autograder.release.fault import Fault
from autograder.release.scenarios import scenarios
from autograder.release.verify import faults_of
from autograder.rubric.model import Assignment
from tests.tools.course_folder import CHECKOUT
from tests.unit.release.right_scenario import PEERS

NAME = "p2p_communication"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course folder that can be changed."""
    for folder in ("source", "release", "solutions"):
        shutil.copytree(CHECKOUT.root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT.root / "nbgrader_config.py", tmp_path)
    return Course(tmp_path)


@pytest.fixture
def change(course: Course) -> Callable[[Callable[[dict[str, Any]], object]], list[Fault]]:
    """Changes the released notebook, and gives the faults that are then found in it."""

    def changed(how: Callable[[dict[str, Any]], object]) -> list[Fault]:
        path = course.release(NAME)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        how(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return faults_of(path, course, assignments.load(NAME))

    return changed


@pytest.fixture
def found(course: Course) -> Callable[[Assignment], list[Fault]]:
    """Verifies the scenarios of an assignment that has peers."""
    course.peers(NAME).write_text(PEERS, encoding="utf-8")
    return lambda assignment: scenarios(course, assignment)


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell with this ``grade_id``."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
