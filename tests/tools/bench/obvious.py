"""What an instructor would do without this project: check cells that run the simulator, executed by nbgrader."""

import sys
from pathlib import Path

import nbformat

from autograder import assignments
from autograder.course import Course
from autograder.grading.own_scenario import of_student, own_scenario
from autograder.notebook.script import script
from autograder.submission.model import Cell
from tests.tools.bench.classes import Graded, timed
from tests.tools.course_folder import NAME, cell_of, place, solved
from tests.unit.notebook.cells import IMPORT, parts

CLASSES = {
    "execute": ("TalkingExecutor", "SimpleController"),
    "handle_event": ("P2PExecutor", "SimpleController"),
    "server_handler": ("BroadcastingExecutor", "P2PController"),
}
_CONFIGURATION = """\
c = get_config()
c.CourseDirectory.course_id = "obvious"
c.ExecutePreprocessor.timeout = 300
"""
_CHECK = """\
import pathlib, subprocess, sys
pathlib.Path({file!r}).write_text({text!r})
done = subprocess.run([sys.executable, {file!r}], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(done.stdout.count("Received"))
"""


def grade(course: Course, folder: Path, size: int) -> Graded:
    """Autograde right answers with nbgrader's ``Execute``: one ``simulator_run`` for each exercise, in sequence."""
    (folder / "source" / NAME).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(_CONFIGURATION)
    notebook = _with_simulator_in_checks(nbformat.read(course.source(NAME), as_version=4))  # type: ignore[no-untyped-call]
    nbformat.write(notebook, folder / "source" / NAME / f"{NAME}.ipynb")  # type: ignore[no-untyped-call]
    timed(_nbgrader("generate_assignment"), folder)
    answer = _with_simulator_in_checks(solved(course))
    for number in range(size):
        nbformat.write(answer, place(Course(folder), f"student-{number}"))  # type: ignore[no-untyped-call]
    return Graded(size, *timed(_nbgrader("autograde"), folder))


def _with_simulator_in_checks(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with nothing to execute but the classes' exercises, each by a program of its own."""
    kept = {f"test_{name}" for name in CLASSES} | set(CLASSES)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in kept]
    for name in CLASSES:
        cell_of(notebook, name).source = "pass"
        cell_of(notebook, f"test_{name}").source = _CHECK.format(file=f"{name}_job.py", text=program(name))
    return notebook


def program(exercise: str) -> str:
    """A plain NVFlare program that runs an exercise's model answer in the simulator."""
    cells = [Cell(None, source) for source in (IMPORT, *parts().values())]
    scenario = own_scenario(assignments.load(NAME), *CLASSES[exercise], of_student)
    return script(Path(f"{exercise}_job.py"), cells, scenario)


def _nbgrader(command: str) -> list[str]:
    return [sys.executable, "-m", "nbgrader", command, NAME]
