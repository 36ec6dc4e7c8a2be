"""The argument with which some commands take one assignment, or all of them."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.rubric.model import Assignment


def add_assignment(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``assignment``, which can be left out."""
    parser.add_argument("assignment", nargs="?", help="its name, which its folder has too (default: every assignment)")


def chosen(args: argparse.Namespace) -> "list[Assignment]":
    """Return the assignments that were asked for.

    Raises:
        KeyError: when there is none of this name; the message lists what there is.
    """
    from autograder import assignments

    return [assignments.load(name) for name in ([args.assignment] if args.assignment else assignments.names())]
