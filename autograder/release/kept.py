"""Keeps the release that was there when plain ``nbgrader generate_assignment`` fails.

nbgrader removes the old release before it makes the new one, and then what there is of the new one if it cannot: a
command that is not found, a gradebook that is locked or a cell that is wrong would take away what students are to get.
"""

import contextlib
import glob
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import NbGraderException

from autograder.atomic_file import in_words


class KeepingExporter(NotebookExporter):
    """nbgrader's exporter of notebooks. ``nbgrader_config.py`` names it for generating.

    A converter makes its exporter before it touches anything, and hands itself over. Nothing else of it that can be
    configured comes before the old release is removed.
    """

    def __init__(self, **traits: Any) -> None:
        """Let the converter that makes this keep what it is going to replace."""
        super().__init__(**traits)  # type: ignore[no-untyped-call]  # nbconvert ships no types for it
        converter: Any = self.parent
        converter.convert_notebooks = partial(_convert, converter, converter.convert_notebooks)


def _convert(converter: Any, convert: Callable[[], None]) -> None:
    """Convert notebooks; bring back what there was if that fails, however it does.

    Raises:
        NbGraderException: when nothing can be kept; then nothing was done.
    """
    ids = converter.coursedir.assignment_id, converter.coursedir.student_id
    there = [Path(found) for found in glob.glob(converter._format_dest(*ids))]  # noqa: PTH207  # an absolute pattern
    with contextlib.ExitStack() as stack:
        try:
            made = tempfile.TemporaryDirectory(prefix=".release-", dir=converter.coursedir.root)
            folder = Path(stack.enter_context(made))
            kept = [(release, shutil.copytree(release, folder / str(n))) for n, release in enumerate(there)]
        except OSError as error:
            raise _refused(converter, error) from error
        try:
            convert()
        except BaseException:
            for release, copy in kept:
                shutil.rmtree(release, ignore_errors=True)
                copy.rename(release)
                converter.log.error("The release that was there before is there again: %s", release.resolve())
            raise


def _refused(converter: Any, error: OSError) -> NbGraderException:
    if isinstance(error, shutil.Error):  # of a folder: what was said of each of its files
        error = OSError(str(error.args[0][0][2]))
    message = f"The release cannot be replaced, and stays as it is ({in_words(error)}). Mend that, then try again."
    converter.log.error(message)
    return NbGraderException(message)
