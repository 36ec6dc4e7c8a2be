"""Calls by ``nvflare.collab`` in the real simulator: seen as messages are, with the function's name for a topic."""

import inspect

import pytest
from nvflare.collab.runtime import defs
from nvflare.fuel.f3.cellnet.cell import Adapter
from nvflare.fuel.f3.stream_cell import StreamCell

from autograder.evidence.collect import collect
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.nvflare_private.topics import COLLAB_CHANNEL, COLLAB_METHOD
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Part, Scenario
from tests.simulator.parts import SITES

APPS = """
from nvflare.collab import collab
from nvflare.collab.runtime.controller import CollabController
from nvflare.collab.runtime.executor import CollabExecutor

class Site:
    @collab.publish
    def start(self):
        others = collab.other_clients
        return [other.greet(text="Hello") for other in others]
    @collab.publish
    def greet(self, text):
        return text.upper()

class Head:
    @collab.main
    def run(self):
        print("ANSWERS", collab.clients[0].start())

class Calls(CollabExecutor):
    def __init__(self):
        super().__init__(client_obj_id="site")
    def _handle_start_run(self, event_type, fl_ctx):
        fl_ctx.get_engine().components["site"] = Site()
        super()._handle_start_run(event_type, fl_ctx)

class Leads(CollabController):
    def __init__(self):
        super().__init__(server_obj_id="head")
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().run_manager.components["head"] = Head()
        super().start_controller(fl_ctx)
"""


@pytest.mark.simulator
def test_calls_between_clients_are_seen_and_counted() -> None:
    calls, leads = (Part("apps", name, {"apps": APPS}) for name in ("Calls", "Leads"))
    faults = FaultPlan((Fault(FaultKind.DUPLICATE, "site-0", "site-2", "greet", (1,)),))
    scenario = Scenario("test", leads, dict.fromkeys(SITES, calls), frozenset(SITES), (), faults=faults)
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)
        printed = record.folder.output(SERVER).read_text()
        assert "witness failed" not in record.folder.journal(SERVER).read_text()

    assert evidence.end is End.SETTLED and evidence.quiet
    assert "ANSWERS ['HELLO', 'HELLO']" in printed
    assert {(m.sender, m.receiver, m.topic, m.reply, m.fate) for m in evidence.messages if m.channel == "collab"} == {
        (SERVER, "site-0", "start", "OK", ()),
        ("site-0", "site-1", "greet", "OK", ()),
        ("site-0", "site-2", "greet", "OK", ("duplicate",)),
    }


def test_calls_pass_where_they_are_counted() -> None:
    assert (defs.MSG_CHANNEL, defs.CallHeaderKey.METHOD_NAME) == (COLLAB_CHANNEL, COLLAB_METHOD)
    assert list(inspect.signature(StreamCell.send_blob).parameters)[:2] == ["self", "channel"]
    parameters = list(inspect.signature(Adapter._send_response).parameters)
    assert parameters[:5] == ["self", "response", "stream_req_id", "req_id", "channel"]
    assert inspect.getsource(Adapter.call).count("self._send_") == 2
