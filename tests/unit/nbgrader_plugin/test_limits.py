"""Which limits hold for a grading: those of the configuration, then those of the assignment, then the defaults."""

from dataclasses import replace

import pytest

from autograder import assignments
from autograder.course import CourseError
from autograder.nbgrader_plugin.preprocessor import GradeInSimulator
from autograder.simulator.limits import Limits

P2P = assignments.load("p2p_communication")


def _limits(*, author: dict[str, float], configured: dict[str, float]) -> Limits:
    grader = GradeInSimulator(limits=configured)
    return grader.settings(replace(P2P, limits=author), remote=True).limits


def test_those_of_the_configuration_come_before_those_of_the_assignment() -> None:
    found = _limits(author={"exercise": 90, "cpu": 20}, configured={"cpu": 60})
    assert found == replace(Limits(), exercise=90.0, cpu=60)


def test_one_that_is_none_is_told() -> None:
    with pytest.raises(CourseError, match="there is no limit memroy"):
        _limits(author={"memroy": 1}, configured={})
