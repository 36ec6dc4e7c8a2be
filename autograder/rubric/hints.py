"""Hints in depth: where to look, which idea is behind it, and whether it has to be mended before anything else."""

from dataclasses import dataclass

from autograder.rubric import ideas, nearest
from autograder.rubric.ideas import Idea
from autograder.rubric.model import Finding


@dataclass(frozen=True)
class Hint:
    """What to say to a student whose check did not pass.

    Attributes:
        text: what to look at; kind, and never the solution.
        idea: what may not be understood yet.
        where: the lines of the student's code that it is about, in words; empty when none can be named, or the text
            names them.
        blocks: whether it may be the cause of other faults, as an exception is, and so comes before them.
    """

    text: str
    idea: Idea | None = None
    where: str = ""
    blocks: bool = False


def failed(expected: str, seen: str, hint: Hint) -> Finding:
    """The finding of a check that did not pass."""
    return Finding(False, expected, seen, hint.text, hint.where, hint.idea, hint.blocks)


def of_exception(text: str, idea: Idea | None = None) -> Hint:
    """A hint about an exception, which is told in ``text``. Whatever else is wrong, it comes first.

    Args:
        idea: for exceptions that say nothing of an idea themselves.
    """
    if nearest.lacks_the_engine(text):
        idea = ideas.ENGINE
    return Hint(f"{text} {nearest.meant(text)}".rstrip(), idea, blocks=True)
