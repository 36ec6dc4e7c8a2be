"""The end of a run: conditions, and threads that are waited for as long as something can come of them."""

import json
import logging
import textwrap
from collections import Counter
from dataclasses import asdict

import pytest

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.simulator.limits import Limits
from autograder.simulator.parties.pending_work import PendingWork
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.until import Condition, LogSays, MessagesSeen, NotBefore, Progress, TasksDone, from_json
from tests.simulator.parts import EXECUTOR, SITES, part

SAYS = LogSays("Got it", ("site-0", "site-1"))


@pytest.mark.parametrize("condition", [SAYS, MessagesSeen("hello", 3, receiver="site-1"), TasksDone(), NotBefore(1.5)])
def test_a_condition_is_plain_data(condition: Condition) -> None:
    assert from_json(json.loads(json.dumps(asdict(condition)))) == condition


@pytest.mark.parametrize(
    ("condition", "short", "enough"),
    [
        (
            SAYS,
            Progress(said=Counter({("site-0", "Got it"): 2})),
            Progress(said=Counter({("site-0", "Got it"): 1, ("site-1", "Got it"): 1})),
        ),
        (
            MessagesSeen("hello", 2, receiver="site-1"),
            Progress(Counter({("a", "site-1", "hello"): 1, ("a", "site-0", "hello"): 4, ("a", "site-1", "x"): 4})),
            Progress(Counter({("a", "site-1", "hello"): 1, ("b", "site-1", "hello"): 1})),
        ),
        (TasksDone(), Progress(tasks=1), Progress()),
        (NotBefore(2), Progress(seconds=1.9), Progress(seconds=2)),
    ],
)
def test_a_condition_is_met_when_enough_was_seen(condition: Condition, short: Progress, enough: Progress) -> None:
    assert not condition.is_met(short) and condition.is_met(enough)


def test_lines_are_counted_by_how_they_begin() -> None:
    pending_work = PendingWork(StartedWork())
    pending_work.listen(["Got it"])
    handler = logging.getLogger().handlers[-1]
    for text in ("Got it", "[identity=site-0, run=x]: Got it: 3", "I got it", "Not Got it"):
        logging.getLogger("course.test").warning(text)
    logging.getLogger().removeHandler(handler)

    assert pending_work.said == {"Got it": 2}


LATE = """
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor

class Late(Talking):
    def talk(self, fl_ctx):
        self.context, self.me = fl_ctx, fl_ctx.get_identity_name()
        if self.me == "site-0":
            self.later()
    def handle(self, topic, request, fl_ctx):
        self.log_info(fl_ctx, "Got it")
        self.later()
        return make_reply(ReturnCode.OK)
    def send(self):
        request = DXO(DataKind.APP_DEFINED, data={"message": "on"}).to_shareable()
        to = {"site-0": "site-1", "site-1": "site-2"}.get(self.me)
        if to:
            self.context.get_engine().send_aux_request([to], "hello", request, 0, self.context)

class ByTimer(Late):
    def later(self):
        threading.Timer(1.0, self.send).start()

class ByThread(Late):
    def later(self):
        threading.Thread(target=self.wait_and_send).start()
    def wait_and_send(self):
        time.sleep(1.0)
        self.send()

class EachInItsWay(Late):
    def talk(self, fl_ctx):
        self.context, self.me = fl_ctx, fl_ctx.get_identity_name()
        ways = {"site-0": self.by_thread, "site-1": self.by_pool, "site-2": self.by_loop}
        ways[self.me]()
    def handle(self, topic, request, fl_ctx):
        threading.Timer(0.1, self.log_later, (fl_ctx,)).start()
        return make_reply(ReturnCode.OK)
    def log_later(self, fl_ctx):
        threading.Thread(target=lambda: (time.sleep(0.6), self.log_info(fl_ctx, "Got it"))).start()
    def send(self, seconds=1.0):
        time.sleep(seconds)
        Talking.talk(self, self.context)
    def by_thread(self):
        threading.Thread(target=self.send).start()
    def by_pool(self):
        ThreadPoolExecutor(1).submit(self.send, 3.0)
    def by_loop(self):
        threading.Thread(target=lambda: asyncio.run(self.wait())).start()
    async def wait(self):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(self.send)

class Again(Talking):
    def talk(self, fl_ctx):
        super().talk(fl_ctx)
        if fl_ctx.get_identity_name() == "site-1":
            threading.Thread(target=lambda: (time.sleep(5), Talking.talk(self, fl_ctx))).start()

class Restless(Talking):
    def talk(self, fl_ctx):
        super().talk(fl_ctx)
        threading.Thread(target=self.beat).start()
    def beat(self):
        while True:
            time.sleep(0.1)

class Waits(Talking):
    def talk(self, fl_ctx):
        super().talk(fl_ctx)
        ThreadPoolExecutor(1).submit(int)
        for wait in (threading.Event().wait, asyncio.new_event_loop().run_forever):
            threading.Thread(target=wait).start()

class NeverSends(ByThread):
    def send(self): pass

class AnswersWithTheNext(Talking):
    def handle(self, topic, request, fl_ctx):
        sender = fl_ctx.get_peer_context().get_identity_name()
        request = DXO(DataKind.APP_DEFINED, data={"message": "on"}).to_shareable()
        fl_ctx.get_engine().send_aux_request([sender], "hello", request, 0, fl_ctx)
        return make_reply(ReturnCode.OK)

class Waiting(Late):
    def talk(self, fl_ctx):
        super().talk(fl_ctx)
        if self.me == "site-0":
            time.sleep(1.0)
            self.log_info(fl_ctx, "Got it")
    def later(self): pass
"""

