"""Hints of receiving that depend on how the student's class is written: the cause is named, and the line."""

from dataclasses import replace

import pytest

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.rubric import concepts
from autograder.rubric import receiving as checks
from autograder.rubric.model import Check, RunEvidence
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER, Part
from tests.rubric.evidence import (
    PEERS,
    SITES,
    STUDENT,
    hello,
    judged,
    line,
    message,
    numbered,
    receiving,
    scenario,
)

RECEIVER = """
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}")
        return make_reply(ReturnCode.OK)
"""
REGISTERS = 'fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)'
LOGS_IT = "self.log_info("
CONTROLLER = """
class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        self.log_info(fl_ctx, "Received")
        return make_reply(ReturnCode.OK)
"""

HANDLER = checks.has_handler("a", "A", 1, checks.any_site)
LOGS = checks.logs_each("b", "B", 1, checks.any_site)
REPLIES = checks.replies_ok("c", "C", 1, checks.any_site)
ELSE = checks.does_nothing_else("d", "D", 1, checks.any_site)
SERVER_HANDLER = checks.has_handler("e", "E", 1, checks.the_server)
SERVER_REPLIES = checks.replies_ok("g", "G", 0.5, checks.the_server, nothing_else=True)
SERVER_LOGS = checks.logs_each("f", "F", 1, checks.the_server)

RIGHT = tuple(message(peer, STUDENT) for peer in PEERS)
UNKNOWN = tuple(message(peer, STUDENT, reply="TOPIC_UNKNOWN") for peer in PEERS)
RAISED = tuple(message(peer, STUDENT, reply="HANDLER_EXCEPTION") for peer in PEERS)
LINES = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer}") for peer in PEERS)


def received(code: str, *messages: Message, lines: tuple[LogLine, ...] = ()) -> RunEvidence:
    """A run in which the student's site runs ``code``."""
    run = receiving(*messages, lines=lines)
    part = Part("submission", "P2PExecutor", {"submission": code})
    written = replace(run.scenario, executors={**run.scenario.executors, STUDENT: part})
    return RunEvidence(written, run.evidence, numbered)


def served(code: str, *messages: Message, lines: tuple[LogLine, ...] = ()) -> RunEvidence:
    """A run in which the server runs ``code``."""
    run = receiving(*messages, lines=lines)
    given = scenario(tuple(hello(site, SERVER) for site in SITES), frozenset({SERVER}))
    part = Part("submission", "P2PController", {"submission": code})
    return RunEvidence(replace(given, controller=part), run.evidence, numbered)


def event_error(error: str, number: int, event: str = "_start_run") -> tuple[LogLine, LogLine]:
    """What the log says of an exception that ``handle_event`` let out."""
    traceback = (
        f'Traceback (most recent call last):\n  File "/x/submission.py", line {number}, in handle_event\n{error}\n'
    )
    return (
        line(STUDENT, f'Exception when handling event "{event}": {error}', "ERROR"),
        line(STUDENT, traceback, "ERROR"),
    )


def handler_error(error: str, frame: str = "") -> tuple[LogLine, LogLine]:
    """What the log says of an exception that a handler let out."""
    return (
        line(STUDENT, "processing error in message handling", "ERROR"),
        line(STUDENT, f"Traceback (most recent call last):\n{frame}{error}\n", "ERROR"),
    )


def test_where_nothing_registers_a_handler_that_is_asked_for() -> None:
    finding = judged(HANDLER, received(RECEIVER.replace(REGISTERS, "pass"), *UNKNOWN))
    assert finding.code == "handler.not_registered"
    assert finding.where.startswith("L3: def handle_event")


@pytest.mark.parametrize("event", ["END_RUN", "BEFORE_TASK_EXECUTION"])
def test_an_event_that_comes_too_late_is_named(event: str) -> None:
    finding = judged(HANDLER, received(RECEIVER.replace("START_RUN", event), *UNKNOWN))
    assert (finding.code, finding.data["event"]) == ("handler.at_other_event", event)
    assert finding.where.startswith("L5: ")


def test_at_the_right_event_it_is_asked_whether_the_line_is_reached() -> None:
    assert judged(HANDLER, received(RECEIVER, *UNKNOWN)).code == "handler.not_reached"


