"""Generating a release: in the course folder, or elsewhere to compare."""

import shutil
import tempfile
from pathlib import Path

from autograder.course import CONFIG_NAME, Course
from autograder.nbgrader_plugin.config import course_app
from autograder.nbgrader_plugin.convert import generate
from autograder.release.notebook_file import read_notebook


def release(course: Course, assignment: str) -> Path:
    """Generate a release and put the assignment into the gradebook, as ``nbgrader generate_assignment`` does.

    The release that was there before is replaced as a whole, and only when the new one is complete.

    Returns:
        the release's folder.

    Raises:
        CourseError: when it cannot be generated; the message says why.
    """
    read_notebook(course.source(assignment))  # its message says more than nbgrader's
    target = course.root / "release" / assignment
    with course_app(course) as app, tempfile.TemporaryDirectory(prefix=".release-", dir=course.root) as folder:
        app.coursedir.release_directory = folder
        generate(app, assignment)
        target.parent.mkdir(exist_ok=True)
        _replace(target, Path(folder, assignment), aside=Path(folder, f"{assignment}.old"))
    return target


def _replace(target: Path, new: Path, *, aside: Path) -> None:
    """Put a folder in the place of another one. If that cannot be, the old one is there as it was."""
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise


def generate_in(course: Course, assignment: str, folder: Path) -> Path:
    """Generate a release in a course folder of its own, with a gradebook of its own. Return the release's folder.

    Raises:
        CourseError: when it cannot be generated; the message says why.
    """
    read_notebook(course.source(assignment))
    copy = Course(folder)
    shutil.copy(course.root / CONFIG_NAME, folder)
    shutil.copytree(course.source(assignment).parent, folder / "source" / assignment)
    with course_app(copy) as app:
        app.coursedir.db_url = f"sqlite:///{folder / 'gradebook.db'}"
        generate(app, assignment)
    return copy.release(assignment).parent
