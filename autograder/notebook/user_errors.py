"""The errors that are told to a student in place of a traceback."""

from autograder.report.sanitize import columns, wrap

WIDTH = 82
"""The most columns of a message's line: nbgrader's Validate indents it by 4 and cuts it at 87."""


class UserError(Exception):
    """Ends a cell with a message. A notebook shows the message alone, and does not go on with the cells below."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows for this exception."""
        lines = str(self).split("\n")
        return [row for line in lines for row in (wrap(line, WIDTH) if columns(line) > WIDTH else [line])]


class NotReady(UserError):
    """Something has to be done before this can run. The message says what."""


class Stopped(UserError):
    """The student interrupted a run."""


class NotYet(UserError):
    """Under Validate: an exercise has not all of its points. The message is its rubric."""


STOPPED = "Stopped. Nothing of the run is left behind; run the cell again whenever you like."
NO_NOTEBOOK = (
    "This works in a notebook, or in IPython: it runs the classes that were defined in cells. "
    "Open the assignment in JupyterLab and run its cells there."
)
NOT_HERE = "This machine refused: {}. Set that right, such as by making room, then run the cell again."

KEPT = (
    "Your attempts are kept in the file {} beside your notebook, also when the kernel restarts. "
    "It is yours: nobody grades it, and you may delete it."
)
NOT_KEPT = (
    "The last attempts are lost when the kernel ends, since their file beside your notebook cannot be written ({}). "
    "Make room on the disk, or allow writing in the folder: the next check keeps them."
)
UNREADABLE = (
    "Attempts are lost when the kernel ends, since the file of the earlier ones cannot be read ({}). "
    "Delete it, or allow reading: the next check begins to keep them."
)
