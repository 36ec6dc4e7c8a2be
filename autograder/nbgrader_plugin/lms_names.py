"""The names under which Moodle and Canvas put submissions into a download, and the student ids made of them.

Moodle names a file or a folder ``<name>_<number>_assignsubmission_<kind>_<file>``, with the file after it or in the
folder. The kind is ``file`` for what was uploaded and ``onlinetext`` for what was typed in. In an assignment for teams,
name and number are the group's; students in no group are together one team, which has no number. Some versions put
``<group>-`` before the name of a student.

Canvas names a file ``<name>_<number>_<upload>_<file>``, and what was typed in ``<name>_<number>_text.html``, or
``_link.html`` for an address. ``LATE`` follows the name of whoever was late, and ``anon`` and letters stand in place of
name and number where students are anonymous. A team has its own name, and the number of one of its members. Canvas
takes ``_7_`` out of a name, but not a ``_7`` at its end.

The student's id is ``<name>_<number>``. A name alone may belong to two students, and a number alone says nothing to
whoever reads a table. In Canvas the number is the user's id; in Moodle it belongs to the student in this assignment.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

_TEAM_WORDS = (
    "group|team|gruppe|groupe|grupo|grup|gruppo|groep|grupp|grupa|группа|skupina|equipe|équipe|equipo|squad|squadra"
)
_TEAM = re.compile(rf"(?:{_TEAM_WORDS})(?:[ _-]*\d+|[ _-]+[^\W\d_])", re.IGNORECASE)
"""The names that an LMS gives to teams which it makes itself, and that most people give to theirs."""

_MOODLE_KIND = r"_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?"
_MOODLE = re.compile(rf"(?P<name>.+?)_(?P<number>\d+){_MOODLE_KIND}", re.DOTALL)
_MOODLE_WITHOUT_GROUP = re.compile(rf"(?P<name>.+?){_MOODLE_KIND}", re.DOTALL)
_CANVAS_REST = r"_(?P<late>LATE_)?(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)"
_CANVAS_TEAM = re.compile(rf"(?i:(?P<name>(?:\w+_)?(?:{_TEAM_WORDS})_\d+)){_CANVAS_REST}", re.DOTALL)
_CANVAS = re.compile(rf"(?P<name>\w+?){_CANVAS_REST}", re.DOTALL)
_CANVAS_NUMBERED_NAME = re.compile(rf"(?P<name>\w+?_\d+){_CANVAS_REST}", re.DOTALL)
_CANVAS_TYPED = re.compile(r"(?P<name>\w+?)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file>(?P<kind>text|link)\.html)")
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon)_(?P<code>[A-Za-z0-9]+)_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<typed>(?P<kind>text|link)\.html))",
    re.DOTALL,
)
_NUMBER_IN_NAME = re.compile(r"(?:^|_)(\d+)(?=_|$)")
_COPY = re.compile(r"(?: ?\((?P<bracketed>\d+)\)|-(?P<dashed>\d+))")
"""The endings that browsers and Canvas add to the name of a file that was there before."""


class Kind(StrEnum):
    """The way in which something was handed in."""

    FILE = "an uploaded file"
    TEXT = "a text that was typed in"
    LINK = "a link"


_KINDS = {"file": Kind.FILE, "link": Kind.LINK}


@dataclass(frozen=True)
class Upload:
    """Something of a student's, or of a team's, in a download.

    Attributes:
        student: the student's id.
        number: how the LMS knows the student; empty where the name does not tell.
        file: the file's own name.
        upload: Canvas's number of the upload, which grows with time; 0 where there is none.
        depth: how many folders of the student's it is in.
        download: the folders around that; one download has one name.
        late: whether the LMS has marked it as late.
        team: whether it is of a team, as far as the name tells.
        moodle: whether the name has Moodle's form.
    """

    student: str
    number: str
    file: str
    upload: int = 0
    depth: int = 0
    download: str = ""
    kind: Kind = Kind.FILE
    late: bool = False
    team: bool = False
    moodle: bool = False


def read_path(path: PurePath) -> Upload | None:
    """Return what a path in a download says, as it is to be read most likely; None if it is no student's.

    The first part that names a student counts: what follows are the student's own folders and files.
    """
    return next(iter(readings(path)), None)


def readings(path: PurePath) -> list[Upload]:
    """Return all that a path in a download can mean, the most likely first."""
    for index, part in enumerate(path.parts):
        if matches := list(_matches(part)):
            return list(dict.fromkeys(found for match in matches if (found := _upload(match, path, index))))
    return []


def may_be_of_canvas(part: str) -> bool:
    """Return whether a name has Canvas's form, which is so plain that other names can have it by chance."""
    return any("upload" in match.groupdict() for match in _matches(part))


def before_file(path: PurePath) -> str:
    """Return what stands in Canvas's name of an upload before the file's own name; empty where it is none of Canvas's.

    By the first two numbers in it Canvas knows whose upload it is, and which one. So a number in a name, such as a
    team's, does not stand by itself in it.
    """
    match = next((match for part in path.parts for match in _matches(part)), None)
    if not match or not match.groupdict().get("upload"):
        return ""
    name, numbers = match.string[: match.end("name")], match.string[match.end("name") : match.start("file")]
    return _NUMBER_IN_NAME.sub(r"-\1", name) + numbers


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


def _matches(part: str) -> Iterator[re.Match[str]]:
    """Yield the readings of a name."""
    part = unicodedata.normalize("NFC", part)
    certain = (_MOODLE, _MOODLE_WITHOUT_GROUP, _CANVAS_ANONYMOUS, _CANVAS_TEAM)
    if match := next((found for pattern in certain if (found := pattern.fullmatch(part))), None):
        yield match
        return
    yield from (found for pattern in (_CANVAS, _CANVAS_NUMBERED_NAME) if (found := pattern.fullmatch(part)))
    if (match := _CANVAS_TYPED.fullmatch(part)) and not _CANVAS.fullmatch(part):
        yield match


def _upload(match: re.Match[str], path: PurePath, index: int) -> Upload | None:
    """Return what the part of a path at an index says with all that follows; None if that is no file."""
    told = match.groupdict()
    below = path.parts[index + 1 :]
    file = below[-1] if below else told["file"] or told.get("typed")
    if not file:
        return None
    name, number = " ".join(told["name"].split()), told.get("number") or ""
    of_moodle = match.re in (_MOODLE, _MOODLE_WITHOUT_GROUP)
    team = match.re is _MOODLE_WITHOUT_GROUP or bool(_TEAM.fullmatch(name))
    return Upload(
        student="_".join(filter(None, (name, number or told.get("code")))),
        number="" if of_moodle and team else number,  # a group's number in Moodle is no participant's
        file=file,
        upload=int(told.get("upload") or 0),
        depth=len(below),
        download="/".join(path.parts[:index]),
        kind=_KINDS.get(told.get("kind") or "file", Kind.TEXT),
        late=bool(told.get("late")),
        team=team,
        moodle=of_moodle,
    )
