"""Chooses what is collected of a download: of each student the newest file of a notebook's name.

nbgrader asks for one file at a time, and ends the whole collection when a student has two of a name, unless file names
tell times. Those of Moodle and Canvas do not. So this looks at all files first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath

from autograder.nbgrader_plugin.lms_names import Kind, may_be_of_canvas, number_of_copy, read_path
from autograder.nbgrader_plugin.owners import DownloadedFile, Owners
from autograder.nbgrader_plugin.stamp import TIMESTAMP
from autograder.roster.model import Roster

NOTEBOOK = ".ipynb"
_NEVER = {TIMESTAMP}
"""nbgrader would believe a student's own file about when it was handed in."""
_LEFT_BEHIND = "only what an editor or an operating system leaves behind, such as a checkpoint"


class AmbiguousDownload(Exception):
    """A download of which it cannot be told what to collect. The message says what to do."""


@dataclass(frozen=True)
class Choice:
    """The choice of what is collected.

    Attributes:
        files: each with the name under which it is handed in.
        notes: what a person should know, each after the student or team that it is about.
    """

    files: tuple[tuple[DownloadedFile, str], ...]
    notes: tuple[tuple[str, str], ...] = ()


def choose(paths: Iterable[PurePath], wanted: Sequence[str], roster: Roster, known: Collection[str] = ()) -> Choice:
    """Return what is to be collected of a download.

    Args:
        paths: all files, relative to the folder with all that was extracted. There a download that was an archive is a
            folder.
        wanted: the names of the assignment's notebooks.
        roster: the class, as far as it is known.
        known: the ids of students who have handed in before.

    Raises:
        AmbiguousDownload: when nothing is collected because two downloads hold files of the same students, or when one
            is named like a student's.
    """
    in_order = sorted(path for path in paths if not is_left_behind(path) or _is_in_an_upload(path))
    _refuse_downloads_named_like_a_student(in_order)
    owners = Owners(roster, known, wanted)
    students: dict[str, list[DownloadedFile]] = defaultdict(list)
    for one in owners.of(in_order):
        if one.upload.file.lower() not in _NEVER:
            students[one.upload.student].append(one)
    chosen: list[tuple[DownloadedFile, str]] = []
    ambiguous: dict[str, AmbiguousDownload] = {}
    for student, files in students.items():
        try:
            chosen += _of_student([one for one in files if not is_left_behind(one.path)] or files, wanted)
        except AmbiguousDownload as error:
            ambiguous[student] = error
    if ambiguous and not chosen:
        raise next(iter(ambiguous.values()))
    typed = [(one.upload.student, f"only {one.upload.kind}") for one, _ in chosen if one.upload.kind is not Kind.FILE]
    left = [(one.upload.student, _LEFT_BEHIND) for one, _ in chosen if is_left_behind(one.path)]
    untold = [(student, f"not collected: {error}") for student, error in ambiguous.items()]
    return Choice(tuple(chosen), (*owners.notes, *dict.fromkeys([*typed, *left]), *untold))


def _of_student(files: Sequence[DownloadedFile], wanted: Sequence[str]) -> list[tuple[DownloadedFile, str]]:
    """Return a student's notebooks, or what there is in their place."""
    notebooks = [(found, name) for name in wanted if (found := _newest(files, name))]
    return notebooks or [(found, name) for name in _names(files) if (found := _newest(files, name))]


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


def is_left_behind(path: PurePath) -> bool:
    """Return whether a file was left by an operating system or an editor."""
    return any(map(_is_hidden, path.parts))


def _is_in_an_upload(path: PurePath) -> bool:
    """Return whether a file that was left behind is in what a student uploaded, and not above that."""
    above = PurePath(*takewhile(lambda part: not _is_hidden(part), path.parts), "file")
    return read_path(above) is not None


def _is_hidden(part: str) -> bool:
    return part.startswith(".") or part == "__MACOSX"


def _names(files: Sequence[DownloadedFile]) -> list[str]:
    """Return the names of a student's notebooks, else of all files, else of what was typed in."""
    names = {found.upload.file for found in files if found.upload.kind is Kind.FILE} or {
        found.upload.file for found in files
    }
    return sorted({name for name in names if name.endswith(NOTEBOOK)} or names)


def _newest(files: Sequence[DownloadedFile], name: str) -> DownloadedFile | None:
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
