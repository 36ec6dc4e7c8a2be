"""Verifies who plays in the scenarios of an exercise: that there is such a class, and that it may play there."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

from autograder.course import Course
from autograder.release import places
from autograder.release.definitions import Definitions, of_package
from autograder.release.fault import Fault, Wrong
from autograder.release.notebook_file import read_notebook
from autograder.release.scenario_rules import not_json
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.scenario import SERVER, Part, Scenario
from autograder.submission.python_code import Unreadable, parse

_STUDENT, _PEERS = "student", "peers"
_of_package = cache(of_package)


@dataclass(frozen=True)
class Classes:
    """The classes of an assignment that are not the student's to write.

    Attributes:
        given: those in the notebook's given cells.
        peers: those in the module with the reference peers; None when it cannot be read.
        no_peers: why it cannot be read.
    """

    root: Path
    given: Definitions
    peers: Definitions | None
    no_peers: Fault | None = None

    @classmethod
    def of(cls, course: Course, assignment: Assignment) -> "Classes":
        """Read them.

        Raises:
            CourseError: when the notebook cannot be read.
        """
        cells = read_notebook(course.source(assignment.name)).cells
        given = (
            cell.source
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade_id") in assignment.given and cell.cell_type == "code"
        )
        found = Definitions.of("its given cells", *given)
        where = f"solutions/{assignment.name}/peers.py"
        path = course.peers(assignment.name)
        if not path.is_file():
            what = "It is not there. It should hold the reference peers among which a student's part is graded."
            return cls(
                course.root, found, None, Fault(where, what, "Restore it, or write it; CONTRIBUTING.md says how.")
            )
        source = path.read_text(encoding="utf-8")
        if isinstance(tree := parse(source), Unreadable):
            what = f"Python cannot read it: {tree.message}, in line {tree.line}."
            return cls(course.root, found, None, Fault(where, what, "Mend it."))
        return cls(course.root, found, Definitions.of(where, source))


@dataclass
class Stage:
    """Makes the parts for which an exercise's scenarios ask, and finds those that cannot be had.

    Attributes:
        faults: with the file and the line that asks.
    """

    classes: Classes
    assignment: Assignment
    exercise: Exercise
    faults: list[Fault] = field(default_factory=list)

    def cast(self, seed: int) -> Cast:
        """Return the cast for a grading with this seed, which draws as grading does."""
        return Cast(self.student, self.reference, Random(f"{seed}/{self.exercise.name}"), seed)

    def student(self, class_name: str) -> Part:
        """Make the part of a class in the student's notebook."""
        if class_name not in self._known:
            what = f"It asks for the class {class_name} of the student's, which neither this exercise, nor one that it "
            remedy = f"Ask for one of {', '.join(sorted(self._known))}, or say in needs whose class it is."
            self._found(f"{what}needs, nor a given cell has.", remedy)
        return Part(_STUDENT, class_name, {_STUDENT: ""})

    def reference(self, class_name: str, arguments: dict[str, Any]) -> Part:
        """Make the part of a reference peer."""
        peers = self.classes.peers
        if self.exercise.self_contained:
            what = f"The exercise is self_contained, and asks for the peer {class_name}, which no student has."
            self._found(what, "Leave self_contained out.")
        if peers is None:
            self.faults += filter(None, [self.classes.no_peers])
        elif peers.class_named(class_name) is None:
            what = f"It asks for the peer {class_name}, and {peers.label} does not define the class {class_name}."
            self._found(what, "Add it, or ask for another one.")
        elif wrong := peers.wrong_arguments(class_name, arguments):
            self._found(f"The peer {class_name} {wrong}.", "Make the two agree.")
        if wrong := not_json(arguments):
            self._found(f"An argument for {class_name} is no JSON value: {wrong}.", "Give it as one, such as a list.")
        return Part(_PEERS, class_name, {_PEERS: ""}, arguments)

    def wrong_parts(self, scenario: Scenario, *, graded: bool) -> Iterator[Wrong]:
        """Find what is wrong with who runs what, and with the task.

        Args:
            graded: whether it is a scenario for grading, in which whoever runs the student's notebook is a student.
        """
        parts = {SERVER: scenario.controller, **scenario.executors}
        for party, part in parts.items():
            of_scenario = f"{party} of the scenario {scenario.name}"
            is_student, in_notebook = party in scenario.students, part.module == _STUDENT
            if is_student and not in_notebook:
                what = f"{of_scenario} is a student, and runs {part.class_name} of the course."
                yield what, "Leave it out of students, or let it run a class of the student's."
            elif in_notebook and not is_student and part.class_name in (self._known if graded else self._written):
                what = f"{of_scenario} runs {part.class_name} of the student's, and is no student."
                yield what, "Name it in students: it is judged then, and kept apart from the others."
        for part in {id(part): part for part in parts.values() if part.module not in part.sources}.values():
            yield from _wrong_component(part)
        for method in sorted(scenario.credited.keys() - self._stood_in):
            what = f"{scenario.name} credits {method}, which is no method in the stub of an exercise that it needs."
            yield what, f"Name one of {', '.join(sorted(self._stood_in))}." if self._stood_in else "Leave it out."
        for task, sites in scenario.tasks.items():
            if not self._may_give(scenario.controller, task):
                name = scenario.controller.class_name
                what = f"{scenario.name} has the task {task!r}, which nobody gives out: {name} names another one."
                yield what, "Give the same name to both."
            if strangers := sorted(set(sites) - scenario.executors.keys()):
                what = f"{scenario.name} gives the task {task!r} to {', '.join(strangers)}, which take no part."
                yield what, "Name sites of the scenario."

    @property
    def _known(self) -> set[str]:
        """Return the classes that the notebook has."""
        return {*self.assignment.given_classes, *self._written}

    @cached_property
    def _written(self) -> set[str]:
        """Return the classes that the student writes in this exercise and in those on which it builds."""
        by_name = {one.name: one for one in self.assignment.exercises}
        left, seen = [self.exercise.name], set[str]()
        while left:
            name = left.pop()
            if name in by_name and name not in seen:
                seen.add(name)
                left += by_name[name].needs
        return {class_name for name in seen for class_name in by_name[name].classes}

    @cached_property
    def _stood_in(self) -> set[str]:
        """Return the methods in whose place a stand-in can come, such as ``Sender.execute``."""
        needed = [self.assignment.exercise(name) for name in self.exercise.needs]
        classes = (node for one in needed for node in Definitions.of(one.name, one.stub).body)
        return {
            f"{found.name}.{method.name}"
            for found in classes
            if isinstance(found, ast.ClassDef)
            for method in found.body
            if isinstance(method, ast.FunctionDef)
        }

    def _may_give(self, controller: Part, task: str) -> bool:
        if controller.module == _STUDENT:
            of = self.classes.given if controller.class_name in self.assignment.given_classes else None
        else:
            of = self.classes.peers if _PEERS in controller.sources else _of_package(controller.module)
        return of is None or of.may_give(controller.class_name, task, controller.arguments)

    def _found(self, what: str, remedy: str) -> None:
        """Note a fault at the line of the author's that has called into here."""
        frame = sys._getframe(2)
        where = places.place(frame.f_code.co_filename, frame.f_lineno, self.classes.root)
        self.faults.append(Fault(f"{where}, exercise {self.exercise.name}", what, remedy))


def _wrong_component(part: Part) -> Iterator[Wrong]:
    """Find what is wrong with a part of the course's own."""
    defined = _of_package(part.module)
    if defined is None or defined.class_named(part.class_name) is None:
        what = f"{part.path} is no class of the course's components."
        yield what, "Name one of autograder.simulator.parties.conducting, or a peer with cast.reference."
    elif wrong := defined.wrong_arguments(part.class_name, part.arguments):
        yield f"{part.class_name} {wrong}.", "Make the two agree."
    if wrong := not_json(part.arguments):
        yield f"An argument for {part.class_name} is no JSON value: {wrong}.", "Give it as one, such as a list."
