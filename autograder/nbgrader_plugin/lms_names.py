"""The names under which Moodle and Canvas put submissions into a download, and the student ids made of them.

Moodle names a file or a folder ``<name>_<number>_assignsubmission_file_<file>``, with the file after it or in the
folder. Canvas names a file ``<name>_<number>_<upload>_<file>``, with ``LATE`` after the name of whoever was late, and
``anon`` in place of the name where students are anonymous.

The student's id is ``<name>_<number>``. A name alone may belong to two students, and a number alone says nothing to
whoever reads a table. In Canvas the number is the user's id; in Moodle it belongs to the student in this assignment.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>\w+?)_(?:LATE_)?(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<name>anon)_(?P<number>[A-Za-z0-9]+)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL
)
_COPY = re.compile(r"(?: ?\((?P<bracketed>\d+)\)|-(?P<dashed>\d+))")
"""The endings that browsers and Canvas add to the name of a file that was there before."""


@dataclass(frozen=True)
class Upload:
    """A file of a student's in a download.

    Attributes:
        student: the student's id.
        number: how the LMS knows the student.
        file: the file's own name.
        upload: Canvas's number of the upload, which grows with time; 0 where there is none.
        depth: how many folders of the student's it is in.
        download: the folders around that; one download has one name.
    """

    student: str
    number: str
    file: str
    upload: int = 0
    depth: int = 0
    download: str = ""


def read_path(path: PurePath) -> Upload | None:
    """Return what a path in a download says; None if it is no student's, or an online text.

    The first part that names a student counts: what follows are the student's own folders and files.
    """
    for index, part in enumerate(path.parts):
        match = _match(part)
        if match is None:
            continue
        told = match.groupdict()
        if told.get("kind", "file") != "file":
            return None
        below = path.parts[index + 1 :]
        file = below[-1] if below else told["file"]
        if not file:
            return None
        student = f"{' '.join(told['name'].split())}_{told['number']}"
        upload, download = int(told.get("upload", 0)), "/".join(path.parts[:index])
        return Upload(student, told["number"], file, upload, len(below), download)
    return None


def may_be_of_canvas(part: str) -> bool:
    """Return whether a name has Canvas's form, which is so plain that other names can have it by chance."""
    match = _match(part)
    return match is not None and "upload" in match.groupdict()


def before_file(path: PurePath) -> str:
    """Return what stands in Canvas's name of an upload before the file's own name; empty where it is none of Canvas's.

    By the numbers in it Canvas knows whose upload it is, and which one.
    """
    match = next(filter(None, map(_match, path.parts)), None)
    return match.string[: match.start("file")] if match and "upload" in match.groupdict() else ""


def number_of_copy(file: str, wanted: str) -> int | None:
    """Return which copy of a wanted file a name stands for, such as 2 for ``lab-2.ipynb`` or ``lab (2).ipynb``.

    The name itself is copy 0. None when it is the name of another file.
    """
    file, path = unicodedata.normalize("NFC", file), PurePath(wanted)
    if file == wanted:
        return 0
    if not (file.startswith(path.stem) and file.endswith(path.suffix)):
        return None
    match = _COPY.fullmatch(file[len(path.stem) : len(file) - len(path.suffix)])
    return int(match["bracketed"] or match["dashed"]) if match else None


def name_in(student: str, number: str) -> str:
    """Return the name in an id that was made of a name and this number; empty for any other id."""
    return student.removesuffix(f"_{number}") if number and student.endswith(f"_{number}") else ""


def _match(part: str) -> re.Match[str] | None:
    part = unicodedata.normalize("NFC", part)
    return _MOODLE.fullmatch(part) or _CANVAS_ANONYMOUS.fullmatch(part) or _CANVAS.fullmatch(part)
