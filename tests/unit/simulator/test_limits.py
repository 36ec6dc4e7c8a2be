"""Limits that an instructor can change."""

import resource
from dataclasses import asdict, replace

import pytest

from autograder.course import CourseError
from autograder.simulator.limits import MIB, Limits


def test_what_is_not_named_stays_as_it_is() -> None:
    assert Limits.configured({}) == Limits()
    assert Limits.configured({"memory": 3e9, "cpu": 60}) == replace(Limits(), memory=3_000_000_000, cpu=60)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"memroy": 5}, "there is no limit memroy; there are: budget"),
        ({"cpu": 0}, "the limit cpu is 0"),
        ({"cpu": "20"}, "the limit cpu is '20'"),
        ({"cpu": True}, "the limit cpu is True"),
        ({"wall": float("nan")}, "the limit wall is nan"),
    ],
)
def test_what_cannot_be_is_told(values: dict[str, float], words: str) -> None:
    with pytest.raises(CourseError, match=words):
        Limits.configured(values)


def test_every_limit_of_a_process_is_one_that_the_system_knows() -> None:
    assert all(hasattr(resource, name) for name in Limits().of_process)


def test_no_process_may_use_more_than_its_party() -> None:
    limits = Limits()

    assert limits.heap <= limits.memory and limits.file_size <= limits.disk
    assert all(value > 0 for value in asdict(limits).values())
    assert limits.log >= MIB
