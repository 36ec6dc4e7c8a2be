"""Streams that share an id, as NVFlare 2.9.0 sometimes numbers two that begin at the same moment in one process."""

import inspect
import json
import sys
import textwrap
import threading

import pytest
from nvflare.fuel.f3.streaming import byte_streamer, stream_utils

from autograder.evidence.collect import collect
from autograder.simulator.nvflare_private import stream_ids
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from tests.services.nothing_lost.forked import in_fork
from tests.simulator.parts import EXECUTOR, SITES

ALIKE = """
from nvflare.fuel.f3.streaming import byte_streamer

class Alike(Talking):
    def talk(self, fl_ctx):
        if fl_ctx.get_identity_name() == "site-0":
            byte_streamer.gen_stream_id = lambda: 7
            super().talk(fl_ctx)
"""


def drawn_by_threads() -> str:
    """Return how many of the ids are alike that many threads draw at once."""
    stream_ids.make_unique()
    sys.setswitchinterval(1e-6)
    drawn: list[list[int]] = [[] for _ in range(8)]

    def draw(ids: list[int]) -> None:
        ids += [byte_streamer.gen_stream_id() for _ in range(5000)]

    threads = [threading.Thread(target=draw, args=(ids,)) for ids in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [number for ids in drawn for number in ids]
    return json.dumps(len(every) - len(set(every)))


def first_ones() -> str:
    stream_ids.make_unique()
    return json.dumps([byte_streamer.gen_stream_id() for _ in range(100)])


def test_no_two_streams_of_a_process_are_alike() -> None:
    assert json.loads(in_fork(drawn_by_threads)) == 0


def test_processes_that_were_forked_from_one_number_their_streams_differently() -> None:
    one, other = (json.loads(in_fork(first_ones)) for _ in range(2))
    assert not set(one) & set(other)


def test_whoever_numbers_streams_takes_the_function_that_is_replaced() -> None:
    assert byte_streamer.gen_stream_id is stream_utils.gen_stream_id
    assert "self.sid = gen_stream_id()" in inspect.getsource(byte_streamer)


@pytest.mark.simulator
def test_messages_to_two_receivers_are_both_seen_though_their_streams_share_an_id() -> None:
    executor = Part("executors", "Alike", {"executors": EXECUTOR + textwrap.dedent(ALIKE)})
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"})
    scenario = Scenario("test", giver, dict.fromkeys(SITES, executor), frozenset(SITES), ())
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)

    assert (evidence.end, evidence.quiet) == (End.SETTLED, True)
    seen = sorted((message.sender, message.receiver, message.reply) for message in evidence.messages)
    assert seen == [("site-0", "site-1", "OK"), ("site-0", "site-2", "OK")]
