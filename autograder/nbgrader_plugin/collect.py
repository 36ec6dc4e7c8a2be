"""Collects submissions from what Moodle and Canvas give as a download, for ``nbgrader zip_collect``.

nbgrader asks for one file at a time, and ends the whole collection when a student has two of a name, unless file names
tell times. Those of Moodle and Canvas do not. So this looks at all files first, and chooses.
"""

import atexit
import filecmp
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, NoReturn

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks

from autograder.nbgrader_plugin.collection_summary import summary
from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.gradebook import remember_lms_ids
from autograder.nbgrader_plugin.lms_names import Upload, may_be_of_canvas, number_of_copy, read_path
from autograder.nbgrader_plugin.stamp import TIMESTAMP

NOTEBOOK = ".ipynb"
_NEVER = {TIMESTAMP}
"""nbgrader would believe a student's own file about when it was handed in."""


class AmbiguousDownload(Exception):
    """It cannot be told what to collect. The message says what to do."""


@dataclass(frozen=True)
class Found:
    """A file in a download.

    Attributes:
        path: relative to the folder with all that was extracted.
    """

    path: PurePath
    upload: Upload


class LmsCollector(FileNameCollectorPlugin):
    """Understands the file names of Moodle's and Canvas's downloads; see `autograder.nbgrader_plugin.lms_names`.

    Of each student the newest file of a notebook's name is collected, also if a browser or Canvas has numbered it.
    Whoever handed in no such notebook gets what there is collected, so that grading can say what is wrong with it
    instead of passing over the student. How the LMS knows each student is recorded in the gradebook, for the export.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The command has no place for a last word. When the process ends, what is in place has been collected.
        atexit.register(self._tell)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the student's id and name for a file, or None when it is not to be collected."""
        return self._collected().get(submitted_file)

    def _collected(self) -> dict[str, dict[str, str]]:
        """Return what is collected, by path; find it out once, at the first file."""
        if self._known is None:
            app: Any = self.parent
            root = folder_of(app, app.extracted_directory)
            try:
                chosen = choose(relative_files(root), self._wanted())
            except AmbiguousDownload as error:
                self._fail(str(error))
            with same_search_paths():
                remember_lms_ids(
                    app.coursedir.db_url, {found.upload.student: found.upload.number for found, _ in chosen}
                )
            self._known = {
                str(root / found.path): {"student_id": found.upload.student, "file_id": name} for found, name in chosen
            }
        return self._known

    _known: dict[str, dict[str, str]] | None = None

    def _wanted(self) -> list[str]:
        """Return the names of the assignment's notebooks."""
        app: Any = self.parent
        released = app.coursedir.format_path(app.coursedir.release_directory, ".", app.coursedir.assignment_id)
        return list(find_all_notebooks(released)) or [f"{app.coursedir.assignment_id}{NOTEBOOK}"]

    def _tell(self) -> None:
        """Say what was collected, once it was found out what was to be."""
        app: Any = self.parent
        problems = getattr(app.extractor_plugin_inst, "problems", ())
        if self._known is None and not problems:
            return
        collected: dict[str, list[str]] = {}
        for path, told in (self._known or {}).items():
            student, name = told["student_id"], f"{PurePath(told['file_id']).stem}{PurePath(path).suffix}"
            folder = app.coursedir.format_path(app.coursedir.submitted_directory, student, app.coursedir.assignment_id)
            there = collected.setdefault(student, [])
            if _same(Path(path), Path(folder, name)):
                there.append(name)
        root = folder_of(app, app.extracted_directory)
        others = [path for path in relative_files(root) if read_path(path) is None and not _is_left_behind(path)]
        print(summary(self._wanted(), collected, problems, others))

    def _fail(self, message: str) -> NoReturn:
        app: Any = self.parent
        app.fail(message)
        raise AssertionError("nbgrader ends the command")


def _same(file: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(file, other, shallow=False)
    except OSError:
        return False


def choose(paths: Iterable[PurePath], wanted: Sequence[str]) -> list[tuple[Found, str]]:
    """Return the files to collect of a download, each with the name under which it is handed in.

    Args:
        paths: all files, relative to the folder with all that was extracted. There a download that was an archive is a
            folder.
        wanted: the names of the assignment's notebooks.

    Raises:
        AmbiguousDownload: when two downloads hold different files of a student, or one is named like a student's.
    """
    students: dict[str, list[Found]] = defaultdict(list)
    in_order = sorted(paths)
    _refuse_downloads_named_like_a_student(in_order)
    for path in in_order:
        upload = read_path(path)
        if upload and upload.file.lower() not in _NEVER and not _is_left_behind(path):
            students[upload.student].append(Found(path, upload))
    chosen = []
    for files in students.values():
        notebooks = [(found, name) for name in wanted if (found := _newest(files, name))]
        chosen += notebooks or [(found, name) for name in _names(files) if (found := _newest(files, name))]
    return chosen


def _refuse_downloads_named_like_a_student(paths: Sequence[PurePath]) -> None:
    """Refuse downloads that are named like something of one student's and hold what is named like several students'.

    A student can put any name into an archive of theirs. So this is said only when all that looks like a student's at
    the top is of that kind: where the download was unpacked by hand, the others' uploads are beside that archive.
    """
    looks_like_students = {path.parts[0] for path in paths if may_be_of_canvas(path.parts[0])}
    holds_students = {
        path.parts[0] for path in paths if len(path.parts) > 1 and all(map(may_be_of_canvas, path.parts[:2]))
    }
    if holds_students and holds_students == looks_like_students:
        raise AmbiguousDownload(
            f"The archive {min(holds_students)} is named like one of a student's and holds files that are named like "
            "several students'. If it is the whole download, give it another name; if it is a student's, unpack it and "
            "rename what it holds. Then collect again."
        )


def _is_left_behind(path: PurePath) -> bool:
    """Return whether a file was left by an operating system or an editor."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _names(files: Sequence[Found]) -> list[str]:
    """Return the names of a student's notebooks, else of all of the student's files."""
    names = {found.upload.file for found in files}
    return sorted({name for name in names if name.endswith(NOTEBOOK)} or names)


def _newest(files: Sequence[Found], name: str) -> Found | None:
    """Return the file that counts: from the last upload, the last copy, in the outermost folder."""
    ranked = [
        ((found.upload.upload, copy, -found.upload.depth), found)
        for found in files
        if (copy := number_of_copy(found.upload.file, name)) is not None
    ]
    if not ranked:
        return None
    best, chosen = max(ranked, key=lambda one: one[0])
    for rank, other in ranked:
        if rank == best and other.upload.download != chosen.upload.download:
            raise AmbiguousDownload(
                f"{chosen.path} and {other.path} are of the same student, and their names do not tell which is newer. "
                "Leave one download only in the archive folder, and collect again."
            )
    return chosen


def relative_files(root: Path) -> list[PurePath]:
    """Return all files in a folder, relative to it."""
    return [Path(parent, name).relative_to(root) for parent, _, names in os.walk(root) for name in names]


def folder_of(app: Any, step: str) -> Path:
    """Return the folder of a step of the collection, as nbgrader's configuration lays it out."""
    place = app.collect_directory_structure.format(
        downloaded=app.downloaded_directory, assignment_id=app.coursedir.assignment_id, collect_step=step
    )
    return Path(app.coursedir.root, place)
