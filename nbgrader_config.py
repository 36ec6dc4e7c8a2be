"""nbgrader's configuration of this course: plain ``nbgrader`` commands work in this folder.

nbgrader executes this file more than once in a command, so every line sets and none adds.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  # nbgrader puts it there

c.CourseDirectory.course_id = "p2p"
# This folder, also for a command that is started elsewhere with --config.
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# To make a gradebook, nbgrader calls the command alembic. It is found also where the environment was not activated.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ.get("PATH", os.defpath).split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ.get("PATH", os.defpath)])

# nbgrader removes the old release first. This one puts it back when the new one cannot be made.
c.GenerateAssignment.exporter_class = "autograder.release.kept.KeepingExporter"

# The instructor's notebooks hold stubs and no solutions, so there is nothing to clear. ClearSolutions would replace a
# stub's signature and docstring by a bare line.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "autograder.release.pin.PinMetadata",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "autograder.nbgrader_plugin.cells.SaveCourseCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Downloads from Moodle and Canvas. One pattern for file names cannot do it: it cannot tell which of two files is newer.
c.ZipCollectApp.collector_plugin = "autograder.nbgrader_plugin.collect.LmsCollector"
# nbgrader's own one unpacks anything, however large, and ends the command at the first archive that is damaged.
c.ZipCollectApp.extractor_plugin = "autograder.nbgrader_plugin.extract.LmsExtractor"

# nbgrader copies what lies beside a notebook into its results. An environment has thousands of files, and links;
# the file of somebody's attempts is theirs.
_never_copied = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
c.CourseDirectory.ignore = [*_never_copied, ".venv", "venv", "node_modules", ".git", "*-attempts.jsonl"]

# What was handed in is first put in order: nbgrader trusts what a notebook says of its own cells.
c.Autograde.sanitize_preprocessors = [
    "autograder.nbgrader_plugin.restore.RestoreCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True

# GradeInSimulator stands where nbgrader's Execute would run a student's cells in a kernel.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.preprocessor.GradeInSimulator",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugin.scores.SaveScores",
    "autograder.nbgrader_plugin.late_penalties.LatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Penalties by roster/rules.toml; a class of your own can stand in its place.
c.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugin.late_penalties.PenaltyByRules"

# A hidden test would otherwise show in the feedback.
c.GenerateFeedback.preprocessors = [
    "autograder.nbgrader_plugin.shown_grade.ShowGrade",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# The course's own page, with the results first. nbgrader's own one takes scripts from another server.
c.GenerateFeedback.exporter_class = "autograder.nbgrader_plugin.feedback.FeedbackExporter"

# nbgrader's own one stops for the whole class at the first submission that did not come through the exchange.
c.ExchangeFactory.release_feedback = "autograder.nbgrader_plugin.release_feedback.ReleaseFeedback"

# A submission that was not scored has an empty score in the list, and not 0.
c.ExportApp.plugin_class = "autograder.nbgrader_plugin.export.GradesCsv"

# What students wrote runs no script in a page, fetches nothing, stays in its place and takes no longer than it may.
# These filters are for the Formgrader, whose pages are nbgrader's; the feedback page has them in any case.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.preprocessors = ["autograder.nbgrader_plugin.page_cells.LeaveOutCells"]
c.HTMLExporter.filters = {
    "clean_html": "autograder.nbgrader_plugin.page_filters.clean_html",
    "highlight_code": "autograder.nbgrader_plugin.page_filters.highlight_code",
    "markdown2html": "autograder.nbgrader_plugin.page_filters.markdown2html",
    "strip_files_prefix": "autograder.nbgrader_plugin.page_filters.unchanged",
}
