"""The marks of an LMS on submissions, kept from collecting to grading: whom it calls late, without saying how much."""

import json
from collections.abc import Collection
from pathlib import Path

from nbgrader.apps.zipcollectapp import ZipCollectApp
from traitlets.config import Application

from autograder.atomic_file import replacing

_FILE = "late.json"


def write_marks(folder: Path, late: Collection[str]) -> None:
    """Write down which students' submissions the LMS has marked as late.

    Args:
        folder: that of the assignment's download.

    Raises:
        OSError: when it cannot be written.
    """
    with replacing(folder / _FILE) as file:
        json.dump(sorted(late), file)


def read_marks(app: Application, root: Path, assignment: str) -> frozenset[str]:
    """Return which students' submissions the LMS has marked as late, as far as that is written down."""
    configured = app.config.ZipCollectApp
    structure = configured.get("collect_directory_structure", ZipCollectApp.collect_directory_structure.default_value)
    downloaded = configured.get("downloaded_directory", ZipCollectApp.downloaded_directory.default_value)
    place = structure.format(downloaded=downloaded, assignment_id=assignment, collect_step=".")
    try:
        found = json.loads(Path(root, place, _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()
