"""What the course does around messages, without a simulator: its own mistakes are told, and are nobody else's."""

import json
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.fuel.f3.cellnet.defs import CellChannel
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import StreamHeaderKey
from nvflare.private.aux_runner import AuxRunner

from autograder.simulator.in_step import InStep
from autograder.simulator.journal import Entry, Journal, JournalReader, create
from autograder.simulator.nvflare_private import message_counters
from autograder.simulator.nvflare_private.message_counters import MessageCounters
from autograder.simulator.scenario import Gathering
from autograder.simulator.time_scale import TimeScale

TOLD = ["ZeroDivisionError: of the course"]


class Counted:
    """The counters of a process, with the journal that they write."""

    def __init__(self, path: Path) -> None:
        self.descriptor = create(path)
        self._path = path
        self.counters = MessageCounters(Journal(self.descriptor), TimeScale(), dict)

    @property
    def entries(self) -> list[Entry]:
        return JournalReader(self._path).read()

    @property
    def told(self) -> list[str]:
        return [entry["error"] for entry in self.entries if entry["kind"] == "course failed"]

    def handle(self, handler: Callable[..., Shareable], request: Shareable | None = None) -> Shareable:
        """Let a handler be called as NVFlare calls it, with a message that is handled in step."""
        runner = AuxRunner(None)
        runner.register_aux_message_handler("hello", handler)
        asked = request or Shareable()
        asked.set_peer_props({ReservedKey.IDENTITY_NAME: "site-0"})
        self.counters.gather(Gathering("hello", 1, in_step=True))
        dispatch = self.counters._counting_dispatch(AuxRunner.dispatch)
        reply: Shareable = dispatch(runner, topic="hello", request=asked, fl_ctx=FLContext())
        return reply


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    counted = Counted(tmp_path / "site-1.jsonl")
    yield counted
    os.close(counted.descriptor)


def fail(*_: object, **__: object) -> Any:
    raise ZeroDivisionError("of the course")


def answers(topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    return make_reply(ReturnCode.OK)


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (message_counters, "is_frameworks"),
        (message_counters, "_sender_of"),
        (message_counters, "mark"),
        (MessageCounters, "_telling"),
        (TimeScale, "allow"),
        (InStep, "join"),
        (InStep, "running"),
    ],
)
def test_where_a_part_of_the_course_fails_the_handlers_reply_goes_out_and_that_is_told(
    of: object, name: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of, name, fail)

    assert counted.handle(answers).get_return_code() == ReturnCode.OK
    assert counted.told == TOLD


NOTEBOOK = """
def handler(topic, request, fl_ctx):
    reply = answers(topic, request, fl_ctx)
    return reply
"""


