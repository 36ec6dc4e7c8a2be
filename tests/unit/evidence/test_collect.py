"""What a journal says, read back."""

from typing import Any

import pytest

from autograder.evidence.collect import MOST_MESSAGES, course_failure, messages_of, ready_of, results_of
from autograder.evidence.collect import stood_in as calls_of
from autograder.simulator.network.content import Content, ContentFault, to_json
from autograder.simulator.scenario import Notebook, Part, Scenario


def test_a_site_that_came_after_the_exercise_began_was_not_ready() -> None:
    journal: list[dict[str, Any]] = [
        {"kind": "ready", "site": "site-0"},
        {"kind": "begin", "missing": ["site-1", "site-2"]},
        {"kind": "ready", "site": "site-1"},
    ]
    assert ready_of(journal) == {"site-0"}


def test_without_a_barrier_every_site_that_asked_for_a_task_was_ready() -> None:
    assert ready_of([{"kind": "ready", "site": "site-0"}, {"kind": "ready", "site": "site-1"}]) == {"site-0", "site-1"}


def test_a_message_before_the_exercise_began_is_early() -> None:
    journal: list[dict[str, Any]] = [
        {"kind": "request", "sender": "site-0", "receiver": "site-1", "topic": "hello", "id": "1"},
        {"kind": "begin"},
        {"kind": "request", "sender": "site-0", "receiver": "site-2", "topic": "hello", "id": "2"},
        {"kind": "reply", "sender": "site-2", "id": "2", "return_code": "OK"},
    ]
    assert [(message.receiver, message.early, message.reply) for message in messages_of(journal)] == [
        ("site-1", True, None),
        ("site-2", False, "OK"),
    ]
    assert not any(message.early for message in messages_of(journal[2:]))


SAID = Content(None, {"value": (1, 2.5)})


@pytest.mark.parametrize(
    ("told", "content"),
    [
        ({"return_code": "OK", "content": to_json(SAID)}, SAID),
        ({"return_code": "OK", "content": to_json(SAID), "lost": True}, SAID),
        ({"return_code": "OK"}, None),
        ({"return_code": None, "unreadable": True}, None),
        ({"return_code": "OK", "content": None}, Content(fault=ContentFault.UNREADABLE)),
        ({"return_code": "OK", "content": {"kind": 3}}, Content(fault=ContentFault.UNREADABLE)),
    ],
)
def test_what_a_reply_says_is_read_where_its_entry_tells_it(told: dict[str, Any], content: Content | None) -> None:
    request = {"kind": "request", "sender": "site-0", "receiver": "site-1", "topic": "ask", "id": "1"}
    (message,) = messages_of([request, {"kind": "reply", "sender": "site-1", "id": "1", **told}])

    assert message.reply_content == content
    assert messages_of([request])[0].reply_content is None


def test_what_a_result_says_is_read_where_the_course_tells_it() -> None:
    entry = {"kind": "result", "site": "site-0", "task": "ask", "return_code": "OK", "content": to_json(SAID)}

    assert [one.content for one in results_of([entry, {**entry, "content": 3}], believed=True)] == [
        SAID,
        Content(fault=ContentFault.UNREADABLE),
    ]
    (claimed,) = results_of([entry], believed=False)
    assert (claimed.return_code, claimed.content) == ("OK", None)


def test_a_result_that_comes_when_the_workflow_is_over_is_told_from_the_others() -> None:
    entry = {"kind": "result", "site": "site-0", "task": "ask", "return_code": "OK"}

    assert [one.after_end for one in results_of([entry, {"kind": "finished"}, entry], believed=False)] == [False, True]
    assert not any(one.after_end for one in results_of([entry, entry], believed=False))


def test_only_calls_of_stand_ins_count_that_a_party_was_given() -> None:
    told = [
        {"kind": "stood in", "method": "TalkingExecutor.execute", "detail": "talk"},
        {"kind": "stood in", "method": "TalkingExecutor.handle_event", "detail": "_start_run"},
    ]
    given = Part("m", "C", notebook=Notebook((), 0, ("TalkingExecutor.execute",)))
    for part, counts in ((given, [("TalkingExecutor.execute", "talk")]), (Part("m", "C"), [])):
        scenario = Scenario("test", part, {"site-0": part}, frozenset({"site-0"}), ())
        assert list(calls_of(scenario, "site-0", told)) == counts


def test_of_very_many_messages_the_first_are_looked_at() -> None:
    request = {"kind": "request", "sender": "site-0", "receiver": "site-1", "topic": "hello", "text": "x"}
    assert len(messages_of([request] * (MOST_MESSAGES + 1))) == MOST_MESSAGES


def test_in_which_order_messages_pass_changes_nothing_but_their_numbers() -> None:
    asked = [{"kind": "request", "sender": "site-0", "receiver": f"site-{n}", "topic": "hello"} for n in (2, 1)]
    one, other = messages_of(asked), messages_of(asked[::-1])
    assert [m.receiver for m in one] == [m.receiver for m in other] == ["site-1", "site-2"]
    assert [m.number for m in one] == [2, 1]


def test_of_what_the_course_has_failed_at_the_first_is_read() -> None:
    told = [{"kind": "course failed", "error": error} for error in ("KeyError: 'x'", "another")]
    assert course_failure([{"kind": "ready"}, *told]) == "KeyError: 'x'"
    assert course_failure([]) == ""
    assert len(course_failure([{"kind": "course failed", "error": "x" * 10_000}])) == 500
