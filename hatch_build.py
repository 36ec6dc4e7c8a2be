"""Adds to the wheel, which is for students, that JupyterLab leaves out nbgrader's panels for instructors.

A checkout, in which instructors work, is installed without.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PANELS = "autograder/notebook/lab_panels.json"
_PLACE = "etc/jupyter/labconfig/page_config.d/flare-p2p-course.json"


class LabPanels(BuildHookInterface[Any]):
    """The hook that hatchling calls; ``version`` is ``editable`` for a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Let the wheel bring the file to where JupyterLab reads it."""
        if version == "standard":
            build_data["shared_data"][_PANELS] = _PLACE
