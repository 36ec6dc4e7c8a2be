"""The course's own parts of an assignment: the given cells, and what no student receives, model answer and peers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import nbformat

from autograder.course import Course
from autograder.rubric.model import Assignment
from autograder.submission.model import Cell
from autograder.submission.percent import read_parts


@dataclass(frozen=True)
class Reference:
    """What grading an assignment needs from a course folder.

    Attributes:
        given: the locked code cells of the instructor's notebook that exercises may use.
        stubs: the solution cells as they are handed out.
        answers: the model answer's cells.
        peers: source of the module with the reference peers.
    """

    given: tuple[Cell, ...]
    stubs: tuple[Cell, ...]
    answers: tuple[Cell, ...]
    peers: str

    @classmethod
    def of(cls, course: Course, assignment: Assignment) -> "Reference":
        """Read an assignment's parts from a course folder.

        Raises:
            CourseError: when one of them is missing.
        """
        notebook = nbformat.read(course.source(assignment.name), as_version=4)
        cells = [Cell(_grade_id(cell), cell.source) for cell in notebook.cells if cell.cell_type == "code"]
        solutions = course.solutions(assignment.name)
        answers = read_parts((solutions / f"{assignment.name}.py").read_text(encoding="utf-8"))
        names = {exercise.name for exercise in assignment.exercises}
        return cls(
            given=tuple(cell for cell in cells if cell.grade_id in assignment.given),
            stubs=tuple(cell for cell in cells if cell.grade_id in names),
            answers=tuple(cell for cell in answers if cell.grade_id in names),
            peers=(solutions / "peers.py").read_text(encoding="utf-8"),
        )

    def stub(self, exercise: str) -> str:
        """The source of an exercise's solution cell as it is handed out."""
        return next(cell.source for cell in self.stubs if cell.grade_id == exercise)

    def in_place_of(self, exercises: Sequence[str], cells: Sequence[Cell]) -> tuple[Cell, ...]:
        """A student's cells with the model answer of some exercises in the place of theirs."""
        answers = [replace(cell, answer=True) for cell in self.answers if cell.grade_id in exercises]
        return (*answers, *(cell for cell in cells if cell.grade_id not in exercises))


def _grade_id(cell: nbformat.NotebookNode) -> str | None:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None
