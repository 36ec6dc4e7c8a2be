"""The assignments, one module each: in this package, or beside their notebooks.

A course folder can have assignments of its own: ``source/<name>/<name>_exercises.py`` is the module of the assignment
``<name>``. nbgrader copies it into the release, so that a student's notebook finds it in its own folder.
"""

import importlib
import pkgutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from autograder.course import Course, CourseError
from autograder.rubric.model import Assignment
from autograder.simulator.limits import Limits

LADDER = ("p2p_communication", "reliable_messaging", "average_consensus")
"""The course's own assignments, in the order in which they build on each other; any other comes after them."""

SUFFIX = "_exercises"
"""The name of an assignment's module beside its notebook ends with it."""


def names() -> list[str]:
    """Return the names of all assignments; those of the current folder or course folder come first."""
    return [*_own(), *(name for name in _packaged() if name not in _own())]


def load(name: str) -> Assignment:
    """Return the assignment of this name.

    Raises:
        KeyError: when there is none; the message lists what there is.
        CourseError: when its module cannot be used; the message says why.
    """
    if name in _packaged():
        return _assignment_in(importlib.import_module(f"{__name__}.{name}"), name)
    if path := module_file(name):
        return _assignment_in(_module(path, path.stat().st_mtime_ns), name)
    raise KeyError(f"there is no assignment {name!r}; {_half_an_assignment(name)}there is: {', '.join(names())}")


def load_in(course: Course, name: str) -> Assignment:
    """Return the assignment as `load` does, looking in a course folder that need not be the current one."""
    path = place_of_module(course, name)
    return load(name) if name in _packaged() else _assignment_in(_module(path, path.stat().st_mtime_ns), name)


def module_file(name: str) -> Path | None:
    """Return the module of an assignment of the current folder or course folder; None when it has none of this name."""
    return None if name in _packaged() else _own().get(name)


def place_of_module(course: Course, name: str) -> Path:
    """Return where a course folder has the module of an assignment of its own."""
    return course.root / "source" / name / f"{name}{SUFFIX}.py"


@cache
def _packaged() -> tuple[str, ...]:
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(found, key=lambda name: LADDER.index(name) if name in LADDER else len(LADDER)))


def _own() -> dict[str, Path]:
    """Return modules beside notebooks by assignment name: in the course folder's sources, else in this folder."""
    course = _course()
    if course is None:
        return {_name(path): path for path in sorted(Path.cwd().glob(f"*{SUFFIX}.py"))}
    found = sorted((course.root / "source").glob(f"*/*{SUFFIX}.py"))
    return {_name(path): path for path in found if path == place_of_module(course, _name(path))}


def _course() -> Course | None:
    try:
        return Course.find()
    except CourseError:
        return None


def _name(path: Path) -> str:
    return path.stem.removesuffix(SUFFIX)


def _half_an_assignment(name: str) -> str:
    """Return what is missing of an assignment of which the course folder has something."""
    course = _course()
    if course is None or not (course.root / "source" / name).is_dir() or not name:
        return ""
    return f"source/{name}/ lacks {name}{SUFFIX}.py, which says what its exercises are; "


@cache
def _module(path: Path, _changed: int) -> ModuleType:
    """Return the module in a file. No bytecode is written, which would end up in a release."""
    module = ModuleType(f"{__name__}.beside_notebook.{_name(path)}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look there for the module of a class
    try:
        exec(compile(path.read_bytes(), path, "exec"), module.__dict__)
    except Exception as error:  # it is a program, which can raise anything
        raise CourseError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _assignment_in(module: ModuleType, name: str) -> Assignment:
    assignment = getattr(module, "ASSIGNMENT", None)
    if not isinstance(assignment, Assignment):
        raise CourseError(f"{module.__file__} has no ASSIGNMENT, which should be the assignment that it describes.")
    if assignment.name != name:
        raise CourseError(f"{module.__file__} describes {assignment.name!r}. ASSIGNMENT.name has to be {name!r} there.")
    try:
        Limits.configured(assignment.limits)
    except CourseError as error:
        raise CourseError(f"{module.__file__} has a wrong ASSIGNMENT.limits: {error}") from error
    return assignment
