"""Tells which person of a roster a submission is of."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.roster.model import Person, Roster, folded, spellings

_NUMBERED = re.compile(r"(?P<name>.+)_(?P<number>\w+)", re.DOTALL)


@dataclass(frozen=True)
class Matching:
    """The submissions and the people of a class, brought together.

    Attributes:
        people: by the student's id whose submission it is.
        absent: those of whom there is no submission.
        strangers: ids that are nobody's in the roster, or could be of several.
    """

    people: dict[str, Person]
    absent: tuple[Person, ...] = ()
    strangers: tuple[str, ...] = ()


def match(roster: Roster, students: Sequence[str]) -> Matching:
    """Return who of a roster has handed in, by the ids of those who did. Without a roster nobody is told of."""
    if not roster.people:
        return Matching({})
    finder = _Finder(roster)
    people = {student: person for student in students if (person := finder.person(student))}
    there = set(people.values())
    absent = tuple(person for person in roster.people if person not in there)
    return Matching(people, absent, tuple(student for student in students if student not in people))


class _Finder:
    """Finds people by what an id can say of them, the surest first."""

    def __init__(self, roster: Roster) -> None:
        self._by_id = _index(roster, lambda person: person.identifiers)
        self._by_number = _index(roster, lambda person: filter(None, [person.number]))
        self._by_name = _index(roster, lambda person: spellings(person.name))
        self._by_mailbox = _index(roster, lambda person: filter(None, [folded(person.email).partition("@")[0]]))

    def person(self, student: str) -> Person | None:
        """Return whose id it is; None if it is nobody's, or could be of several."""
        told = _NUMBERED.fullmatch(student)
        name, number = (told["name"], told["number"]) if told else (student, "")
        # With another name it is another number, such as that of a group, unless all numbers are people's.
        numbered = [one for one in self._by_number.get(number, []) if one.own_number or one.may_be_called(name)]
        names = [person for spelling in spellings(name) for person in self._by_name.get(spelling, [])]
        for found in (self._by_id.get(folded(student), []), numbered, names, self._by_mailbox.get(folded(student), [])):
            if found:
                return found[0] if len(set(found)) == 1 else None
        return None


def _index(roster: Roster, keys: Callable[[Person], Iterable[str]]) -> dict[str, list[Person]]:
    index: dict[str, list[Person]] = defaultdict(list)
    for person in roster.people:
        for key in keys(person):
            index[key].append(person)
    return dict(index)
