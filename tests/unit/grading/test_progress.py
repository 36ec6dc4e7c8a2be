"""What is told of a run while it goes on, from entries of journals made by hand."""

from typing import Any, cast

import pytest

from autograder.grading.progress import PartyState, Progress, ProgressTeller, Step
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.simulator.limits import Limits
from autograder.simulator.time_scale import USUAL_START
from tests.unit.rubric.evidence import STUDENT, hello, scenario

LIMITS = Limits(start=60.0, exercise=40.0)


class Folder:
    """A run folder with the log of one site; the other parties have none yet."""

    def __init__(self, log: str = "") -> None:
        self.log = log

    def read_log(self, party: str, limit: int, offset: int = 0) -> str:
        if party != STUDENT:
            raise FileNotFoundError
        return self.log.encode()[offset : offset + limit].decode()


def entry(kind: str, **fields: Any) -> Entry:
    return {"n": 1, "time": 0.0, "kind": kind, **fields}


def told(*rounds: list[Entry], folders: list[Folder] | None = None) -> list[Progress]:
    """What is told when these entries come, one list after the other."""
    found: list[Progress] = []
    watcher = ProgressTeller(scenario((hello(STUDENT, "site-0"),)), found.append, LIMITS, pulse=1000).watcher
    for number, entries in enumerate(rounds):
        folder = (folders or [FOLDER] * len(rounds))[number]
        watcher(cast(RunFolder, folder), entries)
    return found


FOLDER = Folder()
READY = [entry("ready", site=site) for site in ("site-0", "site-1", "site-2")]
SAID = {"kind": "APP_DEFINED", "data": {"dict": {"message": "Hi"}}}
REQUEST = entry("request", sender="site-1", receiver="site-0", topic="hello", content=SAID, id="1")


@pytest.mark.parametrize(
    ("entries", "step"),
    [
        ([], Step.STARTING),
        ([entry("launched")], Step.COMING_UP),
        ([entry("server up"), *READY], Step.COMING_UP),
        ([entry("server up"), *READY, entry("begin")], Step.AT_WORK),
        ([entry("server up"), REQUEST], Step.AT_WORK),
        ([entry("begin"), entry("finished")], Step.SETTLING),
        ([entry("begin"), entry("finished"), entry("settled")], Step.LOOKING),
        ([entry("server up"), entry("not ready", missing=["site-2"])], Step.LOOKING),
    ],
)
def test_the_step_follows_the_journal(entries: list[Entry], step: Step) -> None:
    assert told(entries)[-1].step is step


def test_parties_come_up_finish_and_end() -> None:
    (now,) = told([entry("server up"), *READY, entry("result", site="site-0"), entry("client ended", site="site-2")])
    assert now.parties == {
        "server": PartyState.READY,
        "site-0": PartyState.FINISHED,
        "site-1": PartyState.READY,
        "site-2": PartyState.ENDED,
    }


def test_who_has_ended_does_not_come_back() -> None:
    (now,) = told([entry("client ended", site="site-2"), *READY])
    assert now.parties["site-2"] is PartyState.ENDED


def test_who_sends_is_there() -> None:
    (now,) = told([REQUEST])
    assert now.parties["site-1"] is PartyState.READY


def test_messages_are_counted_by_topic_and_the_last_are_kept_with_their_replies() -> None:
    many = [{**REQUEST, "id": str(number), "content": {"kind": "X", "data": str(number)}} for number in range(9)]
    (now,) = told([*many, entry("reply", id="8", return_code="OK"), entry("reply", id="7"), entry("reply", id="77")])
    assert (now.topics, now.messages) == ({"hello": 9}, 9)
    assert [(one.said, one.reply) for one in now.latest[-3:]] == [("6", None), ("7", "no Shareable"), ("8", "OK")]
    assert len(now.latest) == 6


def test_a_flood_of_topics_takes_little_room() -> None:
    (now,) = told([{**REQUEST, "topic": f"t{number}"} for number in range(500)])
    assert now.messages == 500
    assert len(now.topics) < 20


def test_what_no_party_would_tell_changes_nothing() -> None:
    odd = [entry("ready", site=["x"]), entry("ready"), entry("result", site="site-9"), entry("reply"), entry("huh")]
    (now,) = told([*odd, entry("request", sender=3, receiver=None, topic={}, content=["x"])])
    assert set(now.parties.values()) == {PartyState.STARTING}
    assert not now.latest[0].said


def test_the_end_that_is_told_is_that_of_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    now, found = [0.0], list[Progress]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    watcher = ProgressTeller(scenario((hello(STUDENT, "site-0"),)), found.append, LIMITS, pulse=1000).watcher
    begun = 1 + 3 * USUAL_START  # the launch is at 1, and this machine three times slower than an idle one
    for now[0], kind in ((1, "launched"), (begun, "begin"), (begun + 9, "begin")):
        watcher(cast(RunFolder, FOLDER), [entry(kind)])
    assert [one.latest_end for one in found] == [LIMITS.start, *[begun - 1 + 3 * LIMITS.exercise] * 2]


def test_log_lines_are_told_once() -> None:
    line = '{"asctime": "t", "name": "submission.X", "levelname": "INFO", "fl_ctx": "", "message": "hi"}\n'
    folder = Folder(line)
    first, later = told([entry("launched")], [entry("begin")], folders=[folder, folder])
    assert [one.text for one in first.new_lines] == ["hi"]
    assert later.new_lines == []


def test_a_run_that_is_repeated_is_told_from_its_start() -> None:
    first, again = told([*READY, entry("begin"), REQUEST], [entry("launched")], folders=[Folder(), Folder()])
    assert (first.attempt, again.attempt) == (1, 2)
    assert again.step is Step.COMING_UP
    assert (again.messages, set(again.parties.values())) == (0, {PartyState.STARTING})
