"""Verifies who plays in the scenarios of an exercise: that there is such a class, and that it may play there."""

import ast
import sys
from collections.abc import Iterator, Mapping
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
from autograder.report.reasons import Datum
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
            return cls(course.root, found, None, Fault(where, "file.no_peers"))
        source = path.read_text(encoding="utf-8")
        if isinstance(tree := parse(source), Unreadable):
            unreadable = Fault(where, "file.unreadable", {"message": tree.message, "line": tree.line})
            return cls(course.root, found, None, unreadable)
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
            self._found("part.no_student_class", {"name": class_name, "known": ", ".join(sorted(self._known))})
        return Part(_STUDENT, class_name, {_STUDENT: ""})

    def reference(self, class_name: str, arguments: dict[str, Any]) -> Part:
        """Make the part of a reference peer."""
        peers = self.classes.peers
        if self.exercise.self_contained:
            self._found("part.self_contained", {"name": class_name})
        if peers is None:
            self.faults += filter(None, [self.classes.no_peers])
        elif peers.class_named(class_name) is None:
            self._found("part.no_peer", {"name": class_name, "place": peers.label})
        elif wrong := peers.wrong_arguments(class_name, arguments):
            self._found("part.arguments", {"name": class_name, **wrong})
        if value := not_json(arguments):
            self._found("part.not_json", {"name": class_name, **value})
        return Part(_PEERS, class_name, {_PEERS: ""}, arguments)

    def wrong_parts(self, scenario: Scenario, *, graded: bool) -> Iterator[Wrong]:
        """Find what is wrong with who runs what, and with the task.

        Args:
            graded: whether it is a scenario for grading, in which whoever runs the student's notebook is a student.
        """
        parts = {SERVER: scenario.controller, **scenario.executors}
        for party, part in parts.items():
            told = {"party": party, "scenario": scenario.name, "name": part.class_name}
            is_student, in_notebook = party in scenario.students, part.module == _STUDENT
            if is_student and not in_notebook:
                yield Wrong("part.student_runs_course", told)
            elif in_notebook and not is_student and part.class_name in (self._known if graded else self._written):
                yield Wrong("part.no_student_runs_student", told)
        for part in {id(part): part for part in parts.values() if part.module not in part.sources}.values():
            yield from _wrong_component(part)
        for method in sorted(scenario.credited.keys() - self._stood_in):
            methods = ", ".join(sorted(self._stood_in))
            yield Wrong("credited.no_method", {"scenario": scenario.name, "method": method, "methods": methods})
        for task, sites in scenario.tasks.items():
            if not self._may_give(scenario.controller, task):
                name = scenario.controller.class_name
                yield Wrong("task.nobody_gives", {"scenario": scenario.name, "task": task, "name": name})
            if strangers := sorted(set(sites) - scenario.executors.keys()):
                told = {"scenario": scenario.name, "task": task, "sites": ", ".join(strangers)}
                yield Wrong("task.strangers", told)

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

    def _found(self, code: str, data: Mapping[str, Datum]) -> None:
        """Note a fault at the line of the author's that has called into here."""
        frame = sys._getframe(2)
        where = places.place(frame.f_code.co_filename, frame.f_lineno, self.classes.root)
        self.faults.append(Fault(f"{where}, exercise {self.exercise.name}", code, data))


def _wrong_component(part: Part) -> Iterator[Wrong]:
    """Find what is wrong with a part of the course's own."""
    defined = _of_package(part.module)
    if defined is None or defined.class_named(part.class_name) is None:
        yield Wrong("part.no_component", {"name": part.path})
    elif wrong := defined.wrong_arguments(part.class_name, part.arguments):
        yield Wrong("part.arguments", {"name": part.class_name, **wrong})
    if value := not_json(part.arguments):
        yield Wrong("part.not_json", {"name": part.class_name, **value})
