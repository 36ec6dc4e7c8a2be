"""Puts the grade of a submission into its feedback page, as the gradebook has it when the page is made."""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograder.nbgrader_plugin.grades import entered

_MARK = '<meta name="grade" content="{}">'
_HEAD = 1000
"""Bytes of a page in which its mark is."""


class ShowGrade(GetGrades):
    """Stands where nbgrader's ``GetGrades`` stood in ``c.GenerateFeedback.preprocessors``."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Give the template the grade, and points and comments of each cell.

        Raises:
            MissingEntry: when the gradebook has no such submission.
        """
        nb, resources = super().preprocess(nb, resources)
        told = resources["nbgrader"]
        if found := entered(told["db_url"], told["assignment"], told["student"]):
            told["grade"], told["mark"] = found.grade, _MARK.format(found.mark)
        return nb, resources


def shows(page: Path, mark: str) -> bool:
    """Return whether a page was made when the gradebook had what this mark stands for.

    Raises:
        OSError: when it cannot be read.
    """
    with page.open("rb") as file:
        return _MARK.format(mark).encode() in file.read(_HEAD)
