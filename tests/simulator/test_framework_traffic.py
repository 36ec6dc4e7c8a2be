"""Which messages are NVFlare's own, and that everything else that a site sends is seen, whatever its topic."""

import inspect
import textwrap

import pytest
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.fl_constant import ReservedKey, ReservedTopic
from nvflare.apis.shareable import Shareable
from nvflare.private.fed.app.simulator import simulator_worker
from nvflare.private.fed.client.client_runner import ClientRunner

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.simulator.nvflare_private.framework_traffic import Timetable, is_frameworks
from autograder.simulator.nvflare_private.topics import HANDLED_TOPICS, JOB_HEART_BEAT, SYNC_RUNNER, TASK_CHECK
from autograder.simulator.run import run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Part, Scenario
from tests.simulator.parts import EXECUTOR, SITES, scenario

SYNC, CHECK = SYNC_RUNNER, TASK_CHECK
HIDING_PLACES = (
    "__hello",
    "__do_task__",
    "__job_heartbeat__",
    SYNC,
    CHECK,
    "RM.hello",
    "RM.RELIABLE_REQUEST",
    "ObjectStreamer.x",
    "fed.event",
    "fed.event.hello",
    "_course.traffic",
    "_course.hello",
    "_",
)


def asking(task: str = "") -> Shareable:
    """A request without content, about a task where one is named."""
    request = Shareable()
    request.set_peer_props({ReservedKey.IDENTITY_NAME: "site-1"})
    if task:
        request.set_header(ReservedKey.TASK_ID, task)
    return request


def hello() -> Shareable:
    return DXO(DataKind.APP_DEFINED, data={"message": "Hello"}).to_shareable()


def test_nvflares_own_requests_go_to_the_server_and_hold_nothing() -> None:
    assert is_frameworks(SYNC, SERVER, asking()) and is_frameworks(CHECK, SERVER, asking("1"))
    assert not is_frameworks(SYNC, "site-1", asking())
    assert not is_frameworks(SYNC, SERVER, asking("1"))
    assert not is_frameworks(SYNC, SERVER, Shareable({"message": "Hello"}))
    assert not is_frameworks(SYNC, SERVER, None)
    assert not is_frameworks(["a"], SERVER, asking())


@pytest.mark.parametrize("topic", HIDING_PLACES)
def test_a_message_with_content_is_nobodys_but_the_senders(topic: str) -> None:
    assert not any(is_frameworks(topic, receiver, hello()) for receiver in (SERVER, *SITES))


def test_a_client_looks_for_the_server_before_its_first_task_only() -> None:
    timetable = Timetable()
    assert timetable.expects(SYNC, "site-1") and timetable.expects(SYNC, "site-1")
    timetable.note_task_request("site-1")
    assert not timetable.expects(SYNC, "site-1")
    assert timetable.expects(SYNC, "site-2")


def test_a_task_is_asked_about_once_and_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    timetable = Timetable()
    assert not timetable.expects(CHECK, "site-1"), "there is no task yet"
    timetable.note_task_request("site-1")
    assert [timetable.expects(CHECK, "site-1") for _ in range(2)] == [True, False]
    timetable.note_task_request("site-1")
    assert timetable.expects(CHECK, "site-1")
    now[0] += 5
    assert [timetable.expects(CHECK, "site-1") for _ in range(2)] == [True, False]


def test_what_a_client_sends_by_itself_is_as_it_was_looked_up() -> None:
    names = (ReservedTopic.SYNC_RUNNER, ReservedTopic.TASK_CHECK, ReservedTopic.JOB_HEART_BEAT)
    assert names == (SYNC_RUNNER, TASK_CHECK, JOB_HEART_BEAT)
    source = inspect.getsource(ClientRunner)
    assert source.count("send_aux_request(") == 3, "heartbeat, check of a task, sync"
    assert "TASK_CHECK_INTERVAL, 5.0" in source
    assert "_send_job_heartbeat" not in inspect.getsource(simulator_worker), "nobody sends it in the simulator"
    assert "_try_run" not in inspect.getsource(simulator_worker)


TALKS = {
    "RM": "ReliableMessage.send_request(others[0], 'hello', hello, 1.0, 2.0, fl_ctx.get_run_abort_signal(), fl_ctx)",
    "event": "self.fire_fed_event('mine', hello, fl_ctx)",
    "topics": f"[engine.send_aux_request(others, topic, hello, 0.5, fl_ctx) for topic in {HIDING_PLACES}]",
    "server": f"[engine.send_aux_request(None, topic, hello, 0.5, fl_ctx) for topic in {HIDING_PLACES}]",
    "empty": f"[engine.send_aux_request(None, topic, Shareable(), 0.5, fl_ctx) for topic in ('{SYNC}', '{CHECK}')]",
}


def talking(line: str) -> Scenario:
    """Three sites, of which the first does what the line says."""
    source = f"""
from nvflare.apis.utils.reliable_message import ReliableMessage

class Hiding(Quiet):
    def talk(self, fl_ctx):
        engine, others = fl_ctx.get_engine(), ["site-1", "site-2"]
        hello = DXO(DataKind.APP_DEFINED, data={{"message": "Hello"}}).to_shareable()
        {line}
"""
    hiding = Part("executors", "Hiding", {"executors": EXECUTOR + textwrap.dedent(source)})
    three = scenario("Quiet")
    return Scenario("test", three.controller, {**three.executors, "site-0": hiding}, three.students, ())


def play(line: str) -> Evidence:
    with run(talking(line), isolation=Isolation.NONE) as record:
        return collect(record)


@pytest.mark.simulator
@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("pass", set()),
        (TALKS["topics"], {(to, topic) for to in SITES[1:] for topic in HIDING_PLACES}),
        (TALKS["server"], {(SERVER, topic) for topic in HIDING_PLACES}),
        (TALKS["RM"], {("site-1", "hello")}),
        (TALKS["event"], {(SERVER, "fed.event")}),
    ],
)
def test_a_site_sends_nothing_unseen(line: str, seen: set[tuple[str, str]]) -> None:
    evidence = play(line)

    assert {(message.receiver, message.topic) for message in evidence.messages} == seen
    assert {message.sender for message in evidence.messages} <= {"site-0"}
    assert evidence.quiet and evidence.finished


@pytest.mark.simulator
def test_what_looks_like_nvflares_own_is_seen_where_it_does_not_fit() -> None:
    seen = {message.topic for message in play(TALKS["empty"]).messages}

    assert seen == {SYNC, CHECK}


@pytest.mark.simulator
def test_the_topics_with_handlers_are_those_of_nvflare_and_the_course() -> None:
    registered = "registered aux handler for topic "
    with run(scenario("Quiet"), isolation=Isolation.NONE) as record:
        lines = [line for line in collect(record).log_lines if line.text.startswith(registered)]

    topics = {line.text.removeprefix(registered) for line in lines}
    assert topics - {"hello"} <= HANDLED_TOPICS
    assert topics >= HANDLED_TOPICS
