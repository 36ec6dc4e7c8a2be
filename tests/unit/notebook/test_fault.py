"""Faults that a student names for a run."""

import pytest

from autograder import notebook as course
from autograder.notebook.running import assignment_of
from autograder.simulator.network.faults import Fault, FaultKind


def test_a_fault_is_named_by_its_kind() -> None:
    assert course.fault("drop", receiver="site-1", nths=[1, 2]) == Fault(FaultKind.DROP, receiver="site-1", nths=(1, 2))
    assert course.fault("delay", seconds=1.5).seconds == 1.5


@pytest.mark.parametrize("kind", ["lost", "die", ""])
def test_another_one_is_told_which_there_are(kind: str) -> None:
    with pytest.raises(
        ValueError, match="there are: drop, delay, duplicate, lose_reply, cut, late_start, handler_error"
    ):
        course.fault(kind)


@pytest.mark.parametrize(
    ("defined", "name"),
    [
        (["TalkingExecutor", "Mine"], "p2p_communication"),
        (["ReliableExecutor", "NewsController", "Mine"], "reliable_messaging"),
        (["Mine"], "p2p_communication"),
    ],
)
def test_a_class_of_ones_own_belongs_to_the_assignment_of_its_notebook(defined: list[str], name: str) -> None:
    assert assignment_of("Mine", dict.fromkeys(defined, object)).name == name
