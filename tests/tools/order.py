"""In which order test modules begin: the long stories first, so that none is left alone when all else is done.

The tests of a module share what they prepare, so one process of a test run takes all of them.
"""

import pytest

LONG = (
    "test_instructors",
    "test_demo",
    "test_one_grade",
    "test_bad_archives",
    "test_as_in_a_kernel",
    "test_whole_notebooks",
    "test_class",
    "test_class_of_sixty",
    "test_regraded",
    "test_formgrader",
    "test_student",
    "test_ordinary_user",
    "test_cluster",
    "test_killed",
    "test_stopped",
    "test_hostile_pages",
)
"""Each takes a minute or more, most of them with few tests."""


def longest_first(items: list[pytest.Item]) -> None:
    """Bring what was collected into that order; all else stays as it is."""
    items.sort(key=lambda item: item.path.stem not in LONG)
