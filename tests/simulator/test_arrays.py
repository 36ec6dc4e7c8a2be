"""Arrays among two to ten sites: all of them are read on the wire, within the limits of every process."""

import pytest

from autograder.evidence.collect import collect
from autograder.simulator.network.content import Array
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from tests.simulator.parts import CONTROLLER, EXECUTOR

ROUNDS = 3
TROUBLE = ("FOBS", "download", "MemoryError", "can't start new thread", "aux message")
"""What NVFlare complains of when arrays go another way, or the limits are too low.

At the end a client may lose its pipe: that is no trouble."""

AVERAGING = """
import numpy as np

class Averaging(Quiet):
    rounds = {rounds}
    def talk(self, fl_ctx):
        me = fl_ctx.get_identity_name()
        others = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != me]
        for number in range(self.rounds):
            value = np.full((3,), float(me[-1]) + number)
            data = {{"value": value, "round": number, "all": {{"deep": [np.float64(0.5), np.arange(2)]}}}}
            request = DXO(DataKind.WEIGHTS, data=data, meta={{"round": number}}).to_shareable()
            fl_ctx.get_engine().send_aux_request(others, "values", request, 10, fl_ctx)
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="values", message_handle_func=self.handle)
    def handle(self, topic, request, fl_ctx):
        assert from_shareable(request).data["value"].shape == (3,)
        return make_reply(ReturnCode.OK)
"""


@pytest.mark.simulator
@pytest.mark.parametrize("isolation", list(Isolation))
@pytest.mark.parametrize("count", [2, 10])
def test_arrays_of_all_sites_are_read_on_the_wire(count: int, isolation: Isolation) -> None:
    sites = tuple(f"site-{number}" for number in range(count))
    executor = Part("executors", "Averaging", {"executors": EXECUTOR + AVERAGING.format(rounds=ROUNDS)})
    controller = Part("controller", "Asking", {"controller": CONTROLLER.replace("timeout=6", "timeout=60")})
    scenario = Scenario("arrays", controller, dict.fromkeys(sites, executor), frozenset(sites), ())
    with run(scenario, isolation=isolation) as record:
        evidence = collect(record)

    assert (evidence.end, evidence.quiet, evidence.ended) == (End.SETTLED, True, frozenset())
    assert len(evidence.messages) == ROUNDS * count * (count - 1)
    assert {(message.reply, message.content.kind, message.content.fault) for message in evidence.messages} == {
        ("OK", "WEIGHTS", None)
    }
    for message in evidence.messages:
        number = message.content.get("round")
        assert isinstance(number, int) and message.content.meta["round"] == number
        value = message.content.get("value")
        assert isinstance(value, Array) and (value.dtype, value.shape) == ("float64", (3,))
        assert value.values == (float(message.sender[-1]) + number,) * 3
        deep = message.content.get("all")
        assert isinstance(deep, dict) and isinstance(deep["deep"], tuple) and deep["deep"][0] == 0.5
    told = [line for line in evidence.log_lines if line.level in ("ERROR", "CRITICAL")]
    assert [line for line in told if any(sign in line.text for sign in TROUBLE)] == []
