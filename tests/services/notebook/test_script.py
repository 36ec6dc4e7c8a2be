"""The exported script: complete, independent of this package, and never in the way of the student's own files."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import assignments
from autograder.grading.own_scenario import of_student, own_scenario
from autograder.notebook.script import script, write_script
from autograder.notebook.user_errors import NotReady
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.scenario import Part
from autograder.submission.model import Cell
from tests.tools.course_folder import PATIENCE
from tests.unit.notebook.cells import IMPORT, parts

CELLS = [Cell(None, source) for source in (IMPORT, *parts().values())]
ASSIGNMENT = assignments.load("p2p_communication")
SCENARIO = own_scenario(ASSIGNMENT, "BroadcastingExecutor", "P2PController", of_student)


def test_it_needs_nothing_of_this_package(tmp_path: Path) -> None:
    path = tmp_path / "p2p_job.py"
    write_script(path, CELLS, SCENARIO)
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    assert "autograder" not in text
    assert "job.to_server(P2PController())" in text
    assert 'for site in ("site-0", "site-1", "site-2"):' in text
    assert "job.to(BroadcastingExecutor(), site)" in text
    assert "class TalkingExecutor(Executor):" in text
    assert "\n\n\nfrom " not in text


def test_it_holds_the_sites_the_kinds_and_the_arguments_of_the_scenario(tmp_path: Path) -> None:
    kinds = {f"node-{n}": Part("submission", "Node", arguments={"value": n / 2}) for n in range(3)}
    scenario = replace(SCENARIO, executors={"hub": Part("submission", "Hub"), **kinds, "node-3": kinds["node-0"]})
    text = script(tmp_path / "p2p_job.py", CELLS, scenario)
    compile(text, "p2p_job.py", "exec")
    assert "min_clients=5" in text
    assert "threads=5" in text
    assert (
        "hub runs Hub, 2 sites run Node, node-1 runs Node, node-2 runs Node and the server runs P2PController" in text
    )
    assert 'job.to(Node(value=0.5), "node-1")' in text
    assert 'for site in ("node-0", "node-3"):\n        job.to(Node(value=0.0), site)' in text


def test_it_says_that_it_has_no_faults(tmp_path: Path) -> None:
    faulty = replace(SCENARIO, faults=FaultPlan((Fault(FaultKind.DROP),)))
    assert "NVFlare alone does nothing of that" not in script(tmp_path / "p2p_job.py", CELLS, SCENARIO)
    assert "NVFlare alone does nothing of that" in script(tmp_path / "p2p_job.py", CELLS, faulty)


def test_a_part_of_the_course_s_own_cannot_be_written(tmp_path: Path) -> None:
    conducted = replace(SCENARIO, controller=Part("autograder.simulator.parties.conducting", "TaskGiver"))
    with pytest.raises(NotReady, match="server runs TaskGiver of the course's own package"):
        script(tmp_path / "p2p_job.py", CELLS, conducted)


def test_it_holds_what_the_cells_do_and_nothing_that_only_shows(tmp_path: Path) -> None:
    shown = "names = []\nfor i in range(3):\n    names.append(i)\nnames\nprint(names)\ndisplay(names)\n%time x = 1\n!ls"
    cells = [*CELLS, Cell(None, shown), Cell(None, "no python"), Cell(None, "course.check('execute')")]
    text = script(tmp_path / "p2p_job.py", cells, SCENARIO)
    assert "    names.append(i)" in text
    assert not any(word in text for word in ("print(", "display(", "course.", "get_ipython", "no python"))
    compile(text, "p2p_job.py", "exec")


def test_imports_of_the_future_stay_first(tmp_path: Path) -> None:
    cells = [Cell(None, "from __future__ import annotations"), *CELLS]
    compile(script(tmp_path / "p2p_job.py", cells, SCENARIO), "p2p_job.py", "exec")


def test_a_script_of_its_own_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "p2p_job.py"
    write_script(path, CELLS, SCENARIO)
    write_script(path, CELLS[:3], own_scenario(ASSIGNMENT, "TalkingExecutor", "SimpleController", of_student))
    assert "P2PController" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.py", "was not written by export_script"),
        ("link.py", "was not written by export_script"),
        ("binary.py", "was not written by export_script"),
        ("job.txt", "ending .py"),
        ("p2p job.py", "cannot be used"),
        ("class.py", "cannot be used"),
        ("json.py", "would hide the module json"),
        ("nvflare.py", "would hide the module nvflare"),
        ("missing/job.py", "There is no folder"),
    ],
)
def test_where_it_cannot_be_written_it_says_why(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "mine.py").write_text("print('mine')\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "other.py")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe")
    with pytest.raises(NotReady, match=message):
        write_script(tmp_path / name, CELLS, SCENARIO)
    assert (tmp_path / "mine.py").read_text() == "print('mine')\n"
    assert not (tmp_path / "other.py").exists()


def test_classes_that_use_the_course_itself_are_refused(tmp_path: Path) -> None:
    cells = [*CELLS, Cell(None, "class A(TalkingExecutor):\n    def __init__(self):\n        course.run(A)")]
    with pytest.raises(NotReady, match="Your classes use course of the course's own package"):
        script(tmp_path / "p2p_job.py", cells, own_scenario(ASSIGNMENT, "A", "SimpleController", of_student))


@pytest.mark.simulator
def test_it_runs_with_nvflare_alone(tmp_path: Path) -> None:
    write_script(tmp_path / "p2p_job.py", CELLS, SCENARIO)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "p2p_job.py"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert "Received message from site-" in done.stdout
    assert {path.name for path in (tmp_path / "p2p_job_workspace").iterdir()} >= {
        "server",
        "site-0",
        "site-1",
        "site-2",
    }
