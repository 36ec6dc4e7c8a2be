"""Credit for what is left to a stand-in: see `autograder.submission.stand_in`.

A student whose earlier exercise is not right can still build on it. Where the student's code calls the stand-in that
takes its place, the messages that a right answer would have sent there count as sent, and handlers that it would have
registered as registered. What the exercise itself asks for is never credited.
"""

from dataclasses import replace

from autograder.evidence.model import Evidence, Message
from autograder.simulator.scenario import Scenario

_HANDLES = "handle_event"
_START_RUN = "_start_run"
"""``EventType.START_RUN`` of NVFlare, which a grader does not import."""


def with_credit(scenario: Scenario, evidence: Evidence) -> Evidence:
    """Return an evidence with the messages that are credited to the student's sites."""
    numbers = len(evidence.messages)
    credited: list[Message] = []
    for party, calls in sorted(evidence.stood_in.items()):
        for method, detail in calls:
            for wanted in scenario.credited.get(method, ()) if detail in scenario.tasks_of(party) else ():
                if wanted.sender == party:
                    numbers += 1
                    credited.append(
                        Message(numbers, party, wanted.receiver, wanted.topic, reply=wanted.reply, credited=True)
                    )
    return replace(evidence, messages=(*evidence.messages, *credited)) if credited else evidence


def handles_by_stand_in(evidence: Evidence, party: str) -> bool:
    """Return whether a stand-in was told at a party that the run starts, at which a right answer registers handlers."""
    return any(
        method.endswith(f".{_HANDLES}") and detail == _START_RUN for method, detail in evidence.stood_in.get(party, ())
    )
