"""What a report says of a run as a whole."""

from dataclasses import replace

from autograder.grading.attempts import RunOutcome, RunResult
from autograder.grading.judge import summary_of
from autograder.report.words import run_title
from autograder.rubric.model import RunEvidence
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER
from tests.unit.rubric.evidence import line, receiving

FAILED = line(SERVER, "Exception in workflow exercise: KeyError: 1", "ERROR")


def ended(played: RunEvidence) -> str:
    return run_title(summary_of(RunOutcome(played, RunResult(played.evidence, 1, (), 1.0))))


def test_a_controller_that_failed_is_why_the_run_ended() -> None:
    played = receiving(lines=(FAILED,), end=End.PEER_ENDED)
    served = replace(played, scenario=replace(played.scenario, students=frozenset({SERVER})))
    assert ended(served).endswith("your code failed on the server")


def test_else_the_supervisor_says_why() -> None:
    assert ended(receiving(end=End.PEER_ENDED)).endswith("a process of the course ended")
    assert ended(receiving(lines=(FAILED,))).endswith("settled"), "the server is the course's"
