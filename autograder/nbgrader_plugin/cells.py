"""Saves the cells of an assignment in the gradebook, also when the course was changed after it was handed out."""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry, Notebook
from nbgrader.preprocessors import SaveCells

from autograder.course import Course, CourseError
from autograder.nbgrader_plugin.gradebook import one_transaction
from autograder.nbgrader_plugin.ownership import claim


class SaveCourseCells(SaveCells):
    """Stands where nbgrader's ``SaveCells`` stood in ``c.GenerateAssignment.preprocessors``.

    nbgrader refuses to add or remove a cell once anything was graded. Here submissions get a place for the points of a
    new cell, and lose that of a cell that is gone, unless a person has written something there.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the cells.

        Raises:
            CourseError: when the gradebook is another course folder's, or a cell is gone for which a person gave
                points.
        """
        claim(resources["nbgrader"]["db_url"], Course.find())  # nbgrader works in the course folder
        saved: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources)
        return saved

    def _create_notebook(self, nb: NotebookNode) -> None:
        with contextlib.suppress(MissingEntry):
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
            if notebook.submissions:
                with one_transaction(self.gradebook):
                    self._follow(notebook)
        super()._create_notebook(nb)

    def _follow(self, notebook: Notebook) -> None:
        """Make the cells of a notebook with submissions those of the course as it is now."""
        book, where = self.gradebook, (self.notebook_id, self.assignment_id)
        kinds: list[tuple[Collection[Any], Mapping[str, Any], Any]] = [
            (notebook.grade_cells, self.new_grade_cells, book.update_or_create_grade_cell),
            (notebook.solution_cells, self.new_solution_cells, book.update_or_create_solution_cell),
            (notebook.task_cells, self.new_task_cells, book.update_or_create_task_cell),
            (notebook.source_cells, self.new_source_cells, book.update_or_create_source_cell),
        ]
        for there, wanted, save in kinds:
            for cell in [cell for cell in there if cell.name not in wanted]:
                self._remove(cell)
            for name, told in wanted.items():
                save(name, *where, **told)
        book.db.expire(notebook)
        for submission in notebook.submissions:
            book.db.add_all(_missing_rows(notebook, submission))

    def _remove(self, cell: Any) -> None:
        session = self.gradebook.db
        if isinstance(cell, BaseCell):
            _refuse_if_written(cell)
            for row in (*cell.grades, *cell.comments):
                session.delete(row)
        session.delete(cell)
        session.flush()


def _missing_rows(notebook: Notebook, submission: Any) -> Iterator[Grade | Comment]:
    """Yield what a submission lacks: places for points and comments."""
    graded = {row.cell_id for row in submission.grades}
    commented = {row.cell_id for row in submission.comments}
    for cell in (*notebook.grade_cells, *notebook.task_cells):
        if cell.id not in graded:
            yield Grade(cell_id=cell.id, notebook_id=submission.id)
    for cell in (*notebook.solution_cells, *notebook.task_cells):
        if cell.id not in commented:
            yield Comment(cell_id=cell.id, notebook_id=submission.id)


def _refuse_if_written(cell: BaseCell) -> None:
    """Refuse to remove what a person gave or wrote.

    Raises:
        CourseError: when somebody did.
    """
    by_person = [row for row in cell.grades if row.manual_score is not None or row.extra_credit]
    by_person += [row for row in cell.comments if row.manual_comment]
    if by_person:
        students = sorted({row.notebook.student.id for row in by_person})
        named = ", ".join(students[:5]) + (" …" if len(students) > 5 else "")
        raise CourseError(
            f"the cell {cell.name} is no longer in the notebook, or no longer worth points, but points or comments "
            f"were given there by hand ({named}). Put it back, or take them out in the Formgrader first."
        )