def test_a_handler_that_is_called_where_it_should_be_handed_over() -> None:
    error = (
        "TypeError: P2PExecutor.on_hello() missing 3 required positional arguments: 'topic', 'request', and 'fl_ctx'"
    )
    code = RECEIVER.replace("self.on_hello)", "self.on_hello())")
    finding = judged(HANDLER, received(code, *UNKNOWN, lines=event_error(error, 5)))
    assert (finding.code, finding.data["handler"]) == ("handler.called", "on_hello")
    assert finding.where.startswith("L5: ") and finding.idea is concepts.CALLED and finding.blocks


def test_an_exception_before_the_registration_is_told_with_its_place_and_event() -> None:
    error = "AttributeError: 'P2PExecutor' object has no attribute 'register_aux_message_handler'"
    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=event_error(error, 5)))
    assert (finding.code, finding.at, finding.data["event"]) == ("handle_event.raised_before", 5, "START_RUN")
    assert finding.data["told"] == error
    assert finding.where == "" and finding.idea is concepts.ENGINE


@pytest.mark.parametrize(
    ("event", "named", "code"),
    [
        ("_start_run", "START_RUN", "handle_event.raised"),
        ("_end_run", "END_RUN", "handle_event.raised_at_other"),
        ("mine", "'mine'", "handle_event.raised_at_other"),
    ],
)
def test_that_handle_event_gets_every_event_is_said_of_other_events_only(event: str, named: str, code: str) -> None:
    lines = (*LINES, *event_error("KeyError: 1", 5, event))
    finding = judged(ELSE, received(RECEIVER, *RIGHT, lines=lines))
    assert (finding.code, finding.data["told"], finding.at) == (code, "KeyError: 1", 5)
    assert finding.data["event"] == named


def test_both_lines_that_register_a_topic_are_named() -> None:
    lines = (*LINES, *event_error("ValueError: handler already registered for topic hello", 6))
    code = RECEIVER.replace(REGISTERS, f"{REGISTERS}\n            {REGISTERS}")
    finding = judged(ELSE, received(code, *RIGHT, lines=lines))
    assert finding.code == "handler.registered_twice"
    assert finding.where.count("register_aux_message_handler") == 2


def test_without_a_handler_there_is_one_reason_for_all_checks() -> None:
    for played in (received(RECEIVER.replace(REGISTERS, "pass"), *UNKNOWN), received(RECEIVER, *UNKNOWN)):
        assert len({judged(check, played).code for check in (HANDLER, LOGS, REPLIES, ELSE)}) == 1


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


def test_each_line_that_logs_is_named_when_the_log_has_it_twice() -> None:
    code = RECEIVER.replace("        return", '        self.logger.info("again")\n        return')
    finding = judged(ELSE, received(code, *RIGHT, lines=LINES + LINES))
    assert finding.where.startswith("L9: self.log_info") and "L10: self.logger.info" in finding.where


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


def test_a_controller_without_what_the_base_class_prepares() -> None:
    error = "Exception in workflow exercise: AttributeError: 'P2PController' object has no attribute 'talk'"
    finding = judged(SERVER_HANDLER, served(CONTROLLER, lines=(line(SERVER, error, "ERROR"),)))
    assert finding.code == "controller.unset"
    assert finding.data == {"name": "talk", "base": "SimpleController", "method": "start_controller"}
    assert finding.where.startswith("L3: def start_controller")
    assert finding.idea is concepts.WORKFLOW and finding.blocks


def test_any_other_exception_of_a_controller_is_told() -> None:
    code = CONTROLLER.replace("        fl_ctx", "        super().start_controller(fl_ctx)\n        fl_ctx")
    error = "Exception in workflow exercise: KeyError: 1"
    finding = judged(SERVER_HANDLER, served(code, lines=(line(SERVER, error, "ERROR"),)))
    assert (finding.code, finding.data["told"]) == ("controller.raised", "KeyError: 1") and finding.blocks
    assert "method" not in finding.data
    assert finding.data["base"] == "SimpleController"


def test_a_controller_whose_base_is_not_written_out_has_one_all_the_same() -> None:
    error = "Exception in workflow exercise: KeyError: 1"
    finding = judged(SERVER_HANDLER, served("x = 1", lines=(line(SERVER, error, "ERROR"),)))
    assert finding.data["base"] == "its base class"


