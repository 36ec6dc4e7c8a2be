"""Hints on lines that a handler logs otherwise than it is asked to, or not at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.rubric import concepts
from autograder.rubric.matchers import Close, Text
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Expected, LogTemplate
from tests.unit.rubric.evidence import PEERS, STUDENT, judged, line, message, receiving, said
from tests.unit.rubric.received import ELSE, FIRST_ONLY, LINES, LOGS, LOGS_IT, RECEIVER, RIGHT, received


@pytest.mark.parametrize(
    ("instead", "code", "where", "idea"),
    [
        ("self.log_debug(", "log.level", "L9: self.log_debug", concepts.LOG_LEVEL),
        ("str(", "log.nothing", "L7: def on_hello", concepts.LOGGING),
        (LOGS_IT, "log.not_reached", "L9: self.log_info", None),
    ],
)
def test_of_a_line_that_is_not_there(instead: str, code: str, where: str, idea: concepts.Idea | None) -> None:
    finding = judged(LOGS, received(RECEIVER.replace(LOGS_IT, instead), *RIGHT))
    assert finding.code == code and finding.where.startswith(where) and finding.idea is idea


def test_a_line_with_the_whole_dictionary() -> None:
    logged = line(STUDENT, "Received message from site-0: {'message': 'Hello from site-0'}")
    finding = judged(LOGS, received(RECEIVER, *RIGHT, lines=(logged,)))
    assert finding.code == "log.whole_data" and finding.idea is concepts.CONTENT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Got {'words': 'Good morning'} of site-0", "log.whole_data"),
        ("Here at site-1: Good morning", "log.names_receiver"),
        ("Here at site-10: Good morning", "log.without_sender"),
        ("Good morning to site-1 of site-0", "log.other_line"),
    ],
)
def test_a_line_of_another_protocol_is_explained_as_well(text: str, code: str) -> None:
    wanted = Expected("site-0", STUDENT, "greet", Text("words", "Good morning"), log=LogTemplate("{sender}: {words}"))
    greeting = message("site-0", STUDENT, topic="greet", content=Content("APP_DEFINED", {"words": "Good morning"}))
    run = received(RECEIVER, greeting, lines=(line(STUDENT, text),))

    assert judged(LOGS, replace(run, scenario=replace(run.scenario, expected=(wanted,)))).code == code


def test_each_line_that_logs_is_named_when_the_log_has_it_twice() -> None:
    code = RECEIVER.replace("        return", '        self.logger.info("again")\n        return')
    finding = judged(ELSE, received(code, *RIGHT, lines=LINES + LINES))
    assert finding.where.startswith("L9: self.log_info") and "L10: self.logger.info" in finding.where


def test_the_line_of_another_message_is_not_blamed() -> None:
    finding = judged(LOGS, received(RECEIVER, *RIGHT, lines=FIRST_ONLY))

    assert finding.code == "log.only_another" and finding.idea is concepts.CALLED


def test_a_line_without_its_text_is_blamed_only_where_it_can_be_this_messages() -> None:
    bare = line(STUDENT, "Received message from site-2")
    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=(bare,))).code != "log.without_message"
    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=(*FIRST_ONLY, bare))).code == "log.without_message"


def test_a_handler_that_fails_in_silence_is_asked_about() -> None:
    code = RECEIVER.replace(f"        {LOGS_IT}", f"        try:\n            {LOGS_IT}").replace(
        "        return", "        except Exception:\n            pass\n        return"
    )
    assert judged(LOGS, received(code, *RIGHT)).idea is concepts.SWALLOWED


def test_where_no_line_is_asked_for_there_is_a_hint_all_the_same() -> None:
    run = received(RECEIVER, *RIGHT, lines=FIRST_ONLY)
    expected = tuple(replace(one, log=None) for one in run.matching.expected)
    judged(LOGS, replace(run, scenario=replace(run.scenario, expected=expected)))


@pytest.mark.parametrize("text", ["INFO: Received message from {0}: Hello from {0}", "Hello from {0} by {0}"])
def test_a_line_that_names_the_sender_is_not_said_to_lack_it(text: str) -> None:
    lines = tuple(line(STUDENT, text.format(peer)) for peer in PEERS)

    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=lines)).code == "log.other_line"


DRAWN = "ciao, Zoë: 24bf5ce242a21d7a  and A2EF3030CDAE810D; see you LATER!"


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        str.upper,
        str.title,
        str.capitalize,
        lambda text: text.rstrip("!"),
        lambda text: text.replace(":", ""),
        lambda text: " ".join(text.split()),
        lambda text: text.split(":")[0],
        lambda text: text[:50],
        lambda text: text.encode("ascii", "ignore").decode(),
    ],
)
def test_a_text_that_was_changed_is_called_that(change: Callable[[str], str]) -> None:
    run = received(RECEIVER, replace(RIGHT[0], content=said(DRAWN)))
    expected = replace(run.matching.expected[0], content=Text("message", DRAWN))
    run = replace(run, scenario=replace(run.scenario, expected=(expected,)))
    logged = line(STUDENT, f"Received message from site-0: {change(DRAWN)}")
    finding = judged(LOGS, replace(run, evidence=replace(run.evidence, log_lines=(logged,))))

    assert finding.code == "log.altered" and finding.where.startswith("L9: self.log_info")
    assert finding.idea is concepts.CONTENT


@pytest.mark.parametrize(
    ("came", "logged", "code"),
    [
        (f" {DRAWN} ", DRAWN, "log.stripped"),
        (f" {DRAWN} ", f"{DRAWN} ", "log.other_line"),  # it is in the line, with the space before it
        (f" {DRAWN} ", f" {DRAWN}", "log.stripped"),
        (f" {DRAWN} ", DRAWN.lower(), "log.altered"),
        (DRAWN, f"{DRAWN} ", "log.other_line"),
        (DRAWN, f" {DRAWN}", "log.other_line"),
        (f" {DRAWN}", f"{DRAWN} ", "log.other_line"),
    ],
)
def test_spaces_that_are_missing_are_told_from_those_that_were_added(came: str, logged: str, code: str) -> None:
    run = received(RECEIVER, replace(RIGHT[0], content=said(came)))
    expected = replace(run.matching.expected[0], content=Text("message", came))
    run = replace(run, scenario=replace(run.scenario, expected=(expected,)))
    told = line(STUDENT, f"Received message from site-0: {logged}")

    assert judged(LOGS, replace(run, evidence=replace(run.evidence, log_lines=(told,)))).code == code


def test_a_message_that_was_cut_off_is_not_said_to_be_missing() -> None:
    cut = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer[:-1]}") for peer in PEERS)

    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=cut)).code == "log.altered"


def test_a_line_with_another_number_is_compared_with_the_number() -> None:
    number = Expected("site-0", STUDENT, "value", Close("WEIGHTS", {"value": 0.5}), log=LogTemplate("Got {value}"))
    came = message("site-0", STUDENT, topic="value", content=Content("WEIGHTS", {"value": 0.5}))
    run = receiving(came, lines=(line(STUDENT, "Got 0.7"),))

    assert judged(LOGS, replace(run, scenario=replace(run.scenario, expected=(number,)))).code == "log.other_values"
