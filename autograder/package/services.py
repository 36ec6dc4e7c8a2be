"""The services for which there is an autograder, by the name that the command takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from autograder.course import Course
from autograder.package import gradescope, prairielearn
from autograder.report.model import Report
from autograder.rubric.model import Assignment


class Service(Protocol):
    """The module of a service. ``TITLE`` is its name."""

    TITLE: str

    def write(self, folder: Path, course: Course, assignment: Assignment) -> list[tuple[str, Path]]:
        """Write the autograder of an assignment into a folder. Return what is where."""

    def results(self, report: Report, seconds: float) -> dict[str, Any] | None:
        """Return what the service reads; None when there is nothing that it should."""


SERVICES: Mapping[str, Service] = {"gradescope": gradescope, "prairielearn": prairielearn}
