"""The number of submissions that a command grades at once: what was asked for, or what the machine allows."""

import argparse

from autograder.cli.signals import say


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add the flag with which it is told how many submissions are graded at once."""
    parser.add_argument(
        "--jobs", type=at_least_one, help="submissions at once (default: what cores and memory allow, which is told)"
    )


def default_jobs() -> int:
    """Return how many submissions are graded at once here unless told otherwise; say so, and why."""
    from autograder.grading.concurrency import slots

    found = slots()
    say(f"up to {found.number} submissions at once: {found.why}")
    return found.number


def at_least_one(text: str) -> int:
    """Return a number of jobs, for ``argparse``."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
