"""Saves the scores of a submission all at once. nbgrader commits each by itself, and could be stopped in between."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_solution, is_task

from autograder.nbgrader_plugin.gradebook import one_transaction
from autograder.nbgrader_plugin.grades import check_cells, grade_of
from autograder.nbgrader_plugin.restore import RESTORED
from autograder.nbgrader_plugin.stamp import add_to_stamp
from autograder.report.change import GIVEN

SAME = "autograder_same"
"""The key of whether the same notebook was scored before, in the resources of a conversion."""


class SaveScores(SaveAutoGrades):
    """Stands where nbgrader's ``SaveAutoGrades`` stood, and saves in one transaction.

    It differs in what waits for a person. A cell that no exercise of the rubric checks has no points before a person
    gives some: nbgrader gives all of them to a check cell that nobody ran, and forgets tasks. Points that a person gave
    stand when the same notebook is graded again and comes to the same: nbgrader always asks to look once more.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the scores that the check cells show."""
        told = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = told["notebook"], told["assignment"], told["student"]
        self.gradebook = Gradebook(told["db_url"])
        self.checked = check_cells(self.assignment_id)
        with self.gradebook, one_transaction(self.gradebook):
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
                if is_task(cell):
                    self._add_score(cell, resources)
            submission = self.gradebook.find_submission(self.assignment_id, self.student_id)
            add_to_stamp(nb, GIVEN, grade_of(submission).given)
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        entry = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        before, waited = entry.auto_score, entry.needs_manual_grade
        if self._is_for_a_person(cell, name):
            entry.auto_score = None
        else:
            super()._add_score(cell, resources)
        if entry.manual_score is None and not entry.extra_credit:
            entry.needs_manual_grade = entry.auto_score is None
        else:
            entry.needs_manual_grade = waited or not resources.get(SAME) or entry.auto_score != before

    def _is_for_a_person(self, cell: NotebookNode, name: str) -> bool:
        """Return whether nbgrader's own way to a score would be wrong: 0 for an answer that is as handed out is not."""
        if is_task(cell):
            return True
        if self.checked is None or name in self.checked:
            return False
        return not is_solution(cell) or bool(cell.metadata.get(RESTORED))
