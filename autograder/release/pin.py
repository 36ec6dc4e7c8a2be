"""Metadata of a released notebook that is the same wherever and whenever it was generated.

An editor writes into a notebook what it was last run with: the kernel's name on that machine and the version of its
Python. None of it belongs into a release, which has to be the same bytes for everybody.
"""

import copy
from typing import Any, Final

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

PINNED: Final[dict[str, Any]] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All metadata that a released notebook has: what JupyterLab needs to choose a kernel."""


class PinMetadata(NbGraderPreprocessor):
    """Gives a notebook the pinned metadata, whatever it had. ``nbgrader_config.py`` names it for generating."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Replace the metadata of the notebook; that of its cells stays."""
        nb.metadata = from_dict(copy.deepcopy(PINNED))
        return nb, resources
