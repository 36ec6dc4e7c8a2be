"""What the checks of ``reliable_messaging`` make of times, on evidence made by hand: no busy machine costs a point."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import assignments
from autograder.assignments.reliable_messaging.scenarios import ANNOUNCE, NEWS, PING, SITES, UNKNOWN, others_of
from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.rubric.model import Cast, Finding, RunEvidence
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Part, Scenario
from tests.unit.rubric.evidence import hint_of

ASSIGNMENT = assignments.load("reliable_messaging")
NOTHING = Content()
QUICK = 0.01


def drawn(exercise: str) -> Scenario:
    cast = Cast(lambda name: Part("submission", name), lambda name, arguments: Part("peers", name), Random(1), 1)
    return ASSIGNMENT.exercise(exercise).cross_play(cast)[0]


def announcements() -> list[dict[str, Any]]:
    """The tasks of exercise 1 that are to be done."""
    return [task for task in drawn("deliver").controller.arguments["tasks"] if task["task"] == ANNOUNCE]


def judged(exercise: str, name: str, evidence: Evidence) -> Finding:
    (check,) = [one for one in ASSIGNMENT.exercise(exercise).checks if one.name == name]
    return check.judge([RunEvidence(drawn(exercise), evidence)])


def roll_call(
    slow: Message, *, lists: bool, ended: float, silent: tuple[Message, ...] = (), check: str = "alive"
) -> Finding:
    """The finding on who is alive, where the answers to each site's first neighbour are like ``slow``.

    Args:
        check: another check of the same evidence.
        slow: with times as parts of the deadline.
        lists: whether it is said to be alive.
        ended: when each site has returned, as a part of the deadline.
        silent: the pings to each site's last neighbour, if that does not answer.
    """
    before, task = drawn("roll_call").controller.arguments["tasks"]
    deadline, item = task["data"]["deadline"], Content("APP_DEFINED", {"id": before["data"]["id"]})
    messages, lines = [answered(site, others_of(site)[0], NEWS, at=0.5, content=item) for site in SITES], []
    for site in SITES:
        first, *rest = others_of(site)
        for one in silent:
            unheard = {"at": 1 + one.at * deadline, "gave_up_after": one.gave_up_after * deadline}
            messages.append(replace(one, sender=site, receiver=rest[-1], **unheard))
        rest = rest[: -1 if silent else None]
        times = {"answered_at": 1 + slow.answered_at * deadline, "gave_up_after": slow.gave_up_after * deadline}
        messages.append(replace(slow, sender=site, receiver=first, at=1.0, **times))
        messages += [answered(site, other, PING, at=1.0) for other in rest]
        alive = sorted({site, *rest, *([first] if lists else [])})
        lines.append(LogLine(site, "", "Roll", "submission.Roll", "INFO", "", f"Alive: {', '.join(alive)}"))
    results = tuple(TaskResult(site, "roll_call", "OK", at=1 + ended * deadline, given_at=1.0) for site in SITES)
    return judged("roll_call", check, Evidence(messages=tuple(messages), log_lines=tuple(lines), results=results))


def answered(sender: str, receiver: str, topic: str, at: float, content: Content = NOTHING) -> Message:
    quickly = at + QUICK
    return Message(1, sender, receiver, topic, content, reply="OK", at=at, answered_at=quickly, answered_in_time=True)


def ping(*, after: float, patience: float = 0.0) -> Message:
    """A ping that was answered after some time, when its sender may have given up."""
    one = Message(1, "", "", PING, reply="OK", answered_at=after, gave_up_after=patience)
    return replace(one, answered_in_time=not patience)


@pytest.mark.parametrize("after", [0.22, 0.5, 5.0])
def test_who_does_not_wait_for_a_third_of_the_deadline_is_impatient_however_late_the_answer_is(after: float) -> None:
    finding = roll_call(ping(after=after, patience=0.2), lists=False, ended=0.7)

    assert not finding.passed and hint_of(finding).code == "alive.slow"


@pytest.mark.parametrize("after", [0.32, 0.34, 5.0])
@pytest.mark.parametrize("lists", [True, False])
def test_who_waits_for_a_third_may_call_it_dead_or_alive_if_the_answer_is_not_there(after: float, lists: bool) -> None:
    assert roll_call(ping(after=after, patience=1 / 3), lists=lists, ended=0.7).passed


def test_a_quick_answer_that_was_waited_for_has_to_count() -> None:
    assert roll_call(ping(after=0.1), lists=True, ended=0.7).passed
    assert not roll_call(ping(after=0.1), lists=False, ended=0.7).passed


def test_whoever_returns_at_once_has_not_waited_whatever_its_timeouts_are() -> None:
    finding = roll_call(ping(after=0.22), lists=False, ended=0.1)

    assert not finding.passed and hint_of(finding).code == "alive.slow"


def unheard(*patience: float, at: float = 0.0) -> tuple[Message, ...]:
    """Pings that were never answered, one after another, until their sender gave up."""
    starts = [at + sum(patience[:number]) for number in range(len(patience))]
    return tuple(
        Message(1, "", "", PING, at=start, gave_up_after=one) for start, one in zip(starts, patience, strict=True)
    )


@pytest.mark.parametrize("silent", [unheard(0.25), unheard(0.3, 0.3, 0.3), unheard(0.32, at=0.25)])
@pytest.mark.parametrize("lists", [True, False])
def test_whoever_gives_up_too_early_on_the_silent_is_impatient_even_if_the_slow_were_quick_enough(
    silent: tuple[Message, ...], lists: bool
) -> None:
    finding = roll_call(ping(after=0.22), lists=lists, ended=1.0, silent=silent)

    assert not finding.passed
    assert hint_of(finding).code == ("alive.slow" if lists else "alive.lacking")


@pytest.mark.parametrize("silent", [unheard(1 / 3), unheard(0.1, 0.5), unheard(0.25, at=0.7), unheard(0.0)])
def test_whoever_waits_for_a_third_for_the_silent_or_until_the_deadline_is_patient(silent: tuple[Message, ...]) -> None:
    assert roll_call(ping(after=0.22), lists=True, ended=1.0, silent=silent).passed


@pytest.mark.parametrize("silent", [unheard(1.5), unheard(0.5, 0.5, 0.5), unheard(0.6, at=0.0) + unheard(0.6, at=0.55)])
def test_whoever_is_ready_to_wait_for_longer_than_the_deadline_is_late(silent: tuple[Message, ...]) -> None:
    finding = roll_call(ping(after=0.22), lists=True, ended=1.2, silent=silent, check="in_time")

    assert not finding.passed and hint_of(finding).code == "ping.too_late"


@pytest.mark.parametrize("silent", [unheard(1 / 3, 1 / 3, 1 / 3), unheard(1.0), unheard(0.4, 0.6)])
def test_whoever_waits_for_all_of_the_deadline_is_late_if_its_result_is(silent: tuple[Message, ...]) -> None:
    late, in_time = (
        roll_call(ping(after=0.22), lists=True, ended=ended, silent=silent, check="in_time") for ended in (1.01, 0.99)
    )

    assert not late.passed and hint_of(late).code == "ping.too_late"
    assert in_time.passed


@pytest.mark.parametrize("silent", [unheard(1 / 3, 1 / 3, 0.3), unheard(0.9), unheard(0.9) + unheard(0.5, at=0.2)])
def test_a_busy_machine_makes_nobody_late(silent: tuple[Message, ...]) -> None:
    assert roll_call(ping(after=0.22), lists=True, ended=2.5, silent=silent, check="in_time").passed


def test_whoever_looks_at_a_clock_of_its_own_and_returns_in_time_may_have_any_timeout() -> None:
    """It pings in threads of their own, and does not wait for these until they are done."""
    assert roll_call(ping(after=0.22), lists=True, ended=0.7, silent=unheard(3.0), check="in_time").passed


def announced(*sends: tuple[float, float], ended: float, patience: float = 0.0) -> Evidence:
    """The evidence of sites that sent each item at these parts of the deadline, and were refused.

    Args:
        sends: each with the part of the deadline after which it was answered.
        ended: when they returned.
        patience: their timeout where nothing came.
    """
    messages, results = [], []
    for task in announcements():
        item, deadline = task["data"], task["data"]["deadline"]
        said = Content("APP_DEFINED", {"id": item["id"], "text": item["text"]})
        for site in SITES:
            for other in others_of(site):
                for at, waited in sends:
                    one = answered(site, other, NEWS, at=100 + at * deadline, content=said)
                    one = replace(one, reply="TOPIC_UNKNOWN", answered_at=one.at + waited * deadline)
                    gave_up = {"reply": None, "answered_in_time": False, "gave_up_after": patience * deadline}
                    messages.append(replace(one, **gave_up) if patience else one)
            results.append(TaskResult(site, "announce", "EXECUTION_RESULT_ERROR", 100 + ended * deadline, 100))
    return Evidence(messages=tuple(messages), results=tuple(results))


def test_whoever_finds_that_no_further_pause_fits_in_has_not_given_up_early() -> None:
    assert judged("deliver", "until_ok", announced((0.0, 0.01), (0.4, 0.01), ended=0.42)).passed


def test_whoever_has_time_left_for_a_further_pause_has_given_up_early() -> None:
    finding = judged("deliver", "until_ok", announced((0.0, 0.01), (0.03, 0.01), ended=0.05))

    assert not finding.passed and hint_of(finding).code == "retry.gave_up"


def test_who_gives_up_with_a_code_of_its_own_is_not_told_what_a_task_that_went_well_returns() -> None:
    told = announced((0.0, 0.01), (0.4, 0.01), ended=0.42)
    lines, results = [], tuple(replace(one, return_code="EXECUTION_EXCEPTION") for one in told.results)
    for task in announcements():
        for site in SITES:
            text = f"Delivered {task['data']['id']} to nobody; gave up on {', '.join(others_of(site))}"
            lines.append(LogLine(site, "", "Sender", "submission.Sender", "INFO", "", text))
    finding = judged("deliver", "tells", replace(told, log_lines=tuple(lines), results=results))

    assert not finding.passed and hint_of(finding).code == "told.other_code"


@pytest.mark.parametrize("answer", ["TASK_UNKNOWN", "OK", "EXECUTION_RESULT_ERROR", "EXECUTION_EXCEPTION", ""])
def test_a_task_of_another_name_is_not_known(answer: str) -> None:
    told = announced((0.0, 0.01), (0.4, 0.01), ended=0.42)
    refused = tuple(TaskResult(site, UNKNOWN, answer, at=200, given_at=199) for site in SITES if answer)
    lines = [
        LogLine(site, "", "Sender", "submission.Sender", "INFO", "", f"Delivered {task['data']['id']} to {said}")
        for task in announcements()
        for site in SITES
        for said in [f"nobody; gave up on {', '.join(others_of(site))}"]
    ]
    finding = judged("deliver", "tells", replace(told, log_lines=tuple(lines), results=told.results + refused))

    assert finding.passed is (answer == "TASK_UNKNOWN")
    assert answer in ("TASK_UNKNOWN", "") or hint_of(finding).code == "told.other_task"


@pytest.mark.parametrize("growth", [2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0])
def test_whoever_lets_pauses_grow_faster_may_find_sooner_that_no_further_one_fits_in(growth: float) -> None:
    """The first pause is a 64th, and the next one does not fit in: that is as many sends as the exercise asks for."""
    pauses = [growth**number / 64 for number in range(5)]
    moments = [sum(pauses[:number]) for number in range(6)]
    fitting = [moment for moment in moments if moment < 0.97]
    told = announced(*((moment, 0.001) for moment in fitting), ended=fitting[-1] + 0.002)
    too_few = announced(*((moment, 0.001) for moment in fitting[:3]), ended=fitting[2] + 0.002)

    assert judged("deliver", "until_ok", told).passed
    assert growth > 5.5 or not judged("deliver", "until_ok", too_few).passed


@pytest.mark.parametrize(("sends", "may_be_out_of_time"), [(1, False), (2, False), (3, False), (4, True), (5, True)])
def test_whoever_goes_on_with_others_has_not_run_out_of_time(sends: int, may_be_out_of_time: bool) -> None:
    """To each site's first neighbour go the first ones only."""
    evidence = announced(*((at, 0.01) for at in (0.0, 0.03, 0.07, 0.14, 0.27, 0.53)), ended=0.6)
    deadlines = {task["data"]["id"]: task["data"]["deadline"] for task in announcements()}
    latest = [0.0, 0.03, 0.07, 0.14, 0.27, 0.53][sends - 1] + 0.001
    kept = tuple(
        one
        for one in evidence.messages
        if one.receiver != others_of(one.sender)[0] or one.at - 100 <= latest * deadlines[str(said_of(one))]
    )
    assert judged("deliver", "until_ok", replace(evidence, messages=kept)).passed is may_be_out_of_time


