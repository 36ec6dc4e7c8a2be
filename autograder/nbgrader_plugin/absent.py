"""Tells who gets 0 points for not having handed in, for all lists of grades."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader_plugin.submitted import submissions
from autograder.roster.class_list import ClassList
from autograder.roster.matching import match
from autograder.roster.model import Person, folded, roster_folder
from autograder.roster.rules import read_rules


@dataclass(frozen=True)
class Absent:
    """Students who get 0 points in an assignment.

    Attributes:
        students: students of the gradebook by id, with their persons in the roster; without a roster these are None.
        people: all of them that are in the roster.
    """

    students: Mapping[str, Person | None] = field(default_factory=dict)
    people: tuple[Person, ...] = ()

    @property
    def unknown(self) -> list[Student]:
        """Return those whom the gradebook does not know, as it would know them."""
        known = set(self.students.values())
        return [as_student(person) for person in self.people if person not in known]


def absent(coursedir: CourseDirectory, gradebook: Gradebook, assignment: Assignment) -> Absent:
    """Return who gets 0 points for not having handed in: nobody, unless the rules in ``roster/`` say so.

    Where there is a roster, these are people in it. Nobody is absent of whom a submission is there, graded or not, or
    of whom the LMS says that there is one.

    Raises:
        CourseError: when the rules cannot be read; the message says where and why.
    """
    root = Path(coursedir.root)
    if not read_rules(roster_folder(root)).absent_get_zero:
        return Absent()
    there = {one.student for one in submissions(coursedir, assignment.name)}
    there |= {one.student_id for one in assignment.submissions}
    others = [one.id for one in gradebook.students if one.id not in there]
    of_class = ClassList.read(root, assignment.name, sorted(there))
    if not of_class.roster.people:
        return Absent(dict.fromkeys(others))
    people = tuple(person for person in of_class.matching.absent if person.handed_in is None and not person.time_unread)
    persons = match(of_class.roster, others).people
    return Absent({student: person for student, person in persons.items() if person in set(people)}, people)


def as_student(person: Person) -> Student:
    """Return somebody of the roster as the gradebook would know them."""
    known_by = person.student if person.number else next(filter(None, (*person.ids, person.email)), person.label)
    return Student(id=known_by, first_name=person.name, email=person.email, lms_user_id=person.number or None)


def same_person(person: Person) -> object:
    """Return what is the same for a person in the lists of several assignments, which have numbers of their own."""
    return folded(person.email) or person
