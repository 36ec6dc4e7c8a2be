"""A run without the start barrier is made once, whatever gets lost in it."""

from dataclasses import replace

from autograder import assignments
from autograder.evidence.model import Evidence
from autograder.grading.attempts import doubt_about
from autograder.grading.self_check import OWN_LIMITS, own_limits
from autograder.rubric.model import RunEvidence
from autograder.simulator.scenario import Part, Scenario

P2P = assignments.load("p2p_communication")
_PART = Part(module="submission", class_name="P2PExecutor", sources={})
_SITES = {"site-0": _PART, "site-1": _PART}
_LOST = Evidence(finished=True, quiet=False)
"""Messages were lost, and no barrier has noted who came up."""


def _scenario(*, barrier: bool) -> Scenario:
    return Scenario("own", _PART, _SITES, frozenset(_SITES), (), barrier=barrier)


def test_lost_messages_are_no_reason_to_run_again_without_a_barrier() -> None:
    assert doubt_about(RunEvidence(_scenario(barrier=True), _LOST))
    assert not doubt_about(RunEvidence(_scenario(barrier=False), _LOST))


def test_lost_messages_are_not_waited_for_as_long() -> None:
    assert own_limits(P2P, barrier=False).settle < own_limits(P2P, barrier=True).settle == OWN_LIMITS.settle


def test_what_the_assignment_needs_its_own_runs_get() -> None:
    patient = replace(P2P, limits={"exercise": 90, "settle": 30, "heap": 3 << 30})
    assert own_limits(patient, barrier=True) == replace(OWN_LIMITS, exercise=90.0, settle=30.0, heap=3 << 30)
    assert own_limits(patient, barrier=False).settle < OWN_LIMITS.settle