@pytest.mark.parametrize(("patience", "code"), [(1.0, "retry.long_timeout"), (3.0, "retry.long_timeout"), (0.06, "")])
def test_a_timeout_is_shorter_than_the_deadline(patience: float, code: str) -> None:
    sends = [((2**number - 1) / 60 + number * 0.06, 0.0) for number in range(6)]
    finding = judged("deliver", "within_bounds", announced(*sends, ended=0.9, patience=patience))

    assert finding.passed == (not code)
    assert finding.passed or hint_of(finding).code == code


@pytest.mark.parametrize(("part", "passes"), [(1.0, True), (0.5, False)])
def test_whoever_goes_by_a_clock_of_its_own_has_to_make_pauses_and_waits_for_no_timeout(
    part: float, passes: bool
) -> None:
    sends = [(0.035 * number + part * (2**number - 1) / 64, 0.0) for number in range(6)]

    assert judged("deliver", "within_bounds", announced(*sends, ended=0.9, patience=0.25)).passed is passes


def paused(*pauses: float, late: float = 0.0, in_all: bool = True) -> Finding:
    """The finding on sends with these pauses, as parts of the deadline, of which the machine makes the first longer.

    Args:
        in_all: whether that happens in all announcements.
    """
    first, *rest = pauses
    ids = [task["data"]["id"] for task in announcements()]
    pauses_of = [(first + (late if in_all or name == ids[0] else 0.0), *rest) for name in ids]
    found = [
        announced(*((sum(each[:number]) + 0.01 * number, 0.01) for number in range(len(each) + 1)), ended=0.99)
        for each in pauses_of
    ]
    messages = [
        one for name, evidence in zip(ids, found, strict=True) for one in evidence.messages if said_of(one) == name
    ]
    return judged("deliver", "within_bounds", replace(found[0], messages=tuple(messages)))


def said_of(one: Message) -> object:
    return one.content.get("id")


@pytest.mark.parametrize("pauses", [(0.25, 0.25, 0.25), (0.25, 0.28), (0.3, 0.3), (0.4, 0.2)])
def test_pauses_that_do_not_double_are_seen_however_long_they_are(pauses: tuple[float, ...]) -> None:
    finding = paused(*pauses)

    assert not finding.passed and hint_of(finding).code == "retry.same_pause"


@given(
    first=st.floats(1 / 64, 0.2),
    growth=st.lists(st.floats(2.0, 4.0), min_size=1, max_size=4),
    late=st.floats(0.0, 0.9),
    in_all=st.booleans(),
)
def test_pauses_that_double_pass_whatever_the_machine_adds_once_and_if_it_always_adds_a_little(
    first: float, growth: list[float], late: float, in_all: bool
) -> None:
    pauses = [first]
    for factor in growth:
        pauses.append(pauses[-1] * factor)
    fitting = [pause for number, pause in enumerate(pauses) if sum(pauses[: number + 1]) + 0.01 * number < 0.95]
    left = max(0.0, 0.95 - sum(fitting))

    assert paused(*fitting, late=min(late, left, 0.09 if in_all else 1.0), in_all=in_all).passed
