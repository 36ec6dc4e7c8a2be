"""Hints that have something in common, whatever they are about."""

from collections.abc import Collection
from dataclasses import dataclass

from autograder.report.places import Place
from autograder.report.reasons import Datum
from autograder.rubric import concepts, nearest
from autograder.rubric.concepts import Idea
from autograder.rubric.model import Finding, Hint


@dataclass(frozen=True)
class Raised:
    """An exception that the student's code let out.

    Attributes:
        text: the exception in one line, as Python writes it.
        place: the innermost line of the student's code that raised it; None where it is not known.
    """

    text: str
    place: Place | None = None

    @property
    def exception(self) -> str:
        """Return the class of the exception, without its module; empty if none is known."""
        name = self.text.partition(":")[0].rpartition(".")[2]
        return name if name.isidentifier() else ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the place, if there is one."""
        return (self.place,) if self.place else ()


def failed(expected: str, seen: str, hint: Hint) -> Finding:
    """Return the finding of a check that did not pass."""
    return Finding(False, expected, seen, hint)


def passed(looked_at: Collection[object], expected: str, seen: str) -> Finding:
    """Return the finding of a check that has found nothing wrong, unless it had no run, or no site, to look at."""
    if not looked_at:
        return failed(expected, "no run to look at", Hint("run.none"))
    return Finding(True, expected, seen)


def of_exception(
    code: str, raised: Raised, idea: Idea | None = None, places: tuple[Place, ...] = (), **data: Datum
) -> Hint:
    """Make a hint about an exception. Whatever else is wrong, it comes first.

    Args:
        idea: for exceptions that say nothing of an idea themselves.
        places: where to look besides, or instead.
    """
    if nearest.lacks_the_engine(raised.text):
        idea = concepts.ENGINE
    return Hint(code, idea, places or raised.places, {**told_of(raised), **data}, blocks=True)


def told_of(raised: Raised) -> dict[str, Datum]:
    """Return what there is to tell of an exception, with the name that may have been meant."""
    meant = nearest.meant(raised.text)
    told: dict[str, Datum] = {"exception": raised.exception, "told": raised.text}
    return told | ({"meant_of_engine" if meant.of_engine else "meant": meant.name} if meant else {})
