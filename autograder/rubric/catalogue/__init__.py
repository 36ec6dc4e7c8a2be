"""The words of hints: a template for each code. Nothing else makes sentences of hints, and nobody reads them back.

How a template is written says `autograder.report.reasons`.
"""

from autograder.report.reasons import in_words
from autograder.rubric.catalogue import receiving, sending, starting
from autograder.rubric.model import Hint

TEMPLATES = {**starting.TEMPLATES, **sending.TEMPLATES, **receiving.TEMPLATES}
"""Codes of hints to their words."""


def words_of(hint: Hint) -> str:
    """Return what a hint says.

    Raises:
        KeyError: when it has no words of its own, and the catalogue does not know its code.
    """
    return in_words(hint.words or TEMPLATES[hint.code], hint.data, hint.places)
