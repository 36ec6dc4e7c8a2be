"""Tells whose each file of a download is, where its name alone does not: teams, names with a prefix, two readings."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from autograder.nbgrader_plugin.lms_names import Upload, number_of_copy, readings
from autograder.roster.model import Person, Roster, folded

FOR_MEMBERS = "for members"
"""The folder with copies of teams' files, in that with all that was extracted."""


@dataclass(frozen=True)
class DownloadedFile:
    """A file in a download.

    Attributes:
        path: relative to the folder with all that was extracted.
        copy: of a team's file the number of the member, from 0; nbgrader takes a file for one student only, so the
            others need copies.
    """

    path: PurePath
    upload: Upload
    copy: int = 0

    @property
    def location(self) -> PurePath:
        """Return where the file is, or its copy for this member."""
        return PurePath(FOR_MEMBERS, str(self.copy), self.path) if self.copy else self.path


class Owners:
    """Finds the student of each file, or all members of a team.

    Attributes:
        notes: what a person should know, each with the student or team that it is about.
    """

    def __init__(self, roster: Roster, known: Collection[str], wanted: Sequence[str]) -> None:
        """Take what is known besides the names.

        Args:
            known: the ids of students who have handed in before.
            wanted: the names of the assignment's notebooks.
        """
        self._roster = roster
        self._known = known
        self._wanted = wanted
        self._numbered = {person.number: person for person in roster.people if person.number}
        self.notes: dict[tuple[str, str], None] = {}

    def of(self, paths: Iterable[PurePath]) -> list[DownloadedFile]:
        """Return all files that are somebody's, with their owners; a file of a team once for each member."""
        files = [
            DownloadedFile(path, upload)
            for path in paths
            if path.parts[0] != FOR_MEMBERS and (upload := self._read(path))
        ]
        for_teams = {file.upload.download for file in files if _tells_of_teams(file.upload)}
        owned = [one for file in files for one in self._of_team(file, file.upload.download in for_teams)]
        return self._as_one(owned)

    def _read(self, path: PurePath) -> Upload | None:
        """Read a name; of two readings take the one that fits the assignment or the class."""
        possible = readings(path)
        if len(possible) < 2:
            return possible[0] if possible else None
        for fits in (
            [one for one in possible if any(number_of_copy(one.file, name) is not None for name in self._wanted)],
            [one for one in possible if one.number in self._numbered],
        ):
            if len(fits) == 1:
                return fits[0]
        self._note(possible[0].student, "the file's name can be read in two ways, so no number of Canvas's is recorded")
        return replace(possible[0], number="")

    def _of_team(self, file: DownloadedFile, for_teams: bool) -> list[DownloadedFile]:
        upload = file.upload
        if not upload.moodle:
            if upload.team:
                self._note(upload.student, "a team's, with the number of the member who handed in")
            return [file]
        name = upload.student.rpartition("_")[0] or upload.student
        members = self._roster.team(name)
        person = self._numbered.get(upload.number)
        if person and person.name and person.may_be_called(name):
            return [file]
        if not (for_teams or upload.team or members):
            return [self._of_participant(file)]
        if not members:
            self._note(
                upload.student,
                "a team's: its number is the group's, so Moodle takes no grade by it. With a list in roster/ that has "
                "a column of groups, each member gets it",
            )
            return [replace(file, upload=replace(upload, number="", team=True))]
        self._note(upload.student, f"a team's, which goes to {', '.join(person.label for person in members)}")
        return [replace(file, upload=_of_member(upload, person), copy=number) for number, person in enumerate(members)]

    def _of_participant(self, file: DownloadedFile) -> DownloadedFile:
        """Leave a number out that is not that of a participant with this name, where all of them are known."""
        person = self._numbered.get(file.upload.number)
        if not self._numbered or (person and not person.name):  # where students are anonymous, the list has no names
            return file
        self._note(file.upload.student, "no participant in roster/ has this name and number, so none is recorded")
        return replace(file, upload=replace(file.upload, number=""))

    def _as_one(self, files: list[DownloadedFile]) -> list[DownloadedFile]:
        """Give everything of one student the same id: that of an earlier collection, else the shortest."""
        numbers: dict[str, str] = {}
        for file in files:
            numbers[file.upload.student] = numbers.get(file.upload.student) or file.upload.number
        by_number: dict[str, list[str]] = {}
        for student in dict.fromkeys([*self._known, *numbers]):
            by_number.setdefault(numbers.get(student) or student.rpartition("_")[2], []).append(student)
        ids = {
            student: self._id_of(student, by_number[number]) if number else student
            for student, number in numbers.items()
        }
        return [
            replace(
                file, upload=replace(file.upload, student=ids[file.upload.student], number=numbers[file.upload.student])
            )
            for file in files
        ]

    def _id_of(self, student: str, others: Iterable[str]) -> str:
        same = [other for other in others if _is_same_name(student, other)]
        best = min(same, key=lambda other: (other not in self._known, len(other), other))
        if best != student:
            self._note(best, f"also called {student}; by the number it is the same student")
        return best

    def _note(self, student: str, note: str) -> None:
        self.notes[student, note] = None


def _tells_of_teams(upload: Upload) -> bool:
    """Return whether a name can only be that of a team: Moodle gives each student a number."""
    return upload.moodle and upload.team and "_" not in upload.student


def _of_member(upload: Upload, person: Person) -> Upload:
    return replace(upload, student=person.student, number=person.number, team=True)


def _is_same_name(student: str, other: str) -> bool:
    """Return whether two ids with one number differ only in case or in the group that Moodle puts before a name."""
    first, second = sorted((folded(one).replace(" ", "") for one in (student, other)), key=len)
    return first == second or second.endswith(f"-{first}")
