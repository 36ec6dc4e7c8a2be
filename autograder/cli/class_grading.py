"""Grading the class of a course folder: what the commands ``grade`` and ``demo`` have in common."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.cli.display import display
from autograder.course import Course
from autograder.grading.kept import new_report, with_problems
from autograder.grading.key import content_key
from autograder.grading.many import grade_many
from autograder.grading.store import FOLDER, FreshStore, Store, is_final
from autograder.nbgrader_side import convert
from autograder.nbgrader_side.class_book import ClassBook
from autograder.nbgrader_side.config import CourseApp
from autograder.nbgrader_side.submitted import Submitted, bad_timestamp, submissions, what_is_no_file
from autograder.report import table
from autograder.report.model import Report, Verdict
from autograder.report.table import Row
from autograder.rubric.model import Assignment
from autograder.simulator.run import Watcher
from autograder.simulator.sandbox import Isolation
from autograder.submission.model import Problem, Severity, Submission
from autograder.submission.read import read_submission

CHECKS_CSV = "checks.csv"


@dataclass(frozen=True)
class ClassResult:
    """What grading a class came to.

    Attributes:
        rows: one for each submission that was asked for.
        places: what lies where, for the instructor.
    """

    rows: tuple[Row, ...]
    places: tuple[tuple[str, str], ...]

    @property
    def all_graded(self) -> bool:
        """Whether no submission is left for a person to look at."""
        return all(is_final(row.report) for row in self.rows)

    def show(self) -> None:
        """Print the table and where everything is."""
        table.show(self.rows)
        left = sum(not is_final(row.report) for row in self.rows)
        graded = f"{len(self.rows) - left} of {len(self.rows)} submissions graded"
        print(f"\n{graded}; {left} for you to look at." if left else f"\n{graded}.")
        for what, where in self.places:
            print(f"{what + ':':16}{where}")


class ClassGrading:
    """Grades the submissions of one assignment in a course folder."""

    def __init__(
        self, app: CourseApp, course: Course, assignment: Assignment, *, isolation: Isolation, jobs: int, force: bool
    ) -> None:
        """Look at what was submitted."""
        self._app = app
        self._course = course
        self._assignment = assignment
        self._isolation = isolation
        self._jobs = jobs
        self._force = force
        self._store = (FreshStore if force else Store)(course.root / FOLDER, assignment.name)
        self._submitted = {one.student: one for one in submissions(app.coursedir, assignment.name)}

    @property
    def students(self) -> Collection[str]:
        """The ids of all students who submitted, in order."""
        return self._submitted.keys()

    def grade(self, students: Collection[str], *, feedback: bool = True) -> ClassResult:
        """Grade these students' submissions.

        Raises:
            CourseError: when the course folder lacks a part of the assignment.
        """
        convert.ensure_in_gradebook(self._app, self._assignment.name, self._course)
        chosen = [one for one in self._submitted.values() if one.student in students]
        reports = self._booked(chosen, self._reports(chosen), feedback)
        for student, report in reports.items():
            self._store.put_student(student, report)
        rows = tuple(Row(student, report) for student, report in reports.items())
        return ClassResult(rows, self._places(feedback))

    def _reports(self, chosen: Sequence[Submitted]) -> dict[str, Report]:
        """The report of every student. The same content is graded once."""
        read = {one.student: self._read(one) for one in chosen}
        keys = {
            student: content_key(submission, self._assignment, self._course) for student, submission in read.items()
        }
        found = {key: report for key in keys.values() if (report := self._store.get(key))}
        first_with = {key: student for student, key in reversed(keys.items()) if key not in found}
        new = {student: read[student] for student in read if first_with.get(keys[student]) == student}
        at_once = {student: submission for student, submission in new.items() if submission.fatal}
        played = {student: submission for student, submission in new.items() if not submission.fatal}
        with display("graded", len(played)) as listener:
            graded = grade_many(played, self._grade, self._assignment, jobs=self._jobs, listener=listener)
        graded.update((student, self._grade(submission)) for student, submission in at_once.items())
        found.update((keys[student], report) for student, report in graded.items())
        return {student: with_problems(found[key], read[student]) for student, key in keys.items()}

    def _grade(self, submission: Submission, watcher: Watcher | None = None) -> Report:
        return new_report(submission, self._assignment, self._course, self._store, self._isolation, watcher)

    def _read(self, one: Submitted) -> Submission:
        if one.refused:
            return _unreadable(one.refused)
        submission = read_submission(one.folder, self._assignment)
        if not submission.fatal and (name := what_is_no_file(one.folder)):
            return _unreadable(f"{name} in the submission is a link, or no file at all. Remove it and grade again.")
        if not submission.fatal and (trouble := bad_timestamp(one.folder)):
            return _unreadable(trouble)
        return submission

    def _booked(self, chosen: Sequence[Submitted], reports: dict[str, Report], feedback: bool) -> dict[str, Report]:
        """Bring the gradebook in line with the reports; what nbgrader could not take is for a person to look at."""
        book = ClassBook(self._app, self._assignment.name, force=self._force, feedback=feedback)
        stale = []
        for one in chosen:
            if not is_final(reports[one.student]):
                book.withhold(one)
            elif not book.is_current(one, reports[one.student]):
                stale.append(one)
        booked = dict(reports)
        with display("in the gradebook", len(stale)) as listener:
            for one in stale:
                listener.started(one.student)
                report = reports[one.student]
                if trouble := book.enter(one, report):
                    problem = f"nbgrader could not take it: {trouble}"
                    booked[one.student] = replace(
                        report, verdict=Verdict.INFRASTRUCTURE, problems=(problem, *report.problems)
                    )
                listener.finished(one.student)
        return booked

    def _places(self, feedback: bool) -> tuple[tuple[str, str], ...]:
        grades = convert.export(self._app)
        moodle, canvas = convert.export_for_lms(self._app, self._assignment.name)
        checks = self._course.root / CHECKS_CSV
        with checks.open("w", encoding="utf-8", newline="") as file:
            table.write_csv(self._all_rows(), file)
        directory = self._app.coursedir
        pages = Path(directory.format_path(directory.feedback_directory, "*", self._assignment.name), "*.html")
        return (
            *((("feedback pages", str(pages)),) if feedback else ()),
            ("reports", str(self._course.root / FOLDER / self._assignment.name)),
            ("gradebook", directory.db_url),
            ("grades", str(grades)),
            ("for Moodle", str(moodle)),
            ("for Canvas", str(canvas)),
            ("all checks", str(checks)),
        )

    def _all_rows(self) -> list[Row]:
        """The last report of every submission, also of those that this grading left out."""
        found = ((student, self._store.of_student(student)) for student in self.students)
        return [Row(student, report) for student, report in found if report]


def _unreadable(message: str) -> Submission:
    return Submission((), (Problem(Severity.FATAL, message),))
