"""The class as plain data."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FOLDER = "roster"
"""The folder with the lists and the rules, in the course folder."""


def roster_folder(root: Path) -> Path:
    """Return the folder with the lists and the rules of a course folder."""
    return root / FOLDER


@dataclass(frozen=True)
class Person:
    """Somebody who is in the class.

    Attributes:
        name: as the list has it, such as ``Ada Lovelace`` or ``Lovelace, Ada``.
        number: how the LMS knows the person in a download: the user's id in Canvas, the participant's number of this
            assignment in Moodle.
        ids: other ids, such as a user name, an ID number, or the name of a folder in ``submitted/``.
        teams: the groups that the person is in.
        handed_in: when the LMS says that the person handed in this assignment; in UTC, without a zone.
        time_unread: whether the LMS says so too, in a way that cannot be read.
        own_number: whether the number is nobody else's, whatever the name beside it: Canvas gives each user one, and a
            team's submission has that of a member. In Moodle's downloads the same number can be a group's.
    """

    name: str = ""
    email: str = ""
    number: str = ""
    ids: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    handed_in: datetime | None = None
    time_unread: bool = False
    own_number: bool = False

    @property
    def label(self) -> str:
        """Return what to call the person in a list."""
        return self.name or self.email or next(iter(self.ids), self.number)

    @property
    def student(self) -> str:
        """Return the id for a submission of the person's that has none of its own."""
        return f"{self.label}_{self.number}" if self.number else self.label

    def may_be_called(self, name: str) -> bool:
        """Return whether a name can be this person's, also with a group before it, as in ``Group A-Ada Lovelace``."""
        parts = name.split("-")
        ends = ("-".join(parts[start:]) for start in range(len(parts)))
        return not self.name or any(spellings(end) & spellings(self.name) for end in ends)

    @property
    def identifiers(self) -> frozenset[str]:
        """Return everything that stands for this person and can be written down in place of a name, folded."""
        return frozenset(map(folded, filter(None, (self.name, self.email, self.student, *self.ids))))


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        problems: what is wrong with the lists, for a person to mend.
    """

    people: tuple[Person, ...] = ()
    problems: tuple[str, ...] = ()

    def team(self, name: str) -> tuple[Person, ...]:
        """Return the members of a team."""
        wanted = folded(name)
        return tuple(person for person in self.people if wanted in map(folded, person.teams))


def folded(text: str) -> str:
    """Return a text in the form in which two that differ in case, accents' encoding or spaces are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def spellings(name: str) -> frozenset[str]:
    """Return a name as an LMS may write it in the name of a file: first or last name first, with nothing in between."""
    words = re.findall(r"\w+", folded(name).replace("_", " "))
    turns = {"".join(words[turn:] + words[:turn]) for turn in (0, 1, -1)} if words else set()
    if "," in name:
        last, _, first = name.partition(",")
        turns |= {"".join(re.findall(r"\w+", folded(first + " " + last).replace("_", " ")))}
    return frozenset(turns)
