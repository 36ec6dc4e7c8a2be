"""Takes reports into nbgrader's gradebook, results and feedback, and knows what is there already."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.nbgrader_plugin import convert
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.gradebook import withhold
from autograder.nbgrader_plugin.graded import GradedSubmission
from autograder.nbgrader_plugin.grades import Entered, class_entered, entered
from autograder.nbgrader_plugin.shown_grade import shows
from autograder.nbgrader_plugin.stamp import Mark, read_stamp
from autograder.nbgrader_plugin.submitted import Submitted
from autograder.nbgrader_plugin.trouble import GradebookTrouble, gradebook_errors
from autograder.report.change import GIVEN, SUBMITTED, Standing

_MOST_FAILURES = 3
"""Failures of the gradebook, one after the other, after which it is not tried again: each can take seconds."""
_END_OF_PAGE = b"</html>"


@dataclass(frozen=True)
class Held:
    """The entry and the result of a student's submission, as they were when they were looked up.

    Attributes:
        entry: that in the gradebook; None when it knows of none.
        stamp: from which files and which report nbgrader's result was made; None when there is no result.
    """

    entry: Entered | None = None
    stamp: Mark | None = None

    @property
    def standing(self) -> Standing:
        """Return it as far as it tells a change of the grade."""
        return Standing(self.entry.grade if self.entry else None, self.stamp)


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
        """Return what the gradebook has now, by student, of all submissions: to ask once costs less than for each."""
        return class_entered(self._app.coursedir.db_url, self._assignment)

    def held(self, students: Iterable[str], entries: Mapping[str, Entered]) -> dict[str, Held]:
        """Return what there is of these students' submissions: their entries, and the stamps of their results."""
        return {student: Held(entries.get(student), self._stamp(student)) for student in students}

    def is_current(self, graded: GradedSubmission, held: Held) -> bool:
        """Return whether nothing is to be done for a submission with a final report, by what there was of it."""
        if held.entry is None or not self._has_result(graded, held):
            return False
        return not self._feedback or self._has_page(graded.submitted.student, held.entry)

    def enter(self, graded: GradedSubmission) -> str:
        """Make what is missing of nbgrader's result and page of a submission whose report is final.

        Return why it failed, or nothing.
        """
        held = self._held_by(graded.submitted.student)
        if self.is_current(graded, held):
            return ""
        with self._gradebook():
            if not self._has_result(graded, held) and (trouble := self._autograde(graded)):
                self._withhold(graded.submitted)
                return trouble
            return convert.feedback(self._app, self._assignment, graded.submitted.student) if self._feedback else ""

    def _held_by(self, student: str) -> Held:
        """Return what there is of a student's submission now: `held` was before anything was graded and entered."""
        if self._force:
            return Held()  # whatever there is, it is made anew
        failures = self._failures
        with self._gradebook():
            found = entered(self._app.coursedir.db_url, self._assignment, student)
        self._failures = failures  # that it can be read says nothing of whether it can be written
        return Held(found, self._stamp(student))

    def withhold(self, submitted: Submitted) -> None:
        """Give a submission no score, and remove an earlier result of the student, which would pass for it."""
        with self._gradebook():
            self._withhold(submitted)

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

    def _has_result(self, graded: GradedSubmission, held: Held) -> bool:
        """Return whether what there is comes from this very submission and report.

        When points were given by hand since then, it does not: a penalty for being late may depend on them.
        """
        if self._force or held.entry is None:
            return False
        grade = held.entry.grade
        return grade.has_result and held.stamp == {**graded.stamp, GIVEN: grade.given}

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
