"""Grading the class of a course folder: what the commands ``grade`` and ``demo`` have in common."""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic_file import remove_half_written, replacing
from autograder.cli.display import display
from autograder.cli.jobs import default_jobs
from autograder.cli.recorder import Recorder, why_not
from autograder.course import Course
from autograder.grading.batch import GoOn, grade_many
from autograder.grading.concurrency import MemoryGate
from autograder.grading.remote import RemoteGrader
from autograder.grading.report_cache import new_report, remote_report
from autograder.grading.store import FOLDER, MOST_KEPT, FreshStore, Store
from autograder.nbgrader_plugin import convert
from autograder.nbgrader_plugin.class_book import ClassBook, Held
from autograder.nbgrader_plugin.collection_summary import summary_of_class
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.dry_run import on_copies
from autograder.nbgrader_plugin.export import language
from autograder.nbgrader_plugin.gradebook import due_date, maximum
from autograder.nbgrader_plugin.graded import GradedSubmission, ReadSubmission, read
from autograder.nbgrader_plugin.grades import class_grades
from autograder.nbgrader_plugin.lateness import lateness
from autograder.nbgrader_plugin.submitted import Submitted, submissions
from autograder.nbgrader_plugin.trouble import GradebookTrouble, gradebook_errors, shown
from autograder.report import table
from autograder.report.change import change
from autograder.report.model import Report
from autograder.report.spreadsheet import ENCODING
from autograder.report.table import Row
from autograder.report.words import number
from autograder.roster.class_list import ClassList
from autograder.rubric.model import Assignment
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.sandbox_pool import SandboxPool

CHECKS = "checks"
_KEPT_FOR_EACH = 10
"""Reports by content for each submission: its own, those of its exercises, and those of what it was before."""


@dataclass(frozen=True)
class ClassResult:
    """The result of grading a class.

    Attributes:
        rows: one for each submission that was asked for.
        of_class: all who handed in, and who did not.
        places: what lies where, for the instructor.
        unwritten: which of the lists could not be written, and why.
        dry_run: whether nothing was to be written.
    """

    rows: tuple[Row, ...]
    of_class: ClassList
    places: tuple[tuple[str, str], ...] = ()
    unwritten: tuple[tuple[str, str], ...] = ()
    dry_run: bool = False

    @property
    def all_graded(self) -> bool:
        """Return whether nothing is left for a person to look at."""
        return not self.unwritten and all(row.stands for row in self.rows)

    def show(self) -> None:
        """Print the table and where everything is."""
        table.show(self.rows)
        print(summary_of_class(self.of_class), end="")
        left = sum(row.for_a_person for row in self.rows)
        graded = f"{sum(row.stands for row in self.rows)} of {len(self.rows)} submissions graded"
        print(f"\n{graded}; {left} for you to look at." if left else f"\n{graded}.")
        if self.dry_run:
            changed = sum(bool(row.change) for row in self.rows)
            changes = f"It would change {changed} grade{'s' * (changed != 1)}."
            print(f"Nothing was written: this is what grading would give. {changes}")
        for what, where in self.places:
            print(f"{what + ':':16}{where}")
        for what, why in self.unwritten:
            print(f"{what + ':':16}NOT WRITTEN: {why}")


