"""The sections of a notebook to which hints lead: each one has to be there, and not below the exercise."""

import re
from collections.abc import Iterator

from autograder.release.complete import Notebook
from autograder.release.fault import Fault
from autograder.rubric.model import Assignment, Exercise

_FENCED = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"[`*]")


def sections(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each section named by an exercise that is missing or comes later.

    What comes later a student has not read, and may have to predict first.
    """
    there = headings(notebook)
    for exercise in assignment.exercises:
        for section in sections_named(exercise):
            if section not in there:
                data = {"section": section, "there": ", ".join(there)}
                yield Fault(f"exercise {exercise.name}", "section.missing", data)
            elif exercise.section in there and there.index(section) > there.index(exercise.section):
                data = {"section": section, "own": exercise.section}
                yield Fault(f"exercise {exercise.name}", "section.later", data)


def headings(notebook: Notebook) -> list[str]:
    """Return the headings of a notebook, without markup, as a link leads to them."""
    texts = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    found = (heading for text in texts for heading in _HEADING.findall(_FENCED.sub("", text)))
    return [_MARKUP.sub("", _LINK.sub(r"\1", heading)) for heading in found]


def sections_named(exercise: Exercise) -> list[str]:
    """Return the sections to which an exercise's hints may lead, each once."""
    ideas = [idea for check in exercise.checks for idea in (check.idea, check.judge([]).why(check).idea) if idea]
    own = [idea.section for idea in ideas if idea.section]
    return list(dict.fromkeys([exercise.section, *exercise.teaches.values(), *own]))
