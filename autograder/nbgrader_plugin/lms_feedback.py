"""The feedback pages of a class as archives that Moodle and Canvas give back to the students.

Moodle's *Upload multiple feedback files in a zip* reads whose a folder is from its name, which it takes apart at the
underscores: a name, the participant's number, ``assignfeedback`` and ``file``. It passes over what it has already.

Canvas's *Upload Submissions* (of a downloaded assignment) takes the user's number and that of an upload of the user's
from a file's name, as they are in the download, and passes over any other file. It shows the page as a comment, under
the name of the file that was uploaded.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from nbgrader.api import Gradebook
from nbgrader.apps import ZipCollectApp

from autograder.atomic_file import replacing_bytes
from autograder.nbgrader_plugin.class_book import is_whole
from autograder.nbgrader_plugin.collect import folder_of, relative_files
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.lms_names import before_file, name_in, read_path
from autograder.nbgrader_plugin.submitted import submissions
from autograder.nbgrader_plugin.trouble import gradebook_errors

MOODLE, CANVAS = "moodle", "canvas"
_NUMBER, _ID = "number", "id"
NO_PAGE = "there is no feedback page; grade it first"
_HALF = "the feedback page is not whole; grade it again"
_UNREADABLE = "the feedback page cannot be read; give yourself the right to"
_NO_NUMBER = {
    MOODLE: "not collected from a download of Moodle's, so there is no participant's number",
    CANVAS: "no upload in the download of Canvas's, so Canvas would not know whose page it is",
}
_NO_PART_OF_NAMES = re.compile(r"[^\w.-]|_")
_ENTRY = 256
"""Bytes that an archive needs for an entry at most, besides twice its name and what is in it."""


@dataclass(frozen=True)
class Page:
    """A student's page, and its name in an archive."""

    student: str
    path: Path
    name: str


@dataclass(frozen=True)
class Pages:
    """The pages of a class, and who is left out for which reason."""

    pages: tuple[Page, ...]
    left_out: tuple[tuple[str, str], ...]


def pages_for(lms: str, app: CourseApp, assignment: str) -> Pages:
    """Return the page of each student who handed in an assignment, with the name by which an LMS knows whose it is.

    Raises:
        GradebookTrouble: when it cannot be told how the LMS knows the students.
    """
    students = [one.student for one in submissions(app.coursedir, assignment)]
    numbers = _numbers(app)
    names = _moodle_names(numbers) if lms == MOODLE else _canvas_names(students, numbers, _download(app, assignment))
    found, left_out = [], []
    for student in students:
        folder = app.coursedir.format_path(app.coursedir.feedback_directory, student, assignment)
        path = Path(folder, f"{assignment}.html")
        if why := not_there(path) or ("" if student in names else _NO_NUMBER[lms]):
            left_out.append((student, why))
        else:
            found.append(Page(student, path, f"{names[student]}{assignment}.html"))
    return Pages(tuple(found), tuple(left_out))


def not_there(page: Path) -> str:
    """Return why a feedback page cannot be given back; empty when it can."""
    try:
        if not page.is_file():
            return NO_PAGE
        return "" if is_whole(page) else _HALF
    except PermissionError:
        return _UNREADABLE


def _numbers(app: CourseApp) -> dict[str, str]:
    """Return the numbers by which students are known who were collected from a download."""
    with gradebook_errors(app.coursedir.db_url), Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        told = {student.id: student.lms_user_id or "" for student in gradebook.students}
    return {student: number for student, number in told.items() if name_in(student, number)}


def _moodle_names(numbers: Mapping[str, str]) -> dict[str, str]:
    """Return each student's folder, with a slash. Who was collected by hand may have a number of another kind."""
    return {
        student: f"{_NO_PART_OF_NAMES.sub(' ', name_in(student, number))}_{number}_assignfeedback_file/"
        for student, number in numbers.items()
        if number.isdecimal()
    }


def _canvas_names(students: Iterable[str], numbers: Mapping[str, str], download: Iterable[PurePath]) -> dict[str, str]:
    """Return for each student what Canvas's name of the newest upload begins with.

    Where students are anonymous they have no number, and are known by the id that was made of the name.
    """
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    for path in download:
        upload, begins = read_path(path), before_file(path)
        if upload and begins:
            for known_by in filter(all, ((_NUMBER, upload.number), (_ID, upload.student))):
                newest[known_by] = max(newest.get(known_by, (-1, "")), (upload.upload, begins))
    found = {one: newest.get((_NUMBER, numbers.get(one, ""))) or newest.get((_ID, one)) for one in students}
    return {student: told[1] for student, told in found.items() if told}


def _download(app: CourseApp, assignment: str) -> list[PurePath]:
    app.coursedir.assignment_id = assignment
    collecting = ZipCollectApp(parent=app, coursedir=app.coursedir)
    return relative_files(folder_of(collecting, collecting.extracted_directory))


def write_archives(pages: Sequence[Page], folder: Path, name: str, largest: int) -> list[Path]:
    """Write pages into archives, and remove those of before. Return where they are.

    Args:
        name: of the archives; where there are several, a number follows it.
        largest: bytes of an archive. A page that is larger by itself gets one of its own.

    Raises:
        OSError: when one cannot be written.
    """
    parts = list(_parts(pages, largest))
    numbered = [f"{name}-{number}" for number in range(1, len(parts) + 1)] if len(parts) > 1 else [name]
    paths = [folder / f"{one}.zip" for one in numbered]
    for path, part in zip(paths, parts, strict=True):
        with replacing_bytes(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for page in part:
                archive.write(page.path, page.name)
    for path in folder.glob(f"{name}*.zip"):
        if path not in paths and re.fullmatch(rf"{re.escape(name)}(-\d+)?\.zip", path.name):
            path.unlink()
    return paths


def _parts(pages: Sequence[Page], largest: int) -> Iterator[list[Page]]:
    """Yield the pages of each archive, of which each is as full as it may be."""
    part: list[Page] = []
    size = 0
    for page in pages:
        needs = len(zlib.compress(page.path.read_bytes())) + 2 * len(page.name.encode()) + _ENTRY
        if part and size + needs > largest:
            yield part
            part, size = [], 0
        part.append(page)
        size += needs
    yield part
