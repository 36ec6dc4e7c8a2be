"""The places of the parts of a course folder."""

from dataclasses import dataclass
from pathlib import Path

CONFIG_NAME = "nbgrader_config.py"
ATTEMPTS_SUFFIX = "-attempts.jsonl"
"""The end of the name of the file in which a notebook keeps its reader's attempts. It is no part of any course."""


class CourseError(Exception):
    """A course folder, or a part of it, is not where it should be. The message says what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder: ``source``, ``release``, ``solutions`` and ``nbgrader_config.py`` side by side."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """Return the course folder that holds ``start`` (default: the current folder).

        Raises:
            CourseError: when neither ``start`` nor a folder above it is one.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).is_file() and (folder / "source").is_dir():
                return cls(folder)
        raise CourseError(
            f"{start} is not in a course folder: no folder from there up has {CONFIG_NAME} beside source/. "
            "Go to the folder into which you cloned the course."
        )

    def source(self, assignment: str) -> Path:
        """Return the instructor's notebook of an assignment."""
        return self._existing(self.root / "source" / assignment / f"{assignment}.ipynb")

    def release(self, assignment: str) -> Path:
        """Return the released notebook of an assignment."""
        return self._existing(self.root / "release" / assignment / f"{assignment}.ipynb")

    def solutions(self, assignment: str) -> Path:
        """Return the folder with an assignment's model answer."""
        return self._existing(self.root / "solutions" / assignment)

    def peers(self, assignment: str) -> Path:
        """Return the module with an assignment's reference peers. There need be none."""
        return self.root / "solutions" / assignment / "peers.py"

    def samples(self, assignment: str) -> Path:
        """Return the folder with an assignment's sample submissions: see `autograder.samples`. There need be none."""
        return self.root / "samples" / assignment

    def _existing(self, path: Path) -> Path:
        if not path.exists():
            raise CourseError(f"{path} does not exist, so this course folder lacks a part of the assignment.")
        return path
