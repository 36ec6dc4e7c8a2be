"""Saves the scores of a submission all at once. nbgrader commits each by itself, and could be stopped in between."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades


class SaveScores(SaveAutoGrades):
    """Stands where nbgrader's ``SaveAutoGrades`` stood, and does the same in one transaction."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Save the scores that the check cells show."""
        told = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = told["notebook"], told["assignment"], told["student"]
        self.gradebook = Gradebook(told["db_url"])
        with self.gradebook:
            session = self.gradebook.db
            commit, session.commit = session.commit, session.flush
            for index, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, index)
            commit()
        return nb, resources
