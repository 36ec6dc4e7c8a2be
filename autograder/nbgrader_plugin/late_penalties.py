"""Due dates, extensions and late penalties as ``roster/rules.toml`` has them, in nbgrader's gradebook."""

from datetime import timedelta
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties

from autograder.nbgrader_plugin.preprocessor import GRADED
from autograder.roster.terms import Terms


class LatePenalties(AssignLatePenalties):
    """Stands where nbgrader's ``AssignLatePenalties`` stood, and brings the rules into the gradebook first.

    What the rules do not speak of, the gradebook decides.
    """

    terms = Terms()

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Assign the penalty of a submission that `autograder.nbgrader_plugin.preprocessor` has graded."""
        told = resources["nbgrader"]
        self.terms = resources[GRADED].read.terms
        if self.terms.decided:
            _enter(self.terms, told["db_url"], told["assignment"], told["student"])
        done: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources)
        return done


def _enter(terms: Terms, db_url: str, assignment: str, student: str) -> None:
    with Gradebook(db_url) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        if terms.due:
            submission.assignment.duedate = terms.due
        due = submission.assignment.duedate
        submission.extension = (terms.extended_by(due) if due else None) or None
        gradebook.db.commit()


class PenaltyByRules(BasePlugin):
    """Has to be ``c.AssignLatePenalties.plugin_class`` for the penalties of ``roster/rules.toml``."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to take off a score."""
        preprocessor: Any = self.parent
        penalty: float = preprocessor.terms.rule.penalty(score, timedelta(seconds=total_seconds_late))
        return penalty