ASKS_AND_LEAVES = """
from nvflare.apis.impl.controller import Controller, Task
from nvflare.apis.shareable import Shareable

class Leaving(Controller):
    def start_controller(self, fl_ctx): pass
    def stop_controller(self, fl_ctx): pass
    def control_flow(self, abort_signal, fl_ctx):
        import time
        task = Task(name="talk", data=Shareable(), timeout=9)
        self.broadcast(task=task, min_responses=0, fl_ctx=fl_ctx)
        while len(task.client_tasks) < 3 and not abort_signal.triggered:
            time.sleep(0.02)
"""


def play(
    class_name: str, *until: Condition, leaves: bool = False, threads: float = Limits().threads, quiet: bool = True
) -> Evidence:
    executor = Part("executors", class_name, {"executors": EXECUTOR + textwrap.dedent(LATE)})
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"})
    controller = Part("controller", "Leaving", {"controller": ASKS_AND_LEAVES}) if leaves else giver
    scenario = Scenario("test", controller, dict.fromkeys(SITES, executor), frozenset(SITES), (), until=until)
    with run(scenario, isolation=Isolation.NONE, limits=Limits(threads=threads, settle=600, exercise=900)) as record:
        evidence = collect(record)
    assert evidence.end is End.SETTLED and evidence.quiet is quiet
    return evidence


def got(evidence: Evidence) -> list[str]:
    return sorted(line.site for line in evidence.log_lines if line.text == "Got it")


@pytest.mark.simulator
def test_who_passes_on_by_a_timer_is_not_cut_off() -> None:
    assert got(play("ByTimer")) == ["site-1", "site-2"]


@pytest.mark.simulator
def test_what_threads_send_and_log_later_is_not_cut_off() -> None:
    assert got(play("EachInItsWay")) == sorted(2 * SITES)


@pytest.mark.simulator
def test_what_a_thread_sends_again_is_seen() -> None:
    sent = Counter(message.sender for message in play("Again").messages)
    assert sent == {"site-0": 2, "site-1": 4, "site-2": 2}


@pytest.mark.simulator
def test_a_thread_that_never_ends_is_not_waited_for_longer_than_is_allowed() -> None:
    assert len(play("Restless", threads=1).messages) == 6


@pytest.mark.simulator
def test_threads_that_wait_for_ever_are_not_waited_for() -> None:
    assert len(play("Waits", threads=60).messages) == 6


@pytest.mark.simulator
@pytest.mark.parametrize("until", [LogSays("Got it", ("site-1", "site-2")), MessagesSeen("hello", 2)])
def test_who_passes_on_by_a_thread_is_not_cut_off_where_that_is_waited_for(until: Condition) -> None:
    evidence = play("ByThread", until)

    assert got(evidence) == ["site-1", "site-2"] and evidence.unmet == ()


@pytest.mark.simulator
def test_a_run_of_which_nothing_more_can_come_ends_without_its_condition() -> None:
    assert play("NeverSends", TasksDone(), MessagesSeen("hello", 2)).unmet == (1,)


@pytest.mark.simulator
def test_messages_that_lead_to_messages_are_not_waited_for() -> None:
    evidence = play("AnswersWithTheNext", quiet=False)
    ways = Counter((message.sender, message.receiver) for message in evidence.messages)
    assert max(ways.values()) > 100


@pytest.mark.simulator
def test_a_task_that_its_controller_does_not_wait_for_comes_to_its_end() -> None:
    assert got(play("Waiting", TasksDone(), leaves=True)) == ["site-0"]


@pytest.mark.simulator
def test_a_run_lasts_as_long_as_it_is_to() -> None:
    scenario = Scenario(
        "test",
        Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"}),
        dict.fromkeys(SITES, part("Quiet")),
        frozenset(SITES),
        (),
        until=(NotBefore(3.0),),
    )
    with run(scenario, isolation=Isolation.NONE) as record:
        entries = [json.loads(line) for line in record.folder.journal("server").read_text().splitlines()]
    times = {entry["kind"]: entry["time"] for entry in entries}

    assert times["settled"] - times["begin"] >= 3.0
