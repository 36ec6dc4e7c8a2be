"""Hints on handlers that do not answer, raise, or answer with something else than OK."""

from dataclasses import replace

import pytest

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import Message
from autograder.rubric import concepts
from autograder.rubric.model import Check
from tests.unit.rubric.evidence import STUDENT, judged
from tests.unit.rubric.received import (
    ELSE,
    FIRST_ONLY,
    HANDLER,
    LOGS,
    RAISED,
    RECEIVER,
    REPLIES,
    RIGHT,
    handler_error,
    received,
)


def test_the_lines_that_wait_are_named() -> None:
    silent = tuple(replace(one, reply=None) for one in RIGHT)
    finding = judged(HANDLER, received(RECEIVER.replace("return make_reply", "time.sleep(1); return make"), *silent))
    assert finding.code == "handler.no_end"
    assert finding.where.startswith("L10: time.sleep(1)")


@pytest.mark.parametrize("message", RIGHT)
def test_a_handler_that_has_used_up_its_cpu_time_gets_the_hint_of_one_that_is_still_at_it(message: Message) -> None:
    code = RECEIVER.replace("return make_reply", "while sender: pass\n        return make_reply")
    at_it = received(code, replace(message, reply=None))
    spent = replace(at_it, evidence=replace(at_it.evidence, ended=frozenset({STUDENT}), spent=frozenset({STUDENT})))

    for check in (HANDLER, LOGS, REPLIES, ELSE):
        assert judged(check, spent) == judged(check, at_it)
    found = judged(HANDLER, spent)
    assert found.code == "handler.no_end" and "while sender" in found.where


def test_a_handler_that_cannot_be_called_is_named() -> None:
    lines = handler_error("TypeError: P2PExecutor.on_hello() got an unexpected keyword argument 'topic'")
    finding = judged(REPLIES, received(RECEIVER, *RAISED, lines=lines))
    assert (finding.code, finding.data["exception"]) == ("handler.arguments", "TypeError")
    assert finding.where.startswith("L7: def on_hello") and finding.idea is concepts.CALLED


@pytest.mark.parametrize(
    ("error", "code", "idea"),
    [
        ("NotImplementedError", "handler.stub_left", None),
        ("TypeError: 'DXO' object is not subscriptable", "handler.raised", concepts.CONTENT),
        ("KeyError: 'mesage'", "handler.raised", concepts.CONTENT),
        ("KeyError: 1", "handler.raised", None),
        ("TypeError: log_info() missing 1 required positional argument: 'msg'", "handler.raised", None),
    ],
)
def test_an_exception_of_the_handlers_own_is_told_with_its_place(
    error: str, code: str, idea: concepts.Idea | None
) -> None:
    lines = handler_error(error, '  File "/x/submission.py", line 9, in on_hello\n')
    finding = judged(REPLIES, received(RECEIVER, *RAISED, lines=lines))
    assert (finding.code, finding.data["told"], finding.at) == (code, error, 9) and finding.idea is idea


@pytest.mark.parametrize("reply", ["ERROR", "EXECUTION_EXCEPTION", "BAD_REQUEST_DATA"])
def test_of_a_message_that_was_refused_its_own_answer_is_told(reply: str) -> None:
    code = RECEIVER.replace(
        "        return", f"        if full:\n            return make_reply(ReturnCode.{reply})\n        return"
    )
    messages = (RIGHT[0], replace(RIGHT[1], reply=reply))
    for check in (LOGS, REPLIES):
        finding = judged(check, received(code, *messages, lines=FIRST_ONLY))
        assert (finding.code, finding.data["reply"]) == ("reply.this_not_ok", reply)
        assert finding.where == f"L11: return make_reply(ReturnCode.{reply})" and finding.idea is concepts.REPLY


def test_an_exception_is_told_of_the_message_at_which_it_came() -> None:
    raised = (
        replace(handler_error("KeyError: 1")[0], context=f"[identity={STUDENT}, peer=site-2, peer_run=x]"),
        replace(handler_error("KeyError: 1")[1], context=f"[identity={STUDENT}, peer=site-2, peer_run=x]"),
    )
    messages = (RIGHT[0], RAISED[1])
    finding = judged(LOGS, received(RECEIVER, *messages, lines=raised))
    assert finding.code != "handler.raised", "nothing was raised at the message of site-0"

    assert judged(LOGS, received(RECEIVER, *messages, lines=(*FIRST_ONLY, *raised))).code == "handler.raised"


COROUTINES = tuple(replace(one, reply=NO_SHAREABLE) for one in RIGHT)


@pytest.mark.parametrize("check", [LOGS, REPLIES])
def test_a_handler_that_nobody_awaits_is_called_that(check: Check) -> None:
    finding = judged(check, received(RECEIVER.replace("def on_hello", "async def on_hello"), *COROUTINES))

    assert finding.code == "handler.async"
    assert finding.idea is concepts.AWAITED and finding.where.startswith("L7: async def on_hello")


def test_what_python_says_of_a_coroutine_is_enough() -> None:
    run = received(RECEIVER, *COROUTINES)
    printed = {STUDENT: "RuntimeWarning: coroutine 'P2PExecutor.on_hello' was never awaited"}
    finding = judged(REPLIES, replace(run, evidence=replace(run.evidence, printed=printed)))

    assert finding.idea is concepts.AWAITED


def test_a_handler_that_returns_nothing_is_still_asked_about_none() -> None:
    finding = judged(REPLIES, received(RECEIVER.replace("        return make_reply(ReturnCode.OK)\n", ""), *COROUTINES))

    assert finding.code == "reply.no_shareable" and finding.where.startswith("L9: self.log_info")
