"""The number of cells that a page shows."""

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from traitlets import Bool

MOST = 300
"""Cells that a student added. The course's own, with all that is graded, are always there."""


class LeaveOutCells(Preprocessor):
    """Leaves out of a page what a student added beyond `MOST` cells, and says so in the end."""

    enabled = Bool(True, help="Whether cells are left out.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return a copy of the notebook with the cells that are shown."""
        added = [index for index, cell in enumerate(nb.cells) if not cell.metadata.get("nbgrader")]
        left_out = set(added[MOST:])
        if not left_out:
            return nb, resources
        shown = [cell for index, cell in enumerate(nb.cells) if index not in left_out]
        note = new_markdown_cell(f"**{len(left_out)} more cells are left out of this page.** Grading has read them.")
        note.metadata["nbgrader"] = {"grade_id": "cells-left-out", "locked": True}
        return NotebookNode({**nb, "cells": [*shown, note]}), resources
