"""Takes the place of nbgrader's ``Execute``: grades in the simulator and writes what the check cells show."""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict

from autograder import assignments
from autograder.course import Course, CourseError
from autograder.grading.report_cache import new_report
from autograder.grading.store import FOLDER, Store
from autograder.nbgrader_plugin.gradebook import withhold
from autograder.nbgrader_plugin.graded import GradedSubmission, read
from autograder.nbgrader_plugin.outputs import check_outputs
from autograder.nbgrader_plugin.stamp import put_stamp
from autograder.nbgrader_plugin.submitted import Submitted
from autograder.report.model import Report, Verdict
from autograder.report.table import reason
from autograder.roster.class_list import ClassList
from autograder.rubric.model import Assignment
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import NoSandbox

GRADED = "autograder"
"""The key of the `GradedSubmission` in the resources of a conversion, where somebody has graded it already."""


class NotScored(Exception):
    """A submission that must not be scored. nbgrader leaves it without an autograded result and goes on."""


class GradeInSimulator(NbGraderPreprocessor):
    """Has to stand in ``c.Autograde.autograde_preprocessors`` where ``Execute`` stood. It starts no kernel.

    ``autograder grade`` hands over what it has graded. Under plain ``nbgrader autograde`` the submission is read from
    the submitted folder: there, nobody has changed it yet, so that what was deleted or renamed can be told.
    """

    unsandboxed = Bool(False, help="Go on where there is no sandbox. See docs/security.md.").tag(config=True)
    limits = Dict(
        help="Limits of a run that are not to be the assignment's or the defaults, by the names and in the units of "
        'autograder.simulator.limits.Limits, such as {"memory": 2 * 1024**3, "cpu": 60}. '
        "What was graded before is graded again only when that is forced."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Grade the submission that this notebook belongs to, and write the check cells' outputs.

        Raises:
            NotScored: when it cannot be graded, or the simulator broke; nbgrader reports it and goes on.
            CourseError: when the course folder lacks a part of the assignment.
        """
        told = resources["nbgrader"]
        assignment = _assignment(told["assignment"])
        course_folder = CourseDirectory(parent=self)
        folder = Path(course_folder.format_path(course_folder.submitted_directory, told["student"], assignment.name))
        graded = resources.get(GRADED) or self._graded(Submitted(told["student"], folder), assignment)
        report = graded.report
        if report.verdict in (Verdict.INFRASTRUCTURE, Verdict.NOT_GRADABLE):
            withhold(told["db_url"], assignment.name, told["student"])
            raise NotScored(f"{told['student']} was not scored ({report.verdict}): {reason(report)}")
        write_outputs(nb, report)
        put_stamp(nb, graded.stamp)
        resources[GRADED] = graded
        return nb, resources

    def _graded(self, submitted: Submitted, assignment: Assignment) -> GradedSubmission:
        course = Course.find()  # nbgrader works in the course folder
        store = Store(course.root / FOLDER, assignment.name)
        terms = ClassList.read(course.root, assignment.name, [submitted.student]).terms(submitted.student)
        submission = read(submitted, assignment, course, self._settings_of_kept(assignment), terms)
        report = store.get(submission.key)
        if report is None:
            self.log.info("Grading %s in the simulator", submitted.student)
            report = new_report(
                submission.content, submission.key, assignment, course, store, self._settings(assignment)
            )
        graded = GradedSubmission.of(submission, report)
        store.put_student(submitted.student, graded.report)
        return graded

    def settings(self, assignment: Assignment, *, unsandboxed: bool = False, remote: bool = False) -> RunSettings:
        """Return the settings that the configuration asks for, and where it asks for nothing the assignment.

        Args:
            unsandboxed: whether to go on without a sandbox, whatever the configuration says.
            remote: whether other machines grade; whether there is a sandbox is then seen there.

        Raises:
            CourseError: when they cannot be had: there is no sandbox, or a limit is none.
        """
        make = RunSettings.for_remote_grading if remote else RunSettings.for_grading
        return make(unsandboxed=unsandboxed or self.unsandboxed, limits={**assignment.limits, **self.limits})

    def _settings(self, assignment: Assignment) -> RunSettings:
        try:
            return self.settings(assignment)
        except CourseError as error:
            raise NotScored(str(error)) from error

    def _settings_of_kept(self, assignment: Assignment) -> RunSettings:
        """Return the settings with which a report may have been made: without a sandbox here, on another machine."""
        try:
            return self.settings(assignment)
        except NoSandbox:
            return self.settings(assignment, remote=True)
        except CourseError as error:
            raise NotScored(str(error)) from error


def write_outputs(notebook: NotebookNode, report: Report) -> None:
    """Write the outputs of all check cells, and clear those of all other cells.

    Raises:
        NotScored: when a check cell is not in the notebook, which ``RestoreCells`` prevents.
    """
    cells = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cells[cell.metadata.get("nbgrader", {}).get("grade_id")] = cell
    remarks = report.remarks
    for exercise in report.exercises:
        if exercise.check_cell not in cells:
            raise NotScored(
                f"the notebook has no check cell {exercise.check_cell}: RestoreCells "
                "of autograder.nbgrader_plugin.restore has to be the first of c.Autograde.sanitize_preprocessors"
            )
        cell = cells[exercise.check_cell]
        cell.outputs = check_outputs(exercise, float(cell.metadata.nbgrader["points"]), remarks)
        cell.execution_count = 1
        remarks = ()


def _assignment(name: str) -> Assignment:
    try:
        return assignments.load(name)
    except KeyError as error:
        raise NotScored(f"{error.args[0]}; this course folder grades only these") from error
