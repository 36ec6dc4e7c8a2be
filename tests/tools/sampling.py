"""Tests with many cases, of which a test run plays a sample and the nightly run all.

A test says so with ``@pytest.mark.sampled(4)``: four of its cases are played, unless ``--all-cases`` is given; with 0
only the nightly run has it. What prepares something for all of them asks for those that are `played`.
"""

from collections import defaultdict
from typing import Any

import pytest

OPTION = "--all-cases"


def add_option(parser: pytest.Parser) -> None:
    """Let pytest know of the option."""
    parser.addoption(OPTION, action="store_true", help="play all cases of tests that are marked as sampled")


def keep_sample(items: list[pytest.Item], config: pytest.Config) -> None:
    """Leave the cases out that are not in the sample: those kept are spread evenly and always the same."""
    if config.getoption(OPTION):
        return
    cases: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled"):
            cases[str(item.path), getattr(item, "originalname", item.name)].append(item)
    left_out = {id(item) for group in cases.values() for item in _left_out(group)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]


def played(session: pytest.Session, test: str, argument: str) -> list[Any]:
    """Return the values of an argument with which a test is played in this run.

    Args:
        test: the name of its function.
    """
    cases = [item for item in session.items if isinstance(item, pytest.Function) and item.originalname == test]
    return list(dict.fromkeys(case.callspec.params[argument] for case in cases))


def _left_out(group: list[pytest.Item]) -> list[pytest.Item]:
    marker = group[0].get_closest_marker("sampled")
    wanted = min(marker.args[0], len(group)) if marker else len(group)
    kept = {number * len(group) // wanted for number in range(wanted)}
    return [item for number, item in enumerate(group) if number not in kept]
