"""The assignments that a notebook knows: those in its own folder, and those that are installed."""

from autograder import assignments
from autograder.course import CourseError
from autograder.notebook.user_errors import NotReady
from autograder.rubric.model import Assignment


def all_assignments() -> list[Assignment]:
    """Return all assignments, the notebook's own ones first.

    Raises:
        NotReady: when one cannot be loaded, since its file was changed or belongs to another version.
    """
    try:
        return [assignments.load(name) for name in assignments.names()]
    except CourseError as error:
        raise NotReady(f"{error} Download the file again, and put it beside your notebook.") from error
