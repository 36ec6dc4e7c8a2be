"""What decides that a run is over, without a simulator: nothing that is still to come may be overlooked."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nvflare.apis.event_type import EventType
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import Shareable
from nvflare.private.aux_runner import AuxRunner

from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Journal, create
from autograder.simulator.limits import Limits
from autograder.simulator.nvflare_private.message_counters import MessageCounters
from autograder.simulator.parties import components
from autograder.simulator.parties.components import SiteMonitor
from autograder.simulator.parties.context import PartyContext
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.run import End, _Clock, _watch
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER
from autograder.simulator.series import RunSeries
from autograder.simulator.time_scale import TimeScale
from tests.simulator.parts import scenario

EVENTS = (
    EventType.BEFORE_TASK_DATA_FILTER,
    EventType.AFTER_TASK_DATA_FILTER,
    EventType.BEFORE_TASK_EXECUTION,
    EventType.AFTER_TASK_EXECUTION,
    EventType.BEFORE_TASK_RESULT_FILTER,
    EventType.AFTER_TASK_RESULT_FILTER,
    EventType.BEFORE_SEND_TASK_RESULT,
    EventType.AFTER_SEND_TASK_RESULT,
)
"""The events of a task, in their order. In each, components can start something."""


class Alive:
    def is_alive(self) -> bool:
        return True


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    descriptor = create(RunFolder(tmp_path).journal(SERVER))
    yield Journal(descriptor)
    os.close(descriptor)


def test_what_has_come_when_the_time_is_up_is_read(journal: Journal, tmp_path: Path) -> None:
    asked, folder, limits = scenario("Quiet"), RunFolder(tmp_path), Limits(wall=0, start=0)
    clock = _Clock(limits, folder, asked, RunSeries(Isolation.NONE))
    assert _watch(Alive(), asked, folder, clock, None) is End.DEADLINE
    journal.write("settled")
    assert _watch(Alive(), asked, folder, clock, None) is End.SETTLED


def test_a_task_is_over_when_components_have_heard_of_its_last_event(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = PartyContext.of(journal, TimeScale(), StartedWork())
    monkeypatch.setattr(components, "this_party", lambda: party)
    monitor, pending = SiteMonitor(), []
    for event in EVENTS:
        monitor.handle_event(event, FLContext())
        counts = party.message_counters.counts()
        pending.append(counts["tasks"] + counts["ending"])
    assert 0 not in pending
    assert party.message_counters.counts()["tasks"] == 0


def test_a_message_is_handled_when_its_handling_is_written_down() -> None:
    handled: dict[str, int] = {}

    class Noting(Journal):
        def write(self, kind: str, **fields: Any) -> None:
            handled[kind] = message_counters.counts()["handled"]

    message_counters = MessageCounters(Noting(-1), TimeScale(), dict)
    dispatch = message_counters._counting_dispatch(lambda runner, topic, request, fl_ctx: None)
    dispatch(AuxRunner(None), topic="hello", request=Shareable(), fl_ctx=FLContext())
    assert handled == {"handling": 0, "handled": 0}
    assert message_counters.counts()["handled"] == 1
