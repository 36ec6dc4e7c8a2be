"""By when a student hands in, and what a later submission loses."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.roster.model import Person, folded
from autograder.roster.rules import LateRule, Rules


@dataclass(frozen=True)
class Terms:
    """The terms of an assignment for one student.

    Attributes:
        due: the due date of all, in UTC, without a zone; None where the rules have none.
        extension: how much later this student's work is due, or when.
        decided: whether the rules speak of this assignment; else extensions are whatever the gradebook has.
    """

    due: datetime | None = None
    extension: timedelta | datetime | None = None
    rule: LateRule = field(default_factory=LateRule)
    decided: bool = False

    def extended_by(self, due: datetime) -> timedelta:
        """Return how much later than the due date of all this student's work is due. It is never due sooner."""
        if self.extension is None:
            return timedelta()
        later = self.extension - due if isinstance(self.extension, datetime) else self.extension
        return max(later, timedelta())

    @property
    def text(self) -> str:
        """Return all of it as a text that is the same for the same terms; empty when nothing is said."""
        return "" if self == Terms() else repr(self)


def terms_of(rules: Rules, assignment: str, student: str, person: Person | None) -> Terms:
    """Return the terms of a student, whose person in the roster is known or not."""
    known = _names(student, person)
    given = rules.extensions(assignment)
    extension = next((later for name, later in given.items() if folded(name) in known), None)
    return Terms(rules.due(assignment), extension, rules.late_rule(assignment), assignment in rules.assignments)


def _names(student: str, person: Person | None) -> frozenset[str]:
    if person:
        return person.identifiers | {folded(student)}
    return frozenset({folded(student), folded(student.rpartition("_")[0])} - {""})


def is_meant(name: str, student: str, person: Person | None) -> bool:
    """Return whether a name in the rules stands for a student."""
    return folded(name) in _names(student, person)
