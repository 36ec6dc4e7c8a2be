"""What a student has, and what a student may type: the folder that is handed out, answers, mistakes."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from autograder import samples
from autograder.rubric.catalogue import TEMPLATES
from autograder.submission.percent import Part, read_parts
from tests.services.browser.jupyter import Lab, jupyter_lab
from tests.tools.course_folder import CHECKOUT, NAME, released, solved

FILLED_IN = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
"""What differs in a template of a hint from one student to another."""


def handed_out(folder: Path, name: str = NAME) -> Path:
    """A copy of what students are given of an assignment, at ``folder``."""
    return shutil.copytree(CHECKOUT.release(name).parent, folder)


@contextlib.contextmanager
def student_lab(work: Path, own: Path) -> Iterator[Lab]:
    """A JupyterLab as the wheel makes it for students, without nbgrader's panels for instructors; see `jupyter_lab`."""
    configuration = own / "config" / "labconfig" / "page_config.d"
    configuration.mkdir(parents=True)
    shutil.copy(CHECKOUT.root / "autograder" / "notebook" / "lab_panels.json", configuration)
    with jupyter_lab(work, own) as lab:
        yield lab


def answers(name: str = NAME) -> dict[str, str]:
    """The model answers of an assignment by the names of their cells."""
    return {part.replaces or "": part.source for part in _answers(name)}


def mistake(sample: str, name: str = NAME) -> dict[str, str]:
    """The cells of a sample submission that has a mistake, by their names."""
    found = samples.load(CHECKOUT.samples(name) / samples.MISTAKE / sample)
    notebook = samples.notebook(found, released(CHECKOUT, name), _answers(name))
    named = ((cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in notebook.cells)
    return {grade_id: source for grade_id, source in named if grade_id}


def hint(sample: str) -> str:
    """Return the longest piece of the hint on ``execute`` in a sample submission that is the same for everybody."""
    (found,) = (one for one in samples.load_all(CHECKOUT.samples(NAME)) if one.name == sample)
    return max(FILLED_IN.split(TEMPLATES[found.hints["execute"]]), key=len)


def solved_without_experiments() -> NotebookNode:
    """The notebook with all answers. Validate runs every cell, and the experiments would take most of its time."""
    notebook = solved(CHECKOUT)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader")]
    return notebook


def _answers(name: str) -> list[Part]:
    return read_parts((CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))
