"""Bringing the gradebook in line with reports, one after the other, as they come."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence

from autograder.cli.display import display
from autograder.cli.ending import end_if_asked
from autograder.grading.store import is_final
from autograder.nbgrader_side.class_book import ClassBook
from autograder.nbgrader_side.submitted import Submitted
from autograder.nbgrader_side.trouble import GradebookTrouble
from autograder.report.model import Report
from autograder.whole_file import in_words


class Booking:
    """Takes reports into the gradebook.

    Attributes:
        troubles: by student why the gradebook, or a file, could not be brought in line.
    """

    def __init__(self, book: ClassBook) -> None:
        self._book = book
        self.troubles: dict[str, str] = {}

    def take(self, one: Submitted, report: Report) -> None:
        """Bring in one report. One that is not final takes away what there was of the student."""
        end_if_asked()
        if self._is_stale(one, report):
            self._enter(one, report)

    def take_all(self, submitted: Sequence[Submitted], reports: Mapping[str, Report]) -> None:
        """Bring in the reports of these, and show how long it goes on."""
        stale = [one for one in submitted if self._is_stale(one, reports[one.student])]
        with display("in the gradebook", len(stale)) as listener:
            for one in stale:
                end_if_asked()
                listener.started(one.student)
                self._enter(one, reports[one.student])
                listener.finished(one.student)

    def _is_stale(self, one: Submitted, report: Report) -> bool:
        """Whether there is a final report that the gradebook does not have."""
        with self._noting(one):
            if is_final(report):
                return not self._book.is_current(one, report)
            self._book.withhold(one)
        return False

    def _enter(self, one: Submitted, report: Report) -> None:
        with self._noting(one):
            if said := self._book.enter(one, report):
                self.troubles[one.student] = f"nbgrader could not take it: {said}"

    @contextlib.contextmanager
    def _noting(self, one: Submitted) -> Iterator[None]:
        try:
            yield
        except (GradebookTrouble, OSError) as error:
            self.troubles[one.student] = why_not(error)


def why_not(error: Exception) -> str:
    """What went wrong when something was to be written, and what that means for what was graded."""
    if isinstance(error, OSError):
        return f"{in_words(error)}. Mend that and grade again: what was graded is kept."
    return str(error)
