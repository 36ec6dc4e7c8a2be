"""The autograders that ``package`` writes grade for real, where services let them: in a container without a sandbox."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.course import Course
from autograder.submission.percent import put_parts, read_parts
from tests.simulator.package import container
from tests.tools.course_folder import CHECKOUT, NAME, make_course, released, solved
from tests.unit.package.schemas import check

pytestmark = [pytest.mark.simulator, pytest.mark.slow]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(tmp_path_factory.mktemp("course") / "a course")


@pytest.fixture(scope="module")
def packaged(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both autograders, and an environment as their set-up makes it."""
    folder = tmp_path_factory.mktemp("packaged")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        for service in ("gradescope", "prairielearn"):
            assert main(["package", NAME, "--for", service, "--to", str(folder)]) == 0
    container.environment_with(folder / f"{NAME}-gradescope", folder / "venv")
    return folder


def one_client_left_out(course: Course) -> Any:
    """An answer to the first exercise that greets only the next site. The others are untouched."""
    sample = CHECKOUT.samples(NAME) / "mistakes" / "execute_one_target_missing" / "submission.py"
    return put_parts(released(course), read_parts(sample.read_text(encoding="utf-8")))


def graded_on_gradescope(packaged: Path, notebook: Any, root: Path) -> tuple[dict[str, Any], str]:
    """What Gradescope reads, which lays everything out below ``/autograder``, and what was printed."""
    with zipfile.ZipFile(packaged / f"{NAME}-gradescope.zip") as archive:
        archive.extractall(root / "source")
        assert all(archive.getinfo(name).external_attr >> 16 & 0o111 for name in ("setup.sh", "run_autograder"))
    shutil.copy(packaged / f"{NAME}-gradescope" / "run_autograder", root)
    hand_in(notebook, root / "submission")
    shown = {root: "/autograder", packaged / "venv": "/venv"}
    done = container.run(["/autograder/run_autograder"], shown, {"AUTOGRADER_PYTHON": "/venv/bin/python"})
    return read("gradescope", root, done)


def graded_on_prairielearn(packaged: Path, notebook: Any, root: Path) -> tuple[dict[str, Any], str]:
    """What PrairieLearn reads, which lays everything out below ``/grade``, and what was printed."""
    hand_in(notebook, root / "student")
    image = packaged / f"{NAME}-prairielearn" / "image"
    shown = {root: "/grade", image: "/grader", packaged / "venv": "/venv"}
    done = container.run(["/grader/run_grader"], shown, {"GRADER_PYTHON": "/venv/bin/python"})
    return read("prairielearn", root, done)


def hand_in(notebook: Any, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def read(service: str, root: Path, done: subprocess.CompletedProcess[str]) -> tuple[dict[str, Any], str]:
    results = root / "results" / "results.json"
    assert done.returncode == 0 and results.is_file(), done.stdout + done.stderr
    result = json.loads(results.read_text(encoding="ascii"))
    check(service, result)
    return result, done.stdout


def test_gradescope_gives_a_right_answer_full_marks(course: Course, packaged: Path, tmp_path: Path) -> None:
    result, printed = graded_on_gradescope(packaged, solved(course), tmp_path)
    assert result["score"] == 12, printed
    assert {one["status"] for one in result["tests"] if "status" in one} == {"passed"}
    assert "no sandbox but the container of Gradescope" in result["output"]


def test_gradescope_tells_what_is_wrong(course: Course, packaged: Path, tmp_path: Path) -> None:
    result, printed = graded_on_gradescope(packaged, one_client_left_out(course), tmp_path)
    assert result["score"] == 2, printed
    head, *rest = result["tests"]
    assert head["name"] == "Send: ✗ not yet, 2 of 4 points"
    assert "leave out site-2" in head["output"]
    assert any('src="data:image/svg+xml;base64,' in one["output"] for one in rest)
    assert "not passed" in printed


def test_prairielearn_tells_what_is_wrong(course: Course, packaged: Path, tmp_path: Path) -> None:
    result, printed = graded_on_prairielearn(packaged, one_client_left_out(course), tmp_path)
    assert result["score"] == pytest.approx(2 / 12), printed
    head, *rest = result["tests"]
    assert head["name"] == "1 Send: ✗ not yet, 2 of 4 points"
    assert "leave out site-2" in " ".join(head["message"].split())
    assert any(one.get("images") for one in rest)
    assert "no sandbox but the container of PrairieLearn" in " ".join(result["message"].split())
