"""The course's own parts of an assignment that grading needs. The model answer is none of them."""

from dataclasses import dataclass

import nbformat

from autograder.course import Course
from autograder.rubric.model import Assignment
from autograder.submission.model import Cell
from autograder.submission.released import grade_id_of


@dataclass(frozen=True)
class Reference:
    """The parts of a course folder that grading an assignment needs.

    Attributes:
        given: the locked code cells of the instructor's notebook that exercises may use.
        stubs: the solution cells as they are handed out.
        handed_out: the sources of all other code cells of the notebook.
        peers: source of the module with the reference peers; empty for an assignment without.
    """

    given: tuple[Cell, ...]
    stubs: tuple[Cell, ...]
    handed_out: frozenset[str]
    peers: str

    @classmethod
    def of(cls, course: Course, assignment: Assignment) -> "Reference":
        """Read an assignment's parts from a course folder.

        Raises:
            CourseError: when one of them is missing.
        """
        notebook = nbformat.read(course.source(assignment.name), as_version=4)
        cells = [Cell(grade_id_of(cell) or None, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
        peers = course.peers(assignment.name)
        names = {exercise.name for exercise in assignment.exercises}
        return cls(
            given=tuple(cell for cell in cells if cell.grade_id in assignment.given),
            stubs=tuple(cell for cell in cells if cell.grade_id in names),
            handed_out=frozenset(cell.source for cell in cells if cell.grade_id not in names),
            peers=peers.read_text(encoding="utf-8") if peers.is_file() else "",
        )

    def stub(self, exercise: str) -> Cell:
        """Return an exercise's solution cell as it is handed out."""
        return next(cell for cell in self.stubs if cell.grade_id == exercise)
