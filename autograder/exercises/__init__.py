"""The course's assignments, one module each."""

import importlib
import pkgutil
from typing import cast

from autograder.rubric.model import Assignment


def names() -> list[str]:
    """The names of all assignments."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Assignment:
    """The assignment of this name.

    Raises:
        KeyError: when there is none; the message lists what there is.
    """
    if name not in names():
        raise KeyError(f"there is no assignment {name!r}; there is: {', '.join(names())}")
    return cast(Assignment, importlib.import_module(f"{__name__}.{name}").ASSIGNMENT)
