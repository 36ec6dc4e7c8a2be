"""Takes reports into nbgrader's gradebook, results and feedback, and knows what is there already."""

from pathlib import Path

from autograder.nbgrader_side import convert
from autograder.nbgrader_side.config import CourseApp
from autograder.nbgrader_side.gradebook import is_scored, withhold
from autograder.nbgrader_side.stamp import read_stamp, stamp
from autograder.nbgrader_side.submitted import Submitted
from autograder.report.model import Report


class ClassBook:
    """What nbgrader holds of an assignment's submissions.

    With ``force`` results and pages are made anew, whatever there is; without ``feedback`` no pages are written.
    """

    def __init__(self, app: CourseApp, assignment: str, *, force: bool, feedback: bool) -> None:
        self._app = app
        self._assignment = assignment
        self._force = force
        self._feedback = feedback

    def is_current(self, submitted: Submitted, report: Report) -> bool:
        """Whether there is nothing to do for a submission whose report is final."""
        if self._force or not self._is_graded(submitted, report):
            return False
        return not self._feedback or self._has_page(submitted.student)

    def enter(self, submitted: Submitted, report: Report) -> str:
        """Make nbgrader's result and page of a submission whose report is final. Return why it failed, or nothing."""
        graded = not self._force and self._is_graded(submitted, report)
        if not graded and (trouble := convert.autograde(self._app, self._assignment, submitted.student)):
            self.withhold(submitted)
            return trouble
        return convert.feedback(self._app, self._assignment, submitted.student) if self._feedback else ""

    def withhold(self, submitted: Submitted) -> None:
        """Give a submission no score, and remove an earlier result of the student, which would pass for it."""
        if not submitted.refused:
            convert.remove_result(self._app, self._assignment, submitted.student)
            withhold(self._app.coursedir.db_url, self._assignment, submitted.student)

    def _is_graded(self, submitted: Submitted, report: Report) -> bool:
        notebook = submitted.folder / f"{self._assignment}.ipynb"
        result = self._path(self._app.coursedir.autograded_directory, submitted.student, "ipynb")
        return read_stamp(result) == stamp(notebook, report) and is_scored(
            self._app.coursedir.db_url, self._assignment, submitted.student
        )

    def _has_page(self, student: str) -> bool:
        result = self._path(self._app.coursedir.autograded_directory, student, "ipynb")
        page = self._path(self._app.coursedir.feedback_directory, student, "html")
        return page.exists() and page.stat().st_mtime >= result.stat().st_mtime

    def _path(self, step: str, student: str, suffix: str) -> Path:
        folder = self._app.coursedir.format_path(step, student, self._assignment)
        return Path(folder, f"{self._assignment}.{suffix}")
