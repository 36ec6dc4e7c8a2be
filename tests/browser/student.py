"""What a student has, and what a student may type: the folder that is handed out, answers, mistakes."""

import shutil
from pathlib import Path

from nbformat import NotebookNode

from autograder import samples
from autograder.submission.percent import read_parts
from tests.course_folder import CHECKOUT, NAME, solved


def handed_out(folder: Path) -> Path:
    """A copy of what students are given, at ``folder``."""
    return shutil.copytree(CHECKOUT.release(NAME).parent, folder)


def answers() -> dict[str, str]:
    """The model answers by the names of their cells."""
    return _parts(CHECKOUT.solutions(NAME) / f"{NAME}.py")


def mistake(sample: str) -> dict[str, str]:
    """The cells of a sample submission that has a mistake."""
    return _parts(CHECKOUT.samples(NAME) / "mistakes" / sample / "submission.py")


def hint(sample: str) -> str:
    """What the hint for the exercise ``execute`` says of a sample submission that has a mistake."""
    (found,) = (one for one in samples.load_all(CHECKOUT.samples(NAME)) if one.name == sample)
    return found.hints["execute"]


def solved_without_experiments() -> NotebookNode:
    """The notebook with all answers. Validate runs every cell, and the experiments would take most of its time."""
    notebook = solved(CHECKOUT)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader")]
    return notebook


def _parts(path: Path) -> dict[str, str]:
    return {part.grade_id or "": part.source for part in read_parts(path.read_text(encoding="utf-8"))}
