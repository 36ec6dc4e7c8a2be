"""Compares the solutions of a class with each other, and with those of earlier classes, for the class page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course, CourseError

if TYPE_CHECKING:
    import ast

    from autograder.nbgrader_plugin.submitted import Submitted
    from autograder.report.class_report.model import CodePair, Likeness
    from autograder.rubric.model import Assignment
    from autograder.similarity.side_by_side import Known
    from autograder.submission.model import Submission

_MOST_SHOWN = 40
"""Groups of which code is shown: a page for people, which a browser can show at once."""
_LONGEST_LINE = 200
_FENCED = re.compile(r"^```(?:python|py)?[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

_Sources = Mapping[str, str]
"""The source of each solution cell, by its name."""


def likeness(
    submitted: "Sequence[Submitted]", course: Course, assignment: "Assignment", against: Sequence[Path] = ()
) -> "Likeness":
    """Return how alike the solution cells of the class are.

    Args:
        against: folders of earlier classes: course folders, or folders such as their ``submitted/``.

    Raises:
        CourseError: when one of these is no folder, or the release cannot be read.
    """
    from autograder.report.class_report.model import Group, Likeness
    from autograder.similarity.comparison import compare

    now = dict(_sources_of(submitted, course, assignment))
    earlier = dict(_earlier(against, course, assignment))
    everybody = now | earlier
    stubs, given = _handed_out(course, assignment)
    pieces = {f"piece {number}": source for number, source in enumerate(given)}
    found = compare(
        ((student, _trees(cells)) for student, cells in now.items()),
        _trees(stubs | pieces),
        ((student, _trees(cells)) for student, cells in earlier.items()),
    )
    known = _known(_trees(stubs | pieces), [*stubs.values(), *given], found.usual)
    groups = []
    for number, one in enumerate(found.groups):
        shown = [everybody[student] for student in one.students[:2]] if number < _MOST_SHOWN else []
        groups.append(Group(one.students, one.likeness, one.cells, tuple(_code(shown, known))))
    common = tuple(Group(one.students, one.likeness, one.cells) for one in found.common)
    return Likeness(tuple(groups), common, found.compared, found.threshold, found.left_out, len(earlier))


def _sources_of(
    submitted: "Sequence[Submitted]", course: Course, assignment: "Assignment"
) -> Iterator[tuple[str, _Sources]]:
    """Yield the solution cells of each submission that can be read. A cell that was split is one again."""
    from autograder.submission.read import read_submission

    for one in submitted:
        if not one.refused:
            yield one.student, _sources(read_submission(one.folder, assignment, course), assignment)


def _sources(submission: "Submission", assignment: "Assignment") -> _Sources:
    found: dict[str, list[str]] = {exercise.name: [] for exercise in assignment.exercises}
    for cell in submission.cells:
        if cell.grade_id in found:
            found[cell.grade_id].append(cell.source)
    return {name: "\n".join(sources) for name, sources in found.items() if sources}


def _earlier(folders: Sequence[Path], course: Course, assignment: "Assignment") -> Iterator[tuple[str, _Sources]]:
    """Yield the solution cells of earlier classes, whose students are called after their folder: ``2029/ada``."""
    from nbgrader.coursedir import CourseDirectory

    from autograder.nbgrader_plugin.submitted import submissions

    for folder in folders:
        folder = folder.resolve()
        if not folder.is_dir():
            raise CourseError(f"--against {folder}: there is no such folder. Name one with the submissions of a class.")
        step = folder / "submitted"
        step = step if step.is_dir() else folder
        there = submissions(CourseDirectory(root=str(step.parent), submitted_directory=step.name), assignment.name)
        name = folder.parent.name if folder.name == "submitted" else folder.name
        for student, cells in _sources_of(there, course, assignment):
            yield f"{name}/{student}", cells


def _handed_out(course: Course, assignment: "Assignment") -> tuple[dict[str, str], list[str]]:
    """Return the stubs by the names of their cells, and all other code that students are given, examples included."""
    from autograder.release.notebook_file import read_notebook

    stubs: dict[str, str] = {}
    given: list[str] = []
    names = {exercise.name for exercise in assignment.exercises}
    for cell in read_notebook(course.release(assignment.name)).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type != "code":
            given += _FENCED.findall(cell.source)
        elif name in names:
            stubs[name] = cell.source
        else:
            given.append(cell.source)
    return stubs, given


def _trees(sources: _Sources) -> "dict[str, ast.Module]":
    """Return the syntax trees of the cells that Python can read."""
    from autograder.submission.python_code import Unreadable, parse

    trees = {name: parse(source) for name, source in sources.items() if source}
    return {name: tree for name, tree in trees.items() if not isinstance(tree, Unreadable)}


def _known(trees: "Mapping[str, ast.Module]", sources: Sequence[str], usual: frozenset[int]) -> "Known":
    from autograder.similarity.shapes import HandedOut
    from autograder.similarity.side_by_side import Known

    lines = frozenset(line.strip() for source in sources for line in source.splitlines())
    return Known(HandedOut.of(trees), usual, lines | {""})


def _code(pair: Sequence[_Sources], known: "Known") -> "Iterator[CodePair]":
    """Yield the cells of two submissions side by side, where they tell something."""
    from autograder.report.class_report.model import CodePair, CodeRow
    from autograder.similarity.side_by_side import Code, side_by_side

    if len(pair) < 2:
        return
    left, right = (_trees(sources) for sources in pair)
    for name in [name for name in left if name in right]:
        rows = side_by_side(Code(pair[0][name], left[name]), Code(pair[1][name], right[name]), known)
        if rows:
            cut = [CodeRow(row.kind, row.left[:_LONGEST_LINE], row.right[:_LONGEST_LINE], row.left_out) for row in rows]
            yield CodePair(name, tuple(cut))
