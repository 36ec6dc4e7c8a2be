"""Calls by ``nvflare.collab`` in the real simulator: seen as messages are, with the function's name for a topic."""

import inspect

import pytest
from nvflare.collab.runtime import defs
from nvflare.fuel.f3.cellnet.cell import Adapter
from nvflare.fuel.f3.stream_cell import StreamCell

from autograder.evidence.collect import collect
from autograder.rubric.matchers import Equals
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.content import Content, ContentFault, Difference, Mismatch
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.nvflare_private.topics import COLLAB_CHANNEL, COLLAB_METHOD
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario
from tests.simulator.parts import SITES

APPS = """
import numpy as np
from nvflare.collab import collab
from nvflare.collab.runtime.controller import CollabController
from nvflare.collab.runtime.executor import CollabExecutor

class Site:
    @collab.publish
    def start(self):
        for other in collab.other_clients:
            other(expect_result=False).note("done", of=["x", 2])
            other(optional=True).refuse()
        return [other.greet("Hello", value=np.array([0.5, 1.0])) for other in collab.other_clients]
    @collab.publish
    def greet(self, text, value, times=1):
        return text.upper()
    @collab.publish
    def note(self, text, of):
        pass
    @collab.publish
    def refuse(self):
        raise ValueError("no")

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


def calling(receiver: str, text: str) -> tuple[Expected, ...]:
    """The calls of ``site-0`` to another one, by their functions and arguments."""
    arguments = {"greet": {"text": text, "value": [0.5, 1.0]}, "note": {"text": "done", "of": ["x", 2]}, "refuse": {}}
    return tuple(Expected("site-0", receiver, function, Equals(None, of)) for function, of in arguments.items())


@pytest.mark.simulator
def test_calls_between_clients_are_seen_counted_and_compared() -> None:
    calls, leads = (Part("apps", name, {"apps": APPS}) for name in ("Calls", "Leads"))
    faults = FaultPlan((Fault(FaultKind.DUPLICATE, "site-0", "site-2", "greet", (1,)),))
    expected = (*calling("site-1", "Hello"), *calling("site-2", "Goodbye"))
    scenario = Scenario("test", leads, dict.fromkeys(SITES, calls), frozenset(SITES), expected, faults=faults)
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)
        printed = record.folder.output(SERVER).read_text()

    assert not evidence.course_failed
    assert evidence.end is End.SETTLED and evidence.quiet
    assert "ANSWERS ['HELLO', 'HELLO']" in printed
    contents = {m.receiver: m.reply_content for m in evidence.messages if m.topic == "greet"}
    assert contents == dict.fromkeys(SITES[1:], Content(None, {"result": "HELLO"}, {}, ContentFault.NO_DXO))
    seen = [
        (m.sender, m.receiver, m.topic, m.waits, m.reply, m.fate) for m in evidence.messages if m.channel == "collab"
    ]
    assert set(seen) == {
        (SERVER, "site-0", "start", True, "OK", ()),
        ("site-0", "site-1", "greet", True, "OK", ()),
        ("site-0", "site-2", "greet", True, "OK", ("duplicate",)),
        *(("site-0", other, "note", False, None, ()) for other in SITES[1:]),
        *(("site-0", other, "refuse", True, "process_exception", ()) for other in SITES[1:]),
    }
    pairs = RunEvidence(scenario, evidence).matching.pairs
    assert [len(pair.messages) for pair in pairs] == [1] * len(expected)
    assert [pair.mismatch for pair in pairs if pair.wrong] == [Mismatch(Difference.VALUE, "text", "Goodbye", "Hello")]


def test_calls_pass_where_they_are_counted() -> None:
    assert (defs.MSG_CHANNEL, defs.CallHeaderKey.METHOD_NAME) == (COLLAB_CHANNEL, COLLAB_METHOD)
    assert list(inspect.signature(StreamCell.send_blob).parameters)[:2] == ["self", "channel"]
    parameters = list(inspect.signature(Adapter._send_response).parameters)
    assert parameters[:5] == ["self", "response", "stream_req_id", "req_id", "channel"]
    assert inspect.getsource(Adapter.call).count("self._send_") == 2
