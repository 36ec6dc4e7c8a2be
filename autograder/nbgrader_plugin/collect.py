"""Collects submissions from what Moodle and Canvas give as a download, for ``nbgrader zip_collect``."""

import atexit
import filecmp
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, NoReturn

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks

from autograder.atomic_file import in_words
from autograder.course import CourseError
from autograder.nbgrader_plugin.choosing import NOTEBOOK, AmbiguousDownload, Choice, choose, is_left_behind
from autograder.nbgrader_plugin.collection_summary import summary, summary_of_class
from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.gradebook import remember_lms_ids
from autograder.nbgrader_plugin.lms_names import Upload, read_path
from autograder.nbgrader_plugin.marks import write_marks
from autograder.nbgrader_plugin.owners import FOR_MEMBERS, DownloadedFile
from autograder.nbgrader_plugin.submitted import submissions
from autograder.report.sanitize import visible
from autograder.roster.class_list import ClassList
from autograder.roster.model import Person


@dataclass(frozen=True)
class _Plan:
    """The plan of a collection.

    Attributes:
        files: by path what nbgrader wants to know of a file.
        of_class: the class, as it is when all of that is in place.
    """

    files: dict[str, dict[str, Any]]
    choice: Choice
    of_class: ClassList


class LmsCollector(FileNameCollectorPlugin):
    """Understands the file names of Moodle's and Canvas's downloads; see `autograder.nbgrader_plugin.lms_names`.

    Of each student the newest file of a notebook's name is collected, also if a browser or Canvas has numbered it.
    Whoever handed in no such notebook gets what there is collected, so that grading can say what is wrong with it
    instead of passing over the student. How the LMS knows each student is recorded in the gradebook, for the export;
    whom it marks as late, for the table. A time of handing in, which only a list in ``roster/`` has, goes with the
    files.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The command has no place for a last word. When the process ends, what is in place has been collected.
        atexit.register(self._tell)

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Return the student's id, name and time for a file, or None when it is not to be collected."""
        if self._plan is None:
            self._plan = self._planned()
        return self._plan.files.get(submitted_file)

    _plan: _Plan | None = None

    def _planned(self) -> _Plan:
        """Look at all files of the download, and record what it tells of the students."""
        app: Any = self.parent
        root = folder_of(app, app.extracted_directory)
        assignment = app.coursedir.assignment_id
        try:
            known = [one.student for one in submissions(app.coursedir, assignment)]
            before = ClassList.read(Path(app.coursedir.root), assignment, known)
            choice = choose(relative_files(root), self._wanted(), before.roster, known)
            uploads = {found.upload.student: found.upload for found, _ in choice.files}
            of_class = before.with_students([*dict.fromkeys([*known, *uploads])])
            self._record(uploads, of_class.matching.people)
        except (AmbiguousDownload, CourseError) as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"{in_words(error)}. Mend that, and collect again with --force.")
        people = of_class.matching.people
        files = {str(root / file.location): _told(file, name, people) for file, name in choice.files}
        return _Plan(files, choice, of_class)

    def _record(self, uploads: Mapping[str, Upload], people: Mapping[str, Person]) -> None:
        """Record how the LMS knows students, and whom it marks as late."""
        app: Any = self.parent
        numbers = {student: upload.number for student, upload in uploads.items()}
        emails = {student: people[student].email for student in uploads if student in people}
        with same_search_paths():
            remember_lms_ids(app.coursedir.db_url, numbers, emails)
        write_marks(folder_of(app, "."), [student for student, upload in uploads.items() if upload.late])

    def _wanted(self) -> list[str]:
        """Return the names of the assignment's notebooks."""
        app: Any = self.parent
        released = app.coursedir.format_path(app.coursedir.release_directory, ".", app.coursedir.assignment_id)
        return list(find_all_notebooks(released)) or [f"{app.coursedir.assignment_id}{NOTEBOOK}"]

    def _tell(self) -> None:
        """Say what was collected, once it was found out what was to be."""
        app: Any = self.parent
        problems = getattr(app.extractor_plugin_inst, "problems", ())
        if self._plan is None and not problems:
            print(_nothing_there(folder_of(app, app.archive_directory)), end="")
            return
        files = self._plan.files if self._plan else {}
        collected: dict[str, list[str]] = {}
        for path, told in files.items():
            student, name = told["student_id"], f"{PurePath(told['file_id']).stem}{PurePath(path).suffix}"
            folder = app.coursedir.format_path(app.coursedir.submitted_directory, student, app.coursedir.assignment_id)
            there = collected.setdefault(student, [])
            if _same(Path(path), Path(folder, name)):
                there.append(name)
        root = folder_of(app, app.extracted_directory)
        others = [path for path in relative_files(root) if read_path(path) is None and not is_left_behind(path)]
        notes = self._plan.choice.notes if self._plan else ()
        print(summary(self._wanted(), collected, problems, notes, others))
        if self._plan:
            print(summary_of_class(self._plan.of_class), end="")

    def _fail(self, message: str) -> NoReturn:
        app: Any = self.parent
        app.fail(message)
        raise AssertionError("nbgrader ends the command")


def _told(file: DownloadedFile, name: str, people: Mapping[str, Person]) -> dict[str, Any]:
    """Return what nbgrader wants to know of a file."""
    student = file.upload.student
    told: dict[str, Any] = {"student_id": student, "file_id": name}
    if (person := people.get(student)) and person.handed_in:
        told["timestamp"] = person.handed_in
    return told


def _same(file: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(file, other, shallow=False)
    except OSError:
        return False


def relative_files(root: Path) -> list[PurePath]:
    """Return all files of a download, relative to the folder with what was extracted."""
    found = (Path(parent, name).relative_to(root) for parent, _, names in os.walk(root) for name in names)
    return [path for path in found if path.parts[0] != FOR_MEMBERS]


def folder_of(app: Any, step: str) -> Path:
    """Return the folder of a step of the collection, as nbgrader's configuration lays it out."""
    place = app.collect_directory_structure.format(
        downloaded=app.downloaded_directory, assignment_id=app.coursedir.assignment_id, collect_step=step
    )
    return Path(app.coursedir.root, place)


def _nothing_there(archive: Path) -> str:
    """Return a line that says why nothing was collected, if that is because there is nothing to collect from."""
    if archive.is_dir():
        if any(archive.iterdir()):
            return ""
        why = f"there is nothing in {archive}."
    else:
        why = f"there is no folder {archive}."
    beside = sorted(path.name for path in archive.parent.glob("*") if path.is_file() and not path.name.startswith("."))
    to_move = f" Put into it what is beside it: {visible(', '.join(beside), 200)}" if beside else ""
    others = [one for one in archive.parent.parent.glob("*/*") if _folded(one) == _folded(archive) and one != archive]
    meant = f" Capitals count: {others[0]} is not it." if others else ""
    return f"Nothing was collected: {why}{meant}{to_move}\n"


def _folded(folder: Path) -> list[str]:
    return [part.casefold() for part in folder.parts[-2:]]
