"""Takes reports into nbgrader's gradebook, results and feedback, and knows what is there already."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.nbgrader_plugin import convert
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.gradebook import withhold
from autograder.nbgrader_plugin.graded import GradedSubmission
from autograder.nbgrader_plugin.grades import Entered, class_entered, class_grades, entered
from autograder.nbgrader_plugin.shown_grade import shows
from autograder.nbgrader_plugin.stamp import Mark, read_stamp
from autograder.nbgrader_plugin.submitted import Submitted
from autograder.nbgrader_plugin.trouble import GradebookTrouble, gradebook_errors
from autograder.report.change import GIVEN, SUBMITTED, Standing

_MOST_FAILURES = 3
"""Failures of the gradebook, one after the other, after which it is not tried again: each can take seconds."""
_END_OF_PAGE = b"</html>"


class ClassBook:
    """The part of nbgrader's gradebook about an assignment's submissions.

    With ``force`` results and pages are made anew, whatever there is; without ``feedback`` no pages are written.

    All methods raise `GradebookTrouble` when the gradebook cannot be read or written, and ``OSError`` when a file of
    a result cannot be.
    """

    def __init__(self, app: CourseApp, assignment: str, *, force: bool, feedback: bool) -> None:
        self._app = app
        self._assignment = assignment
        self._force = force
        self._feedback = feedback
        self._failures = 0

    def entries(self) -> dict[str, Entered]:
        """Return what the gradebook has of every student's submission: to ask once costs less than to ask for each."""
        return class_entered(self._app.coursedir.db_url, self._assignment)

    def is_current(self, graded: GradedSubmission, entries: Mapping[str, Entered] | None = None) -> bool:
        """Return whether nothing is to be done for a submission with a final report.

        Args:
            entries: what the gradebook had a moment ago; it is asked when None.
        """
        if self._force:
            return False
        student = graded.submitted.student
        found = self._asked(student) if entries is None else entries.get(student)
        if found is None or not self._is_of(graded, found):
            return False
        return not self._feedback or self._has_page(student, found)

    def _asked(self, student: str) -> Entered | None:
        failures = self._failures
        with self._gradebook():
            found = self._entry_of(student)
        self._failures = failures  # that it can be read says nothing of whether it can be written
        return found

    def enter(self, graded: GradedSubmission) -> str:
        """Make nbgrader's result and page of a submission whose report is final. Return why it failed, or nothing."""
        with self._gradebook():
            if not self._has(graded) and (trouble := self._autograde(graded)):
                self._withhold(graded.submitted)
                return trouble
            return convert.feedback(self._app, self._assignment, graded.submitted.student) if self._feedback else ""

    def withhold(self, submitted: Submitted) -> None:
        """Give a submission no score, and remove an earlier result of the student, which would pass for it."""
        with self._gradebook():
            self._withhold(submitted)

    def standing(self, students: Iterable[str]) -> dict[str, Standing]:
        """Return what there is of these students' submissions."""
        grades = class_grades(self._app.coursedir.db_url, self._assignment)
        return {student: Standing(grades.get(student), self._stamp(student)) for student in students}

    @contextmanager
    def _gradebook(self) -> Iterator[None]:
        """Tell trouble with the gradebook from all other, and give up when it does not end."""
        db_url = self._app.coursedir.db_url
        if self._failures >= _MOST_FAILURES:
            raise GradebookTrouble(f"not tried, since the gradebook failed {self._failures} times before; see there.")
        try:
            with gradebook_errors(db_url):
                yield
        except GradebookTrouble:
            self._failures += 1
            raise
        self._failures = 0

    def _autograde(self, graded: GradedSubmission) -> str:
        try:
            same = (self._stamp(graded.submitted.student) or {}).get(SUBMITTED) == graded.stamp.get(SUBMITTED)
            return convert.autograde(self._app, self._assignment, graded, same=same)
        except Exception:
            # The page of an earlier submission would pass for the page of this one.
            convert.remove_result(self._app, self._assignment, graded.submitted.student)
            raise

    def _withhold(self, submitted: Submitted) -> None:
        if not submitted.refused:
            convert.remove_result(self._app, self._assignment, submitted.student)
            withhold(self._app.coursedir.db_url, self._assignment, submitted.student)

    def _has(self, graded: GradedSubmission) -> bool:
        if self._force:
            return False
        found = self._entry_of(graded.submitted.student)
        return found is not None and self._is_of(graded, found)

    def _entry_of(self, student: str) -> Entered | None:
        return entered(self._app.coursedir.db_url, self._assignment, student)

    def _is_of(self, graded: GradedSubmission, found: Entered) -> bool:
        """Return whether what the gradebook has comes from this very submission and report.

        When points were given by hand since then, it does not: a penalty for being late may depend on them.
        """
        stamp = self._stamp(graded.submitted.student)
        return found.grade.has_result and stamp == {**graded.stamp, GIVEN: found.grade.given}

    def _stamp(self, student: str) -> Mark | None:
        return read_stamp(self._path(self._app.coursedir.autograded_directory, student, "ipynb"))

    def _has_page(self, student: str, found: Entered) -> bool:
        result = self._path(self._app.coursedir.autograded_directory, student, "ipynb")
        page = self._path(self._app.coursedir.feedback_directory, student, "html")
        try:
            newer = page.stat().st_mtime >= result.stat().st_mtime
            return newer and shows(page, found.mark) and is_whole(page)
        except FileNotFoundError:
            return False

    def _path(self, step: str, student: str, suffix: str) -> Path:
        folder = self._app.coursedir.format_path(step, student, self._assignment)
        return Path(folder, f"{self._assignment}.{suffix}")


def is_whole(page: Path) -> bool:
    """Return whether a page was written to its end, and not by a process that was killed."""
    with page.open("rb") as file:
        file.seek(max(0, page.stat().st_size - 100))
        return file.read().rstrip().endswith(_END_OF_PAGE)
