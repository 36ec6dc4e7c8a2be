"""Enters the reports of a class into the gradebook and the table, one after the other, as they come."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from autograder.atomic_file import in_words
from autograder.cli.signals import end_if_asked
from autograder.grading.store import is_final
from autograder.nbgrader_plugin.class_book import ClassBook, Held
from autograder.nbgrader_plugin.graded import GradedSubmission
from autograder.nbgrader_plugin.trouble import GradebookTrouble
from autograder.report.model import NotebookProblem, Report, Verdict


class Recorder:
    """Records the reports of a class: in the gradebook, and in the store as each student's last one.

    Attributes:
        touched: whether anything was to be entered, so that what there was of the class may have changed.
        rows: the reports for the table, by student. Their runs, which are most of a report, are left out: a class of
            any size has to fit into memory.
    """

    def __init__(self, book: ClassBook, keep: Callable[[str, Report], None]) -> None:
        """Record reports.

        Args:
            keep: keeps a student's last report; it may raise ``OSError``.
        """
        self._book = book
        self._keep = keep
        self.touched = False
        self.rows: dict[str, Report] = {}

    def current(
        self, graded: Iterable[GradedSubmission], held: Mapping[str, Held]
    ) -> Iterator[tuple[GradedSubmission, bool]]:
        """Yield each of some submissions, and whether the gradebook has its report, by what it had of each student."""
        for one in graded:
            is_current = False
            with contextlib.suppress(OSError):
                is_current = self._book.is_current(one, held[one.read.student])
            yield one, is_current

    def record(self, graded: GradedSubmission) -> None:
        """Bring the gradebook in line with a report, then hand it over.

        A report that is not final removes the student's earlier result. What cannot be written makes the report one
        that a person has to look at.
        """
        end_if_asked()
        self.touched = True
        try:
            trouble = self._entered(graded)
        except (GradebookTrouble, OSError) as error:
            trouble = why_not(error)
        self.hand_over(graded.read.student, _with_trouble(graded.report, trouble))

    def hand_over(self, student: str, report: Report) -> None:
        """Keep a student's last report."""
        try:
            self._keep(student, report)
        except OSError as error:
            report = _with_trouble(report, f"its report could not be written: {why_not(error)}")
        exercises = tuple(replace(exercise, runs=()) for exercise in report.exercises)
        self.rows[student] = replace(report, exercises=exercises)

    def _entered(self, graded: GradedSubmission) -> str:
        """Return why the gradebook could not take the report, or nothing."""
        if not is_final(graded.report):
            self._book.withhold(graded.submitted)
            return ""
        said = self._book.enter(graded)
        return f"nbgrader could not take it: {said}" if said else ""


def _with_trouble(report: Report, trouble: str) -> Report:
    """Return the report, or one for a person to look at if something could not be written."""
    if not trouble:
        return report
    problem = NotebookProblem("report.not_written", trouble)
    return replace(report, verdict=Verdict.INFRASTRUCTURE, problems=(problem, *report.problems))


def why_not(error: Exception) -> str:
    """Return what could not be written, and what that means for the gradings."""
    if isinstance(error, OSError):
        return f"{in_words(error)}. Mend that and grade again: what was graded is kept."
    return str(error)
