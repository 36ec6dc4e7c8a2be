"""nbgrader's Validate passes and fails the same cells, with the same messages."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import SCHEMA_VERSION

from tests.tools.course_folder import PATIENCE
from tests.unit.notebook.cells import IMPORT, SILENT, parts

pytestmark = pytest.mark.slow
GIVEN, EXECUTE, *_ = parts().values()


def validated(folder: Path, *sources: str) -> str:
    """What ``nbgrader validate`` prints for a notebook whose last cell is a check cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    check = nbformat.v4.new_code_cell('course.check("execute")')
    check.metadata["nbgrader"] = {
        "schema_version": SCHEMA_VERSION,
        "grade": True,
        "solution": False,
        "locked": False,
        "task": False,
        "grade_id": "test_execute",
        "points": 4,
        "cell_type": "code",
    }
    notebook.cells.append(check)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "hand_in.ipynb")
    # Others may keep the machine busy, and a cell has 30 seconds otherwise.
    command = [sys.executable, "-m", "nbgrader", "validate", f"--Execute.timeout={PATIENCE}", "hand_in.ipynb"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout


def test_a_right_answer_passes(tmp_path: Path) -> None:
    assert "Success! Your notebook passes all the tests." in validated(tmp_path, IMPORT, GIVEN, EXECUTE)


def test_a_wrong_answer_fails_with_its_rubric(tmp_path: Path) -> None:
    printed = validated(tmp_path, IMPORT, GIVEN, SILENT)
    assert "VALIDATION FAILED ON 1 CELL(S)!" in printed
    assert "✗ not yet    0 of 1 point: " in printed
    assert "hint" in printed
    assert "Total: 0 of 4 points" in printed
    assert "Traceback" not in printed
    assert "..." not in printed
    assert [path.name for path in tmp_path.glob("*.*")] == ["hand_in.ipynb"], "to validate is no attempt that is kept"


def test_a_missing_class_fails_with_the_message(tmp_path: Path) -> None:
    printed = validated(tmp_path, IMPORT, GIVEN)
    assert "TalkingExecutor is not defined yet" in printed
    assert "Traceback" not in printed
