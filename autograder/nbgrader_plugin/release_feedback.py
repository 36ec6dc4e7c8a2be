"""Gives feedback pages back through nbgrader's exchange, so that what one submission lacks is that one's matter.

nbgrader names a page in the exchange by the secret that came with the submission, and ends the command at the first
folder without a secret or a time: no page of those that follow would be released. Of two submissions with one secret,
such as copies of a folder, each would get the page that is written last.
"""

import contextlib
import glob
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from autograder.nbgrader_plugin.lms_feedback import NO_PAGE, not_there
from autograder.nbgrader_plugin.stamp import TIMESTAMP
from autograder.nbgrader_plugin.submitted import SECRET
from autograder.report.sanitize import visible

_NOT_THROUGH_EXCHANGE = (
    "was not collected from the exchange, or has been changed since. Collect it again and grade it with --force, "
    "or give the page back through the LMS or by hand"
)


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Has to be ``c.ExchangeFactory.release_feedback``."""

    src_path: str

    def copy_files(self) -> None:
        """Release the pages of each student, and tell whose are left out.

        Raises:
            ExchangeError: when there are pages to release, or should be, and none was.
        """
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        folders = self._folders(self.src_path)
        step, assignment = self.coursedir.feedback_directory, self.coursedir.assignment_id
        everybody = self._folders(self.coursedir.format_path(step, "*", assignment))
        shared = _with_one_secret(everybody)
        left_out = {
            student: why for student, path in folders.items() if (why := _why_left_out(path) or shared.get(student))
        }
        for student in left_out.keys() - excluded:
            self.log.error("Not released for %s: %s.", visible(student), left_out[student])
        released = folders.keys() - left_out.keys() - excluded
        for student in sorted(released):
            self.src_path = glob.escape(str(folders[student]))
            super().copy_files()
        if not released:
            self.fail(f"No feedback of {self.coursedir.assignment_id} was released: grade it first, or see above why.")

    def _folders(self, pattern: str) -> dict[str, Path]:
        """Return folders with pages, by student."""
        return {self._student(folder): Path(folder) for folder in sorted(glob.glob(pattern))}  # noqa: PTH207  # a pattern of nbgrader's

    def _student(self, folder: str) -> str:
        step, assignment = self.coursedir.feedback_directory, self.coursedir.assignment_id
        pattern = self.coursedir.format_path(step, "(?P<student>.*)", assignment, escape=True)
        match = re.match(pattern, folder)
        return match["student"] if match else folder


def _why_left_out(folder: Path) -> str:
    """Return why a student's pages cannot be released; empty when they can."""
    for name in (SECRET, TIMESTAMP):
        try:
            if not (folder / name).read_text().strip():
                return f"{name} is empty; the submission {_NOT_THROUGH_EXCHANGE}"
        except FileNotFoundError:
            return f"there is no {name}; the submission {_NOT_THROUGH_EXCHANGE}"
        except (OSError, ValueError):
            return f"{name} cannot be read; the submission {_NOT_THROUGH_EXCHANGE}"
    pages = sorted(folder.glob("*.html"))
    return next(filter(None, map(not_there, pages)), "" if pages else NO_PAGE)


def _with_one_secret(folders: Mapping[str, Path]) -> dict[str, str]:
    """Return whose secret is somebody else's too, and why their pages cannot be released."""
    owners: dict[str, list[str]] = defaultdict(list)
    for student, folder in folders.items():
        with contextlib.suppress(OSError, ValueError):
            owners[(folder / SECRET).read_text()].append(student)
    return {
        student: f"{SECRET} is the same as that of {visible(next(one for one in students if one != student))}, "
        f"so each would get the other's page; the submission {_NOT_THROUGH_EXCHANGE}"
        for students in owners.values()
        if len(students) > 1
        for student in students
    }
