"""Checks of what is sent, on evidence made by hand."""

from dataclasses import replace

import pytest

from autograder.rubric import ideas
from autograder.rubric import sending as checks
from autograder.rubric.model import Check, Finding, Played
from autograder.simulator.scenario import SERVER
from tests.rubric.evidence import SITES, STUDENT, hello, line, message, scenario, sending

REACHES = checks.reaches_everyone("a", "A", 1)
ONCE = checks.reaches_each_once("b", "B", 1)
SAYS = checks.says_hello("c", "C", 1)
RETURNS = checks.returns_ok("d", "D", 1)
ALL = (REACHES, ONCE, SAYS, RETURNS)

RIGHT = (message(STUDENT, "site-0"), message(STUDENT, "site-2"))


def judge(check: Check, played: Played) -> Finding:
    finding = check.judge([played])
    assert finding.passed or finding.hint, "a check that is not passed must give a hint"
    return finding


@pytest.mark.parametrize("check", ALL)
def test_a_right_answer_passes(check: Check) -> None:
    assert judge(check, sending(*RIGHT)).passed


@pytest.mark.parametrize("check", ALL)
def test_nothing_earns_nothing(check: Check) -> None:
    assert not judge(check, sending()).passed
    assert not check.judge([]).passed


@pytest.mark.parametrize(
    ("check", "played", "words"),
    [
        (REACHES, sending(RIGHT[0]), "leave out site-2"),
        (
            REACHES,
            sending(message(STUDENT, "site-0", topic="helo"), message(STUDENT, "site-2", topic="helo")),
            "'helo'",
        ),
        (REACHES, sending(message(STUDENT, SERVER)), "targets=None"),
        (REACHES, sending(to_self={STUDENT: 1}), "only to itself"),
        (REACHES, sending(lines=(line(STUDENT, "invalid target site-7", "ERROR"),)), "'site-7'"),
        (REACHES, sending(code="", ended=frozenset({STUDENT})), "ended by itself"),
        (REACHES, sending(code="", finished=False), "did not return"),
        (ONCE, sending(*RIGHT, to_self={STUDENT: 1}), "your own site"),
        (ONCE, sending(*RIGHT, message(STUDENT, SERVER)), "to the server"),
        (ONCE, sending(*RIGHT, RIGHT[0]), "one message"),
        (SAYS, sending(RIGHT[0], message(STUDENT, "site-2", text="Hi")), "letter by letter"),
        (SAYS, sending(message(STUDENT, "site-0", text="Hello from site-0"), RIGHT[1]), "names site-0"),
        (SAYS, sending(message(STUDENT, "site-0", text=None, data_kind=None, problem="it holds no DXO")), "DXO"),
        (SAYS, sending(message(STUDENT, "site-0", data_kind="WEIGHTS")), "APP_DEFINED"),
        (RETURNS, sending(*RIGHT, code="EXECUTION_RESULT_ERROR"), "None"),
        (RETURNS, sending(*RIGHT, code="ERROR"), "ReturnCode.OK"),
        (RETURNS, sending(*RIGHT, code=""), "did not return"),
    ],
)
def test_a_mistake_gets_its_hint(check: Check, played: Played, words: str) -> None:
    finding = judge(check, played)

    assert not finding.passed
    assert words in finding.hint


def test_an_exception_is_told_with_its_place() -> None:
    traceback = 'Traceback (most recent call last):\n  File "/x/submission.py", line 7, in execute\n    x\nNameError: x'
    played = sending(code="EXECUTION_EXCEPTION", lines=(line(STUDENT, traceback, "ERROR", origin="nvflare.x"),))

    assert "NameError: x (line 7 of the module)" in judge(REACHES, played).hint


def test_an_exception_before_all_was_sent_comes_before_the_targets() -> None:
    traceback = 'Traceback (most recent call last):\n  File "/x/submission.py", line 7, in execute\n    x\nKeyError: 1'
    lines = (line(STUDENT, traceback, "ERROR", origin="nvflare.x"),)
    finding = judge(REACHES, sending(RIGHT[0], code="EXECUTION_EXCEPTION", lines=lines))

    assert "raised KeyError: 1 (line 7 of the module), and site-2 had got nothing by then" in finding.hint
    assert finding.blocks


def test_a_hint_names_the_idea_behind_it() -> None:
    assert judge(REACHES, sending(message(STUDENT, SERVER))).idea is ideas.TARGETS_OF_NONE
    assert judge(REACHES, sending(RIGHT[0])).idea is ideas.TARGETS
    assert judge(SAYS, sending(message(STUDENT, "site-0", data_kind="WEIGHTS"))).idea is ideas.CONTENT
    assert judge(RETURNS, sending(*RIGHT, code="EXECUTION_RESULT_ERROR")).idea is ideas.RESULT


def test_who_looks_for_the_engines_methods_elsewhere_is_told_of_the_engine() -> None:
    error = "AttributeError: 'X' object has no attribute 'send_aux_request'"
    traceback = f'Traceback (most recent call last):\n  File "/x/submission.py", line 7, in execute\n    x\n{error}'
    played = sending(code="EXECUTION_EXCEPTION", lines=(line(STUDENT, traceback, "ERROR", origin="nvflare.x"),))

    assert judge(REACHES, played).idea is ideas.ENGINE


def test_content_counts_where_it_is_asked_for() -> None:
    with_content = checks.reaches_each_once("b", "B", 1, with_content=True)

    assert judge(with_content, sending(*RIGHT)).passed
    assert not judge(with_content, sending(RIGHT[0], message(STUDENT, "site-2", text="Hi"))).passed
    assert not judge(with_content, sending(*RIGHT, code="ERROR")).passed


def test_the_site_whose_process_ended_is_told_of_before_one_that_still_waits() -> None:
    both = frozenset({"site-0", "site-2"})
    messages = [(sender, to) for sender in sorted(both) for to in SITES if to != sender]
    run = Played(
        scenario(tuple(hello(*pair) for pair in messages), both),
        replace(sending().evidence, messages=tuple(message(*pair) for pair in messages), results=()),
    )
    judge = checks.returns_ok("returns_ok", "", 1).judge

    assert "wait for something" in judge([run]).hint
    ended = replace(run, evidence=replace(run.evidence, ended=frozenset({"site-2"})))
    assert "end the program" in judge([ended]).hint
