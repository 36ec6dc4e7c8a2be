"""The class of an assignment at a glance: who is in it, who has handed in, and on which terms."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import CourseError
from autograder.roster.lists import read_roster
from autograder.roster.matching import Matching, match
from autograder.roster.model import FOLDER, Roster, roster_folder
from autograder.roster.rules import FILE, Rules, read_rules
from autograder.roster.terms import Terms, is_meant, terms_of


@dataclass(frozen=True)
class ClassList:
    """The class of an assignment.

    Attributes:
        students: the ids of those who handed in.
        misnamed: what the rules call an assignment and is none of the course folder.
    """

    assignment: str
    rules: Rules
    roster: Roster
    matching: Matching
    students: tuple[str, ...]
    misnamed: tuple[str, ...] = ()

    @classmethod
    def read(cls, root: Path, assignment: str, students: Sequence[str]) -> "ClassList":
        """Read the lists and rules of a course folder. There need be none.

        Raises:
            CourseError: when the rules cannot be read, or could mean several students; the message says what to do.
        """
        folder = roster_folder(root)
        rules = read_rules(folder)
        roster = read_roster(folder, assignment, rules.reading)
        misnamed = [one for one in rules.assignments if one != assignment and not (root / "source" / one).is_dir()]
        return cls(assignment, rules, roster, Matching({}), (), tuple(misnamed)).with_students(students)

    def with_students(self, students: Sequence[str]) -> "ClassList":
        """Return the class with these students as those who have handed in.

        Raises:
            CourseError: as `read`.
        """
        found = replace(self, matching=match(self.roster, students), students=tuple(students))
        for name in self.rules.extensions(self.assignment):
            meant = sorted(found._meant(name))
            if len({found.matching.people.get(student, student) for student in meant}) > 1:
                raise CourseError(
                    f"{FOLDER}/{FILE}: an extension for {name!r} could be for {' or '.join(map(repr, meant[:3]))}. "
                    "Write the e-mail address, or the name of the folder in submitted/."
                )
        return found

    def terms(self, student: str) -> Terms:
        """Return the terms of a student."""
        return terms_of(self.rules, self.assignment, student, self.matching.people.get(student))

    @property
    def absent(self) -> tuple[str, ...]:
        """Return who of the roster has not handed in, by name; where two have one name, with the e-mail address too."""
        labels = Counter(person.label for person in self.matching.absent)
        return tuple(
            f"{person.label} ({person.email})" if person.email and labels[person.label] > 1 else person.label
            for person in sorted(self.matching.absent, key=lambda person: person.label.casefold())
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what a person should mend in the lists and rules."""
        nobody = [name for name in self.rules.extensions(self.assignment) if not self._meant(name)]
        return (
            *self.roster.problems,
            *(f"{FOLDER}/{FILE}: there is no assignment {name!r} in source/." for name in self.misnamed),
            *(f"{FOLDER}/{FILE}: an extension is for {name!r}, who is nobody in the class." for name in nobody),
        )

    def _meant(self, name: str) -> set[str]:
        """Return the students for whom a name in the rules stands, those who are absent by the id they would have."""
        people = self.matching.people
        there = {student for student in self.students if is_meant(name, student, people.get(student))}
        return there | {one.student for one in self.matching.absent if is_meant(name, one.student, one)}


def absent_from_all(root: Path, assignments: Sequence[str], students: Sequence[str]) -> tuple[str, ...]:
    """Return the names of those who have handed in none of the assignments; each may have a list of its own.

    Args:
        students: the ids of those who handed in one at least.

    Raises:
        CourseError: when the rules cannot be read; the message says where and why.
    """
    folder = roster_folder(root)
    rules = read_rules(folder)
    rosters = {name: read_roster(folder, name, rules.reading) for name in assignments}
    lists = [ClassList(name, rules, one, match(one, students), tuple(students)) for name, one in rosters.items()]
    return tuple(dict.fromkeys(name for one in lists for name in one.absent))
