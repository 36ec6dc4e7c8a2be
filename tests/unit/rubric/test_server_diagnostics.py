"""Hints on a student's controller: its workflow, its handler, and what it sends."""

from dataclasses import replace

import pytest

from autograder.evidence.model import LogLine
from autograder.rubric import concepts
from autograder.rubric.model import Check
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER
from tests.unit.rubric.evidence import SITES, judged, line, message
from tests.unit.rubric.received import CONTROLLER, LOGGED, SERVER_HANDLER, SERVER_LOGS, SERVER_REPLIES, TAKEN, served


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
    died = replace(run.evidence, end=End.DIED, finished=False, spent=frozenset(spent), busy=frozenset(busy))
    finding = judged(SERVER_HANDLER, replace(run, evidence=died))

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
    assert finding.code == "controller.sends" and finding.where.startswith("L4: ")


def test_a_line_that_names_the_server_as_its_sender() -> None:
    right = tuple(message(site, SERVER) for site in SITES)
    logged = line(SERVER, "Received message from simulator_server: Hello from site-0")
    finding = judged(SERVER_LOGS, served(CONTROLLER, *right, lines=(logged,)))
    assert (finding.code, finding.data) == ("log.names_receiver", {"identity": "simulator_server"})
    assert finding.idea is concepts.SENDER


def test_messages_are_not_laid_to_a_handler_that_sends_none() -> None:
    sends = 'fl_ctx.get_engine().send_aux_request(None, "welcome", Shareable(), 2.0, fl_ctx)'
    flow = f"{CONTROLLER}\n    def control_flow(self, abort_signal, fl_ctx):\n        {sends}\n"
    answers = CONTROLLER.replace("self.log_info(", "fl_ctx.get_engine().send_aux_request(")
    welcome = tuple(message(SERVER, site, topic="welcome") for site in SITES)
    ours, handlers = (judged(SERVER_REPLIES, served(text, *TAKEN, *welcome, lines=LOGGED)) for text in (flow, answers))

    assert (ours.code, handlers.code) == ("messages.besides", "handler.sends")
    assert ours.where.endswith(f": {sends}")


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


def given(site: str, *tasks: str) -> tuple[LogLine, ...]:
    """What NVFlare logs at a site that gets tasks."""
    return tuple(line(site, f"got task assignment: name={task}, id=1", origin="nvflare.x") for task in tasks)


GIVES = f"""{CONTROLLER}
    def control_flow(self, abort_signal, fl_ctx):
        self.broadcast_and_wait(self.talk, fl_ctx)
"""


@pytest.mark.parametrize("check", [SERVER_HANDLER, SERVER_LOGS, SERVER_REPLIES])
@pytest.mark.parametrize(
    ("tasks", "code", "told"),
    [
        ((), "controller.left_out", ""),
        (("speak",), "controller.other_task", "'speak'"),
        (("speak", "Talk"), "controller.other_task", "'speak' and 'Talk'"),
    ],
)
def test_a_site_that_was_not_given_its_task_says_nothing(
    check: Check, tasks: tuple[str, ...], code: str, told: str
) -> None:
    lines = (*LOGGED[:2], *given("site-0", "talk"), *given("site-1", "talk"), *given("site-2", *tasks))
    found = judged(check, served(GIVES, *TAKEN[:2], lines=lines))

    assert (found.code, found.data["site"], found.data["asked"]) == (code, "site-2", "'talk'")
    assert found.data["given"] == told and "L11: self.broadcast_and_wait" in found.where and found.blocks


def test_all_sites_may_be_given_another_task() -> None:
    lines = tuple(one for site in SITES for one in given(site, "speak"))
    assert judged(SERVER_HANDLER, served(GIVES, lines=lines)).code == "controller.other_task"


def done(site: str, task: str, times: int = 1) -> tuple[LogLine, ...]:
    """What NVFlare logs at a site of the course's that has done a task so many times."""
    sent = line(site, "task result sent to server", origin="nvflare.private.fed.client.client_runner.ClientRunner")
    return (replace(sent, context=f"[identity={site}, run=x, task_name={task}, task_id=1]"),) * times


ASKS_TWICE = f"""{CONTROLLER}
    def control_flow(self, abort_signal, fl_ctx):
        self.broadcast_and_wait(self.talk, fl_ctx)
        self.broadcast_and_wait(self.more, fl_ctx)
"""


@pytest.mark.parametrize("again", SITES)
def test_a_task_that_a_site_has_done_is_not_given_to_it_again(again: str) -> None:
    lines = [one for site in SITES for one in done(site, "talk", 1 + (site == again))]
    found = judged(SERVER_REPLIES, served(ASKS_TWICE, *TAKEN, lines=(*LOGGED, *lines)))

    assert (found.code, found.data) == ("controller.asks_again", {"site": again, "task": "talk", "times": 2})
    assert found.where.startswith("L11: self.broadcast") and "L12: self.broadcast" in found.where


def test_two_tasks_and_lines_of_others_are_no_repetition() -> None:
    lines = [one for site in SITES for task in ("get_ready", "talk") for one in done(site, task)]
    forged = tuple(replace(one, origin="submission.P2PController") for one in done("site-0", "talk"))
    own = done(SERVER, "talk", 2)

    assert SERVER_REPLIES.judge([served(ASKS_TWICE, *TAKEN, lines=(*LOGGED, *lines, *forged, *own))]).passed
