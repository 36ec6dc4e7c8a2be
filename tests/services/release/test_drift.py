"""The committed release is what the source generates; with the real nbgrader."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import Course
from autograder.release.drift import drift
from autograder.release.generate import generate_in
from tests.tools.course_folder import CHECKOUT
from tests.unit.release.conftest import NAME

pytestmark = pytest.mark.slow


def test_the_committed_release_is_what_the_source_generates() -> None:
    assert list(drift(CHECKOUT, NAME)) == []


def test_a_changed_release_is_told_with_the_lines_that_differ(course: Course) -> None:
    path = course.release(NAME)
    path.write_text(path.read_text(encoding="utf-8").replace("Peer-to-peer", "Peer-to-beer", 1), encoding="utf-8")
    (path.parent / "notes.txt").write_text("x", encoding="utf-8")
    (path.parent / "requirements.txt").unlink()

    faults = {fault.where.removeprefix(f"release/{NAME}/"): fault for fault in drift(course, NAME)}
    assert {where: fault.code for where, fault in faults.items()} == {
        f"{NAME}.ipynb": "drift.differs",
        "notes.txt": "drift.not_generated",
        "requirements.txt": "drift.missing",
    }
    assert "Peer-to-beer" in str(faults[f"{NAME}.ipynb"].data["lines"])


def test_plain_nbgrader_generates_the_same_bytes(course: Course) -> None:
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"]
    subprocess.run(command, cwd=course.root, env=_not_activated(), check=True, capture_output=True)

    assert course.release(NAME).read_bytes() == CHECKOUT.release(NAME).read_bytes()


def test_what_an_editor_leaves_in_the_source_changes_no_byte(course: Course) -> None:
    path = course.source(NAME)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"display_name": "anna's", "name": "anna"}
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.13.1"}
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["execution_count"] = 3
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (path.parent / ".ipynb_checkpoints").mkdir()
    (path.parent / ".ipynb_checkpoints" / path.name).write_text("{}", encoding="utf-8")
    (path.parent / f"{NAME}-attempts.jsonl").write_text("{}\n", encoding="utf-8")

    assert list(drift(course, NAME)) == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("option", ["--CourseDirectory.root=../..", "--NbGrader.config_file=../../nbgrader_config"])
def test_plain_nbgrader_from_a_folder_below(course: Course, option: str) -> None:
    before = course.release(NAME).read_bytes()
    below = course.root / "source" / NAME
    shutil.rmtree(course.root / "release")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, option]
    done = subprocess.run(command, cwd=below, env=_not_activated(), check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert course.release(NAME).read_bytes() == before
    assert not (below / "gradebook.db").exists()


def test_verifying_leaves_the_course_folder_alone(course: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = sorted(path.relative_to(course.root) for path in course.root.rglob("*"))
    generate_in(course, NAME, tmp_path_factory.mktemp("elsewhere"))

    assert sorted(path.relative_to(course.root) for path in course.root.rglob("*")) == before


def _not_activated() -> dict[str, str]:
    """The variables of a shell in which no environment was activated: nbgrader calls the command alembic."""
    return {**os.environ, "PATH": os.defpath}