class ClassGrading:
    """Grades the submissions of one assignment in a course folder."""

    def __init__(
        self,
        app: CourseApp,
        course: Course,
        assignment: Assignment,
        *,
        settings: RunSettings,
        jobs: int | None,
        force: bool,
        remote: RemoteGrader | None = None,
        one_of_several: bool = False,
    ) -> None:
        """Look at what was submitted.

        Args:
            jobs: submissions at once; as many as there is room for when None.
            remote: grades submissions, when that is not done here.
            one_of_several: whether other assignments are graded too; its lists then have its name in theirs.

        Raises:
            CourseError: when what was submitted cannot be seen, or the rules in ``roster/`` cannot be read.
        """
        self._app = app
        self._course = course
        self._assignment = assignment
        self._settings = settings
        # nbgrader's part looks reports up by the settings with which they were made.
        app.config.GradeInSimulator.unsandboxed = settings.isolation is Isolation.NONE
        self._jobs = jobs
        self._force = force
        self._remote = remote
        self._suffix = f"-{assignment.name}" if one_of_several else ""
        self._store = (FreshStore if force else Store)(course.root / FOLDER, assignment.name)
        self._dialect = language(app.config).dialect
        self._submitted = {one.student: one for one in submissions(app.coursedir, assignment.name)}
        self._of_class = ClassList.read(course.root, assignment.name, list(self._submitted))

    @property
    def assignment(self) -> Assignment:
        """Return the assignment that is graded."""
        return self._assignment

    @property
    def students(self) -> Collection[str]:
        """Return the ids of all students who submitted, in order."""
        return self._submitted.keys()

    def grade(self, students: Collection[str], *, feedback: bool = True, dry_run: bool = False) -> ClassResult:
        """Grade these students' submissions.

        Whatever cannot be written, be it a report, the gradebook or a list, every one of them has a row in the result.

        Args:
            feedback: whether to write feedback pages.
            dry_run: whether to write nothing, and only tell what grading would change. Reports are kept by content, so
                that grading afterwards is quick.

        Raises:
            CourseError: when the course folder lacks a part of the assignment, or the gradebook cannot be used even
                before anything is graded.
        """
        remove_half_written(self._course.root)
        self._store.remove_half_written()
        self._store.forget_old(max(MOST_KEPT, _KEPT_FOR_EACH * len(self._submitted)))
        chosen = [one for one in self._submitted.values() if one.student in students]
        if not dry_run:
            rows, known = self._graded(chosen, feedback=feedback, keep=self._store.put_student)
            return ClassResult(rows, self._of_class, *self._places(rows, feedback, known))
        with on_copies(self._app, self._assignment.name, students):
            rows, _ = self._graded(chosen, feedback=False, keep=lambda _student, _report: None)
            return ClassResult(rows, self._of_class, dry_run=True)

    def _graded(
        self, chosen: Sequence[Submitted], *, feedback: bool, keep: Callable[[str, Report], None]
    ) -> tuple[tuple[Row, ...], convert.Known]:
        """Return the rows of these submissions, which the gradebook has now too, and all that it has, if known."""
        convert.ensure_in_gradebook(self._app, self._assignment.name, self._course)
        same = self._read(chosen)
        book = ClassBook(self._app, self._assignment.name, force=self._force, feedback=feedback)
        students = [one.student for one in chosen]
        entries = book.entries()
        before = after = book.held(students, entries)
        known = {self._assignment.name: entries}
        recorder = Recorder(book, keep)
        self._record(same, before, recorder)
        if recorder.touched:
            known = {}
            with contextlib.suppress(GradebookTrouble):  # the reports tell of it
                entries = book.entries()
                after, known = book.held(students, entries), {self._assignment.name: entries}
        late = self._lateness()
        rows = []
        for one in students:
            was, stands = before[one].standing, after[one].standing
            rows.append(Row(one, recorder.rows[one], stands.grade, change(was, stands), late.get(one, "")))
        return tuple(rows), known

    def _lateness(self) -> Mapping[str, str]:
        """Return how late submissions are, in words, by student."""
        return lateness(self._app, self._course, self._of_class, self._submitted.values())

    def _read(self, chosen: Sequence[Submitted]) -> dict[str, list[ReadSubmission]]:
        """Return what was handed in by its content key: the same content is graded once."""
        same: dict[str, list[ReadSubmission]] = {}
        for submitted in chosen:
            terms = self._of_class.terms(submitted.student)
            one = read(submitted, self._assignment, self._course, self._settings, terms)
            same.setdefault(one.key, []).append(one)
        return same

    def _record(self, same: dict[str, list[ReadSubmission]], held: Mapping[str, Held], recorder: Recorder) -> None:
        """Record the report of every student, which is there or made, by what the gradebook had of each."""
        new: list[ReadSubmission] = []
        stale: list[ReadSubmission] = []  # without their reports: a class of any size has to fit into memory

        def kept() -> Iterator[GradedSubmission]:
            for key, group in same.items():
                report = self._store.get(key)
                if report is None:
                    new.append(group[0])
                else:
                    yield from (GradedSubmission.of(one, report) for one in group)

        for before, is_current in recorder.current(kept(), held):
            if is_current:
                recorder.hand_over(before.read.student, before.report)
            else:
                stale.append(before.read)

        def graded(first: ReadSubmission, report: Report) -> None:
            for one in same[first.key]:
                recorder.record(GradedSubmission.of(one, report))

        self._grade_all(new, graded)
        self._enter(stale, recorder)

    def _enter(self, stale: Sequence[ReadSubmission], recorder: Recorder) -> None:
        """Bring into the gradebook what was graded before."""
        with display("in the gradebook", len(stale)) as listener:
            for one in stale:
                listener.started(one.student)
                recorder.record(self._kept(one))
                listener.finished(one.student)

    def _kept(self, one: ReadSubmission) -> GradedSubmission:
        """Give a submission its kept report. The store can be emptied by anybody at any time: then it is graded."""
        return GradedSubmission.of(one, self._store.get(one.key) or self._grade(one))

    def _grade_all(self, new: Sequence[ReadSubmission], graded: Callable[[ReadSubmission, Report], None]) -> None:
        """Grade for real, some at once. What needs no run comes first."""
        for one in new:
            if one.content.fatal:
                graded(one, self._grade(one))
        by_name = {one.student: one for one in new if not one.content.fatal}
        if not by_name:
            return
        memory = None if self._remote else MemoryGate()
        jobs = self._jobs or (self._remote.slots if self._remote else default_jobs())
        with display("graded", len(by_name)) as listener, SandboxPool() as sandboxes:
            grade_many(
                by_name,
                lambda one, go_on: self._grade(one, go_on, sandboxes),
                self._assignment,
                jobs=jobs,
                listener=listener,
                done=lambda name, report: graded(by_name[name], report),
                memory=memory,
            )

    def _grade(self, one: ReadSubmission, go_on: GoOn = lambda: None, sandboxes: SandboxPool | None = None) -> Report:
        what = (one.content, one.key, self._assignment, self._course, self._store, self._settings)
        if self._remote and not one.content.fatal:
            return remote_report(*what, self._remote, go_on)
        return new_report(*what, lambda _folder, _entries: go_on(), sandboxes)

    def _places(
        self, rows: Sequence[Row], feedback: bool, known: convert.Known
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Write the lists; what is where, and what could not be written, for which reason."""
        directory = self._app.coursedir
        pages = Path(directory.format_path(directory.feedback_directory, "*", self._assignment.name), "*.html")
        places = [("feedback pages", str(pages))] if feedback else []
        places.append(("reports", str(self._course.root / FOLDER / self._assignment.name)))
        places.append(("gradebook", shown(directory.db_url)))
        lists: dict[str, Callable[[], object]] = {
            "due date": self._due_date,
            "grades": lambda: convert.export(self._app, known),
            "for Moodle": lambda: self._write_for_moodle(known),
            "for Canvas": lambda: convert.export_for_canvas(self._app, self._assignment.name, known, self._suffix),
            "all checks": lambda: self._write_checks(rows),
        }
        unwritten = []
        for what, write in lists.items():
            try:
                if told := str(write()):
                    places.append((what, told))
            except (GradebookTrouble, OSError) as error:
                unwritten.append((what, why_not(error)))
        return tuple(places), tuple(unwritten)

    def _due_date(self) -> str:
        """Return when the assignment is due, as the gradebook has understood it; empty where it was told nothing."""
        with gradebook_errors(self._app.coursedir.db_url):
            due = due_date(self._app.coursedir.db_url, self._assignment.name)
        if due is None:
            return ""
        here = due.astimezone().strftime("%Y-%m-%d %H:%M %Z")
        return f"{due:%Y-%m-%d %H:%M} UTC, here {here} (a date that is given without a time zone is in UTC)"

    def _write_for_moodle(self, known: convert.Known) -> str:
        path = convert.export_for_moodle(self._app, self._assignment.name, known, self._suffix)
        with gradebook_errors(self._app.coursedir.db_url):
            most = number(maximum(self._app.coursedir.db_url, self._assignment.name))
        return f"{path} (set the assignment's maximum grade in Moodle to {most}: it passes over grades above it)"

    def _write_checks(self, rows: Sequence[Row]) -> Path:
        """Return the points for each check of every submission, also of those that this grading left out."""
        graded = {row.student: row for row in rows}
        left_out = [student for student in self.students if student not in graded]
        grades = class_grades(self._app.coursedir.db_url, self._assignment.name) if left_out else {}
        late = self._lateness() if left_out else {}
        for student in left_out:
            if report := self._store.of_student(student):
                graded[student] = Row(student, report, grades.get(student), late=late.get(student, ""))
        path = self._course.root / f"{CHECKS}{self._suffix}.csv"
        with replacing(path, encoding=ENCODING) as file:
            found = [graded[student] for student in self.students if student in graded]
            table.write_csv(found, file, self._dialect, self._of_class.absent)
        return path
