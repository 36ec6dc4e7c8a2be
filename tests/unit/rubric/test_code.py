"""Where in a student's code a hint points."""

from dataclasses import replace

import pytest

from autograder.rubric import code
from autograder.rubric.model import RunEvidence
from autograder.simulator.scenario import SERVER, Part
from tests.unit.rubric.evidence import STUDENT, numbered, receiving, where

SOURCE = """
class Answer(Executor):
    def execute(self):
        secret(1)

class P2PExecutor(Answer):
    def execute(self):
        for name in names:
            engine.send_aux_request([name])
        return

    def handle_event(self, event_type, fl_ctx):
        engine.register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        self.log_info(fl_ctx, "x" * 100, "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")
        return make_reply(1)
"""


def played(source: str = SOURCE, class_name: str = "P2PExecutor") -> RunEvidence:
    part = Part("submission", class_name, {"submission": source})
    run = receiving()
    scenario = replace(run.scenario, executors={**run.scenario.executors, STUDENT: part})
    return RunEvidence(scenario, run.evidence, lambda line: numbered(line) if line > 5 else None)


def test_calls_are_told_with_their_lines() -> None:
    assert where(code.calls(played(), STUDENT, "send_aux_request")) == "L9: engine.send_aux_request([name])"
    assert where(code.calls(played(), STUDENT, "nothing", "make_reply")) == "L17: return make_reply(1)"
    assert where(code.calls(played(), STUDENT, "log_info")).endswith("…")


def test_a_call_in_another_method_is_not_meant() -> None:
    assert where(code.calls(played(), STUDENT, "send_aux_request", method="on_hello")) == ""


def test_what_a_class_inherits_is_not_shown() -> None:
    assert where(code.calls(played(), STUDENT, "secret")) == ""
    assert where(code.calls(played(class_name="Answer"), STUDENT, "secret")) == "", (
        "it has no place in the student's notebook"
    )


ROBUST = """
class Plain(Executor):
    def execute(self):
        self.exchange()

    def handle_event(self, event_type, fl_ctx):
        engine.register_aux_message_handler("hello", self.take)

    def take(self, topic, request, fl_ctx):
        return make_reply(1)

    def exchange(self):
        engine.send_aux_request([])

class P2PExecutor(Plain):
    def execute(self):
        self.swap()

    def swap(self):
        engine.send_aux_request([name])
"""


def test_what_a_class_inherits_and_does_not_run_any_more_is_not_shown() -> None:
    assert where(code.calls(played(ROBUST), STUDENT, "send_aux_request")) == "L20: engine.send_aux_request([name])"
    assert where(code.calls(played(ROBUST), STUDENT, "make_reply")) == "L10: return make_reply(1)", "a handler"


def test_returns_of_a_method_or_the_method_itself() -> None:
    assert where(code.returns(played(), STUDENT, "execute")) == "L10: return"
    assert where(code.returns(played(), STUDENT, "handle_event")) == "L12: def handle_event(self, event_type, fl_ctx):"
    assert where(code.returns(played(), STUDENT, "nothing")) == ""


@pytest.mark.parametrize("arguments", ['"hello", self.on_hello', 'topic="hello", message_handle_func=self.on_hello'])
def test_the_handler_is_the_one_that_is_registered(arguments: str) -> None:
    changed = SOURCE.replace('"hello", self.on_hello', arguments)
    assert code.handler(played(changed), STUDENT) == "on_hello"


def test_of_several_handlers_the_one_of_a_topic_is_named() -> None:
    registers = 'engine.register_aux_message_handler("hello", self.on_hello)'
    other = 'engine.register_aux_message_handler("bye", self.on_bye)'
    both = played(SOURCE.replace(registers, f"{registers}; {other}"))

    assert [code.handler(both, STUDENT, topic) for topic in ("hello", "bye", "x", "")] == [
        "on_hello", "on_bye", "on_hello", "on_hello",
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", ['"hello", self.on_hello, fl_ctx', 'topic="hello", handler_f=self.on_hello'])
def test_the_handler_of_a_reliable_message_is_named_too(arguments: str) -> None:
    changed = SOURCE.replace(
        'engine.register_aux_message_handler("hello", self.on_hello)',
        f"ReliableMessage.register_request_handler({arguments})",
    )
    assert code.handler(played(changed), STUDENT) == "on_hello"


@pytest.mark.parametrize("arguments", ["", '"hello"', '"hello", self.on_hello()', "*both", "**both"])
def test_no_handler_is_named_where_none_can_be(arguments: str) -> None:
    changed = SOURCE.replace('"hello", self.on_hello', arguments)
    assert code.handler(played(changed), STUDENT) == ""


@pytest.mark.parametrize("source", ["", "class (", "x = " + "(" * 10_000, "\x00", "P2PExecutor = 1"])
def test_whatever_the_code_is_there_is_an_answer(source: str) -> None:
    assert where(code.calls(played(source), STUDENT, "print")) == ""
    assert where(code.returns(played(source), STUDENT, "execute")) == ""


def test_peers_are_not_looked_at() -> None:
    assert where(code.calls(played(), "site-0", "print")) == ""
    assert where(code.calls(played(), SERVER, "print")) == ""


def test_every_name_counts_where_that_is_asked_for() -> None:
    assert where(code.calls(played(), STUDENT, "make_reply", "send_aux_request", every=True)) == (
        "L9: engine.send_aux_request([name]); L17: return make_reply(1)"
    )


def test_loops_and_waits_of_a_method() -> None:
    looping = SOURCE.replace("return make_reply(1)", "while True:\n            time.sleep(1)")
    assert where(code.waits(played(looping), STUDENT, "on_hello")) == "L17: while True:; L18: time.sleep(1)"
    assert where(code.waits(played(looping), STUDENT, "execute")) == ""
    assert where(code.waits(played(looping), STUDENT, "")) == ""


def test_the_line_of_a_method_or_of_the_class() -> None:
    assert (
        where(code.definition(played(), STUDENT, "nothing", "on_hello"))
        == "L15: def on_hello(self, topic, request, fl_ctx):"
    )
    assert where(code.definition(played(), STUDENT, "nothing")) == "L6: class P2PExecutor(Answer):"
    assert code.definition(played("class ("), STUDENT, "on_hello") == ()


def test_a_handler_that_is_called_and_not_handed_over() -> None:
    assert code.handler_called(played(SOURCE.replace("self.on_hello", "self.on_hello()")), STUDENT) == "on_hello"
    assert code.handler_called(played(), STUDENT) == ""


def test_the_events_that_are_spoken_of() -> None:
    told = SOURCE.replace(
        "        engine.register", "        if event_type == EventType.END_RUN:\n            engine.register"
    )
    assert code.events(played(told), STUDENT) == ["END_RUN"]
    assert code.events(played(), STUDENT) == []


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("pass", ["execute"]),
        ("self.execute()", ["execute"]),
        ("super().execute()", []),
        ("Answer.execute(self)", []),
    ],
)
def test_a_method_in_place_of_an_inherited_one(call: str, found: list[str]) -> None:
    assert (
        code.in_place_of(played(SOURCE.replace("        return\n", f"        {call}\n")), STUDENT, "execute") == found
    )
