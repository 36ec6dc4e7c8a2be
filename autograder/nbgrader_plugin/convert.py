"""nbgrader's own steps for one assignment and one student at a time, in this process."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback, NbGraderException
from nbgrader.nbgraderformat import ValidationError
from nbgrader.plugins import ExportPlugin

from autograder.atomic_file import in_words
from autograder.course import Course, CourseError
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.gradebook import checksums
from autograder.nbgrader_plugin.graded import GradedSubmission
from autograder.nbgrader_plugin.grades import Entered
from autograder.nbgrader_plugin.lms_export import CANVAS_FILE, MOODLE_FILE, CanvasCsv, MoodleCsv
from autograder.nbgrader_plugin.ownership import claim
from autograder.nbgrader_plugin.preprocessor import GRADED
from autograder.nbgrader_plugin.scores import SAME
from autograder.nbgrader_plugin.staged import stage
from autograder.nbgrader_plugin.trouble import gradebook_errors, gradebook_trouble
from autograder.simulator.stale_run_dirs import run_folder

Known = Mapping[str, Mapping[str, Entered]]
"""What the gradebook has of submissions, by assignment and student."""


class _Remembers:
    """Makes a converter remember what went wrong with a notebook. nbgrader only logs it."""

    trouble: Exception | None = None

    def convert_single_notebook(self, *arguments: Any) -> None:
        with self._remembering():
            super().convert_single_notebook(*arguments)  # type: ignore[misc]  # of the converter that it is mixed into

    def init_assignment(self, *arguments: Any) -> None:
        with self._remembering():
            super().init_assignment(*arguments)  # type: ignore[misc]  # as above

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.trouble = error
            raise


class _OneStudent(_Remembers):
    """Makes a converter take one notebook of one student.

    nbgrader finds submissions by file patterns, in which ids with brackets match nothing.
    """

    student: str
    notebook_id: str

    def init_notebooks(self) -> None:
        this: Any = self
        folder = this._format_source(this.coursedir.assignment_id, self.student)
        this.assignments = {folder: [str(Path(folder, f"{self.notebook_id}.ipynb"))]}
        this.notebooks = []


class _AutogradeOne(_OneStudent, Autograde):
    """Takes a submission from where it was staged, whatever the course's directory structure is.

    Attributes:
        staged: the folder with the notebook and all that nbgrader is to copy.
        graded: the submission with its report, which the preprocessor then need not look for.
        same: whether the same notebook was scored before.
    """

    staged: Path
    graded: GradedSubmission
    same: bool

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources: dict[str, Any] = super().init_single_notebook_resources(notebook_filename)
        return {**resources, GRADED: self.graded, SAME: self.same}

    def _format_source(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        if not self._sanitizing:
            found: str = super()._format_source(assignment_id, student_id, escape)
            return found
        folder = str(self.staged)
        return str(Path(re.escape(folder) if escape else folder, student_id, assignment_id))


class _FeedbackOne(_OneStudent, GenerateFeedback):
    pass


class _Generate(_Remembers, GenerateAssignment):
    pass


def autograde(app: CourseApp, assignment: str, graded: GradedSubmission, *, same: bool) -> str:
    """Autograde a student's submission, whatever was there before. Return why it failed, or an empty string.

    Args:
        same: whether the scores that there are come from the same notebook.

    Raises:
        GradebookTrouble: when it failed because of the gradebook.
    """
    try:
        with run_folder() as folder:  # of those that a killed grader leaves behind, the next one removes all
            submitted = graded.submitted
            stage(submitted.folder, assignment, folder / submitted.student / assignment)
            return _convert(_AutogradeOne, app, assignment, submitted.student, staged=folder, graded=graded, same=same)
    except OSError as error:
        return in_words(error)


def feedback(app: CourseApp, assignment: str, student: str) -> str:
    """Write a student's feedback page, whatever was there before. Return why it failed, or an empty string.

    Raises:
        GradebookTrouble: when it failed because of the gradebook.
    """
    return _convert(_FeedbackOne, app, assignment, student)


def _convert(kind: Any, app: CourseApp, assignment: str, student: str, **more: Any) -> str:
    app.coursedir.assignment_id = assignment
    converter = kind(coursedir=app.coursedir, parent=app)
    converter.force = True
    converter.student = student
    converter.notebook_id = assignment
    for name, value in more.items():
        setattr(converter, name, value)
    try:
        converter.start()
    except Exception as error:  # also what nbgrader does not catch of one submission must not end the others
        trouble = (converter.trouble or error) if isinstance(error, NbGraderException) else error
        if of_gradebook := gradebook_trouble(app.coursedir.db_url, trouble):
            raise of_gradebook from error
        return _told(trouble)
    return ""


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return in_words(error)
    if isinstance(error, CourseError):
        return str(error)
    return f"{type(error).__name__}: {error}".splitlines()[0][:500]


def remove_result(app: CourseApp, assignment: str, student: str) -> None:
    """Remove an autograded result and its feedback page, which would be those of an earlier submission."""
    for step in (app.coursedir.autograded_directory, app.coursedir.feedback_directory):
        shutil.rmtree(app.coursedir.format_path(step, student, assignment), ignore_errors=True)


def generate(app: CourseApp, assignment: str) -> None:
    """Generate the release of an assignment, and put the assignment into the gradebook.

    Raises:
        CourseError: when nbgrader cannot; the message says why.
    """
    app.coursedir.assignment_id = assignment
    converter = _Generate(coursedir=app.coursedir, parent=app)
    converter.force = True
    try:
        converter.start()
    except Exception as error:
        trouble = (converter.trouble or error) if isinstance(error, NbGraderException) else error
        if of_gradebook := gradebook_trouble(app.coursedir.db_url, trouble):
            raise of_gradebook from error
        why = _told(trouble.__context__ if isinstance(trouble.__context__, ValidationError) else trouble)
        raise CourseError(f"nbgrader cannot generate the release of {assignment}: {why}") from error


def ensure_in_gradebook(app: CourseApp, assignment: str, course: Course) -> None:
    """Put an assignment into the gradebook unless it is there as it was released. The release stays as it is.

    Raises:
        CourseError: when nbgrader cannot, or the gradebook cannot be used or is another course folder's; the message
            says why.
    """
    released = _checksums_of(course.release(assignment))
    with gradebook_errors(app.coursedir.db_url):
        claim(app.coursedir.db_url, course)
        if checksums(app.coursedir.db_url, assignment) == released:
            return
    release_folder = app.coursedir.release_directory
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as folder:
        app.coursedir.release_directory = folder
        try:
            generate(app, assignment)
        finally:
            app.coursedir.release_directory = release_folder


def _checksums_of(notebook: Path) -> dict[str, str]:
    told = [cell.metadata.get("nbgrader") for cell in nbformat.read(notebook, as_version=4).cells]
    return {cell["grade_id"]: cell["checksum"] for cell in told if cell}


def export(app: CourseApp, known: Known) -> Path:
    """Export the gradebook as ``nbgrader export`` does. Return the file.

    Args:
        known: what the gradebook has, by assignment, as far as it was read and nothing was entered since then.

    Raises:
        GradebookTrouble: when it cannot be read.
        OSError: when the file cannot be written.
    """
    exporter = ExportApp(parent=app, coursedir=app.coursedir, log=app.log)
    exporter.init_plugin()
    _export(app, exporter.plugin_inst, known)
    return Path(exporter.plugin_inst.to or "grades.csv").absolute()


def export_for_moodle(app: CourseApp, assignment: str, known: Known, suffix: str = "") -> Path:
    """Write an assignment's grades in the columns that Moodle imports; as `export`.

    Args:
        suffix: of the file's name, before its ending.
    """
    return _export_assignment(app, assignment, MoodleCsv(parent=app), known, MOODLE_FILE, suffix)


def export_for_canvas(app: CourseApp, assignment: str, known: Known, suffix: str = "") -> Path:
    """Write an assignment's grades in the columns that Canvas imports; as `export_for_moodle`."""
    return _export_assignment(app, assignment, CanvasCsv(parent=app), known, CANVAS_FILE, suffix)


def _export_assignment(
    app: CourseApp, assignment: str, plugin: ExportPlugin, known: Known, name: str, suffix: str
) -> Path:
    name = f"{Path(name).stem}{suffix}{Path(name).suffix}"
    plugin.to, plugin.student, plugin.assignment = name, [], [assignment]
    _export(app, plugin, known)
    return Path(name).absolute()


def _export(app: CourseApp, plugin: ExportPlugin, known: Known) -> None:
    plugin.known = known  # a plugin of nbgrader's, which a configuration may name, passes over it
    db_url = app.coursedir.db_url
    with gradebook_errors(db_url), Gradebook(db_url, app.coursedir.course_id) as gradebook:
        plugin.export(gradebook)