def test_what_fails_before_a_line_of_a_handler_is_not_raised_by_that_line(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = {"__name__": "__main__", "answers": answers}
    exec(NOTEBOOK, notebook)
    monkeypatch.setattr(InStep, "_wait", fail)

    assert counted.handle(notebook["handler"]).get_return_code() == ReturnCode.OK  # type: ignore[arg-type]
    assert counted.told == TOLD


def test_a_journal_that_cannot_be_written_is_not_the_handlers_trouble(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "write", fail)

    assert counted.handle(answers).get_return_code() == ReturnCode.OK
    assert counted.counters.counts()["handled"] == 1


def test_what_a_handler_raises_is_its_own(counted: Counted) -> None:
    assert counted.handle(fail).get_return_code() == ReturnCode.HANDLER_EXCEPTION
    assert counted.told == []
    dispatch = counted.counters._counting_dispatch(fail)
    with pytest.raises(ZeroDivisionError) as raised:
        dispatch(None, topic="hello", request=Shareable(), fl_ctx=FLContext())
    assert raised.value.__cause__ is raised.value.__context__ is None
    assert counted.told == []
    assert counted.counters.counts()["handled"] == 2


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_what_the_code_around_it_has_used_up_is_no_failure_of_the_courses(
    error: type[Exception], counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lack(*_: object) -> None:
        raise error

    monkeypatch.setattr(message_counters, "is_frameworks", lack)

    assert counted.handle(answers).get_return_code() == ReturnCode.OK
    assert counted.told == []


@pytest.mark.parametrize("name", [np.array([1, 2]), np.array(["a"]), ["a"], 5, None], ids=repr)
def test_a_sender_that_is_no_name_is_no_failure_of_the_courses_and_its_message_counts(
    name: Any, counted: Counted
) -> None:
    request = Shareable()
    request.set_peer_props({ReservedKey.IDENTITY_NAME: name})
    dispatch = counted.counters._counting_dispatch(lambda *_, **__: "handled")
    me = FLContext()
    me.set_prop(ReservedKey.IDENTITY_NAME, "server", private=False)

    assert dispatch(None, topic="hello", request=request, fl_ctx=me) == "handled"
    assert counted.told == []
    counts = counted.counters.counts()
    assert json.dumps([counts["handled"], counts["to_self"]]) == "[1, 0]"


def test_headers_that_are_none_are_no_failure_of_the_courses(counted: Counted) -> None:
    dispatch = counted.counters._counting_dispatch(lambda *_, **__: "handled")
    request = Shareable({"__headers__": 5})

    assert dispatch(None, topic=["hello"], request=request, fl_ctx=FLContext()) == "handled"
    assert counted.told == []


TARGET = SimpleNamespace(name="site-1")


@pytest.mark.parametrize("name", ["is_frameworks", "awaiting_reply"])
def test_a_message_is_sent_where_it_cannot_be_counted(
    name: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_counters, name, fail)
    send = counted.counters._counting_send(lambda runner, targets, topic, request: {"site-1": "sent"})

    assert send(None, [TARGET], "hello", Shareable()) == {"site-1": "sent"}
    assert counted.told == TOLD


@pytest.mark.parametrize("timeout", [None, "5", np.array([1, 2])], ids=str)
def test_a_timeout_with_which_nvflare_sends_nothing_counts_as_nothing_sent(timeout: Any, counted: Counted) -> None:
    send = counted.counters._counting_send(lambda runner, targets, topic, request, timeout: {})

    assert send(None, [TARGET], "hello", Shareable(), timeout) == {}
    assert counted.told == []
    assert counted.counters.counts()["sent"] == 0


@pytest.mark.parametrize("timeout", [np.float32(0.5), np.int64(2), Decimal(2), True], ids=repr)
def test_whoever_gave_up_is_noted_whatever_kind_of_number_it_waited_for(timeout: Any, counted: Counted) -> None:
    request = Message({StreamHeaderKey.STREAM_REQ_ID: "7"})
    send = counted.counters._noting_patience(lambda *_: Message())
    send(None, CellChannel.AUX_COMMUNICATION, "site-1", "hello", request, timeout)

    (entry,) = counted.entries
    assert (entry["kind"], entry["after"]) == ("gave up", float(timeout))


@pytest.mark.parametrize(
    ("requests", "timeout"),
    [(None, 0), ([], 0), ([(TARGET, Shareable())], None), ([(TARGET, Shareable())], "5")],
)
def test_what_nvflare_refuses_to_send_is_no_failure_of_the_courses(
    requests: Any, timeout: Any, counted: Counted
) -> None:
    send = counted.counters._counting_multicast(lambda runner, topic, requests, timeout: {})

    assert send(None, "hello", requests, timeout) == {}
    assert counted.told == []
    assert counted.counters.counts()["sent"] == 0


def test_a_message_to_several_is_sent_where_it_cannot_be_counted(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_counters, "is_frameworks", fail)
    send = counted.counters._counting_multicast(lambda runner, topic, requests, timeout: {"site-1": "sent"})

    assert send(None, "hello", [(TARGET, Shareable())], 0) == {"site-1": "sent"}
    assert counted.told == TOLD


def test_a_reply_arrives_where_it_cannot_be_counted(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_counters, "counts_as_reply", fail)
    process = counted.counters._counting_replies(lambda cell, future: "processed")

    assert process(None, SimpleNamespace(headers={})) == "processed"
    assert counted.told == TOLD


@pytest.mark.parametrize(("of", "name"), [(message_counters, "awaiting_reply"), (Message, "get_header")])
def test_a_sender_gets_its_reply_where_its_patience_cannot_be_noted(
    of: object, name: str, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Message()
    send = counted.counters._noting_patience(lambda *_: reply)
    monkeypatch.setattr(of, name, fail)

    assert send(None, CellChannel.AUX_COMMUNICATION, "site-1", "hello", Message(), 1.0) is reply
    assert counted.told == TOLD


def test_only_the_first_failure_is_told(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_counters, "is_frameworks", fail)
    for _ in range(3):
        counted.handle(answers, Shareable())
    assert counted.told == TOLD