@pytest.mark.parametrize(
    ("spent", "busy", "code"),
    [
        ((), (), "controller.ended"),
        ((SERVER,), (), "controller.no_end"),
        ((SERVER,), (SERVER,), "handler.no_end"),
    ],
)
def test_a_server_that_died_at_its_limit_of_cpu_time_loops(
    spent: tuple[str, ...], busy: tuple[str, ...], code: str
) -> None:
    silent = tuple(message(site, SERVER, reply=None) for site in SITES)
    run = served(CONTROLLER, *silent)
    told = {"end": End.DIED, "finished": False, "spent": frozenset(spent), "busy": frozenset(busy)}
    finding = judged(SERVER_HANDLER, replace(run, evidence=replace(run.evidence, **told)))

    assert finding.code == code and finding.blocks


def test_a_workflow_that_asks_nobody_is_named() -> None:
    code = CONTROLLER.replace("start_controller(self", "control_flow(self, abort_signal")
    finding = judged(SERVER_HANDLER, served(code))
    assert (finding.code, finding.data["method"]) == ("controller.no_tasks", "control_flow")
    assert finding.where.startswith("L3: def control_flow")


def test_a_server_that_sends_and_does_not_listen() -> None:
    unknown = tuple(message(site, SERVER, reply="TOPIC_UNKNOWN") for site in SITES)
    code = CONTROLLER.replace('register_aux_message_handler("hello", self.on_hello)', 'send_aux_request(None, "hello")')
    finding = judged(SERVER_HANDLER, served(code, *unknown))
    assert "the server had no handler" in finding.seen
    assert finding.code == "controller.sends" and finding.where.startswith("L4: ")


def test_a_line_that_names_the_server_as_its_sender() -> None:
    right = tuple(message(site, SERVER) for site in SITES)
    logged = line(SERVER, "Received message from simulator_server: Hello from site-0")
    finding = judged(SERVER_LOGS, served(CONTROLLER, *right, lines=(logged,)))
    assert (finding.code, finding.data) == ("log.names_receiver", {"identity": "simulator_server"})
    assert finding.idea is concepts.SENDER


FIRST_ONLY = (line(STUDENT, "Received message from site-0: Hello from site-0"),)


def test_the_line_of_another_message_is_not_blamed() -> None:
    finding = judged(LOGS, received(RECEIVER, *RIGHT, lines=FIRST_ONLY))

    assert "the log says" not in finding.seen
    assert finding.code == "log.only_another" and finding.idea is concepts.CALLED


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


def test_a_line_without_its_text_is_blamed_only_where_it_can_be_this_messages() -> None:
    bare = line(STUDENT, "Received message from site-2")
    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=(bare,))).code != "log.without_message"
    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=(*FIRST_ONLY, bare))).code == "log.without_message"


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


def test_a_handle_event_that_nobody_awaits_is_called_that() -> None:
    finding = judged(HANDLER, received(RECEIVER.replace("def handle_event", "async def handle_event"), *UNKNOWN))

    assert (
        finding.idea is concepts.AWAITED and finding.where.startswith("L3: async def handle_event") and finding.blocks
    )


REGISTERED_LATE = (line(STUDENT, "registered aux handler for topic hello", origin="nvflare.x"),)


@pytest.mark.parametrize("lines", [(), REGISTERED_LATE])
@pytest.mark.parametrize(
    "timer",
    [
        "Timer(1.0, fl_ctx.get_engine().register_aux_message_handler, ['hello', self.on_hello]).start()",
        "Timer(1.0, lambda: fl_ctx.get_engine().register_aux_message_handler('hello', self.on_hello)).start()",
    ],
)
def test_a_registration_that_is_handed_over_is_shown_there(timer: str, lines: tuple[LogLine, ...]) -> None:
    finding = judged(HANDLER, received(RECEIVER.replace(REGISTERS, timer), *UNKNOWN, lines=lines))

    # With the line in the log it is known to have come too late.
    assert finding.code == ("handler.too_late" if lines else "handler.later")
    assert finding.where.startswith("L5: Timer(1.0, ")


def test_a_registration_that_fails_in_silence_is_asked_about() -> None:
    code = RECEIVER.replace(
        REGISTERS, f"try:\n                {REGISTERS}\n            except Exception:\n                pass"
    )
    finding = judged(HANDLER, received(code, *UNKNOWN))

    assert finding.idea is concepts.SWALLOWED and finding.where == "L7: except Exception:"


