"""The course's own components, without a simulator."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nvflare.apis.event_type import EventType
from nvflare.apis.fl_constant import FLContextKey, ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import make_reply

from autograder.evidence.collect import results_of
from autograder.simulator.journal import Journal, JournalReader, create
from autograder.simulator.parties import components
from autograder.simulator.parties.components import ResultRecorder
from autograder.simulator.parties.context import PartyContext
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.time_scale import TimeScale


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "server.jsonl"
    descriptor = create(path)
    party = PartyContext.of(Journal(descriptor), TimeScale(), StartedWork())
    monkeypatch.setattr(components, "this_party", lambda: party)
    yield path
    os.close(descriptor)


def submitted(site: str, task_id: str, code: str = ReturnCode.OK) -> FLContext:
    """What the server's components are told of a result that has come."""
    told, peer = FLContext(), FLContext()
    peer.set_prop(ReservedKey.IDENTITY_NAME, site, private=False)
    told.set_peer_context(peer)
    for key, value in {"TASK_NAME": "talk", "TASK_ID": task_id, "TASK_RESULT": make_reply(code)}.items():
        told.set_prop(getattr(FLContextKey, key), value)
    return told


def test_a_result_that_is_sent_again_counts_once(path: Path) -> None:
    recorder = ResultRecorder()
    for told in (
        submitted("site-0", "1"),
        submitted("site-0", "1", ReturnCode.EXECUTION_EXCEPTION),
        submitted("site-1", "1"),
        submitted("site-0", "2", ReturnCode.EXECUTION_EXCEPTION),
    ):
        recorder.handle_event(EventType.BEFORE_PROCESS_SUBMISSION, told)
    found = results_of(JournalReader(path).read(), believed=True)

    assert [(one.site, one.task, one.return_code) for one in found] == [
        ("site-0", "talk", "OK"),
        ("site-1", "talk", "OK"),
        ("site-0", "talk", "EXECUTION_EXCEPTION"),
    ]
