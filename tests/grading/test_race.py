"""A run without the start barrier is made once, whatever gets lost in it."""

from autograder.evidence.model import Evidence
from autograder.grading.attempts import doubt_about
from autograder.grading.self_check import OWN_LIMITS, RACE_LIMITS
from autograder.simulator.scenario import Part, Scenario

_PART = Part(module="submission", class_name="P2PExecutor", sources={})
_SITES = {"site-0": _PART, "site-1": _PART}
_LOST = Evidence(finished=True, quiet=False)
"""Messages were lost, and no barrier has noted who came up."""


def _scenario(*, barrier: bool) -> Scenario:
    return Scenario("own", _PART, _SITES, frozenset(_SITES), (), barrier=barrier)


def test_lost_messages_are_no_reason_to_run_again_without_a_barrier() -> None:
    assert doubt_about(_scenario(barrier=True), _LOST)
    assert not doubt_about(_scenario(barrier=False), _LOST)


def test_lost_messages_are_not_waited_for_as_long() -> None:
    assert RACE_LIMITS.settle < OWN_LIMITS.settle