def test_a_handler_that_fails_in_silence_is_asked_about() -> None:
    code = RECEIVER.replace(f"        {LOGS_IT}", f"        try:\n            {LOGS_IT}").replace(
        "        return", "        except Exception:\n            pass\n        return"
    )
    assert judged(LOGS, received(code, *RIGHT)).idea is concepts.SWALLOWED


@pytest.mark.parametrize("topic", ["__hello", "RM.hello", "fed.event.hello", "_hello", "ObjectStreamer"])
def test_a_handler_for_a_topic_like_nvflares_is_told_of(topic: str) -> None:
    registered = line(STUDENT, f"registered aux handler for topic {topic}", origin="nvflare.x")
    own = line(STUDENT, "registered aux handler for topic __end_run__", origin="nvflare.x")

    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=(own, registered)))
    assert (finding.code, finding.data["registered"]) == ("handler.other_topic", topic)


def test_a_mistyped_method_of_the_engine_gets_the_nearest_name() -> None:
    error = "AttributeError: 'SimulatorClientRunManager' object has no attribute 'register_aux_mesage_handler'"
    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=event_error(error, 5)))

    assert finding.data["meant"] == "register_aux_message_handler"


def test_where_no_line_is_asked_for_there_is_a_hint_all_the_same() -> None:
    run = received(RECEIVER, *RIGHT, lines=FIRST_ONLY)
    expected = tuple(replace(one, log=None) for one in run.matching.expected)
    judged(LOGS, replace(run, scenario=replace(run.scenario, expected=expected)))


TAKEN = tuple(message(site, SERVER) for site in SITES)
LOGGED = tuple(line(SERVER, f"Received message from {site}: Hello from {site}") for site in SITES)


def test_messages_are_not_laid_to_a_handler_that_sends_none() -> None:
    sends = 'fl_ctx.get_engine().send_aux_request(None, "welcome", Shareable(), 2.0, fl_ctx)'
    flow = f"{CONTROLLER}\n    def control_flow(self, abort_signal, fl_ctx):\n        {sends}\n"
    answers = CONTROLLER.replace("self.log_info(", "fl_ctx.get_engine().send_aux_request(")
    welcome = tuple(message(SERVER, site, topic="welcome") for site in SITES)
    ours, handlers = (judged(SERVER_REPLIES, served(text, *TAKEN, *welcome, lines=LOGGED)) for text in (flow, answers))

    assert (ours.code, handlers.code) == ("messages.besides", "handler.sends")
    assert ours.where.endswith(f": {sends}")


@pytest.mark.parametrize("text", ["INFO: Received message from {0}: Hello from {0}", "Hello from {0} by {0}"])
def test_a_line_that_names_the_sender_is_not_said_to_lack_it(text: str) -> None:
    lines = tuple(line(STUDENT, text.format(peer)) for peer in PEERS)

    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=lines)).code == "log.other_line"


def test_a_message_that_was_cut_off_is_not_said_to_be_missing() -> None:
    cut = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer[:-1]}") for peer in PEERS)

    assert judged(LOGS, received(RECEIVER, *RIGHT, lines=cut)).code == "log.other_line"


@pytest.mark.parametrize(
    ("begins", "method", "code"),
    [
        ("Exception in workflow exercise: ", "control_flow", "controller.raised"),
        ("Error finalizing workflow exercise: ", "stop_controller", "controller.end_raised"),
    ],
)
def test_a_controller_that_fails_after_its_work_has_raised_something(begins: str, method: str, code: str) -> None:
    told = f'Traceback (most recent call last):\n  File "x", line 1, in {method}\nRuntimeError: over\n'
    lines = (line(SERVER, f"{begins}RuntimeError: over", "ERROR"), line(SERVER, told, "ERROR", origin="nvflare.x"))
    found = judged(SERVER_REPLIES, served(CONTROLLER, *TAKEN, lines=(*LOGGED, *lines)))

    assert SERVER_REPLIES.judge([served(CONTROLLER, *TAKEN, lines=LOGGED)]).passed
    assert (found.code, found.data["told"]) == (code, "RuntimeError: over")
