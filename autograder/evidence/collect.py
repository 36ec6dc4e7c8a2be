"""From the record of a run to its evidence."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.evidence.doings import doings_of
from autograder.evidence.logs import read_log, read_printed
from autograder.evidence.model import Evidence, Message, TaskResult
from autograder.simulator import loading
from autograder.simulator.journal import Entry, JournalReader
from autograder.simulator.loading import Loading
from autograder.simulator.run import RunRecord
from autograder.simulator.scenario import SERVER, Scenario
from autograder.simulator.supervisor import CPU_SECONDS

MOST_MESSAGES = 5000
"""Messages of a run that are looked at. Eight sites that all say something to all, 25 times, send 1,400."""

_MOST_CALLS = 200
_SPENT = (-signal.SIGXCPU, 128 + signal.SIGXCPU)
"""The status of a process that has used up its CPU time, and of the one that waits for it outside its sandbox."""
_MOST_TO_SELF = 1000


def collect(record: RunRecord) -> Evidence:
    """Read everything that a run left behind. Total: whatever the files hold, there is an evidence."""
    folder, scenario = record.folder, record.scenario
    parties = [SERVER, *scenario.executors]
    told = {party: JournalReader(folder.journal(party)).read() for party in parties}
    supervised = JournalReader(folder.supervisor_journal).read()
    entries = told[SERVER]
    logs = {party: read_log(folder, party, record.limits.log) for party in parties}
    settled = next((entry for entry in entries if entry["kind"] == "settled"), {})
    return Evidence(
        messages=messages_of(_witnessed(scenario, told)),
        log_lines=tuple(line for log in logs.values() for line in log.lines),
        results=tuple(_results(entries)),
        printed={party: read_printed(folder.output(party)) for party in parties if party != SERVER},
        loading={party: _loading(party, told[party], supervised) for party in parties},
        stood_in={party: tuple(stood_in(scenario, party, told[party])) for party in sorted(scenario.students)},
        ready=ready_of(entries),
        ended=frozenset(_sites(supervised, "client ended")),
        spent=frozenset(str(entry.get("site")) for entry in supervised if _tells_of_spent_time(entry)),
        to_self=_to_self(settled.get("traffic")),
        busy=frozenset(party for party in scenario.students if _is_busy(told[party])),
        refused=frozenset(_sites(entries, "refused")).intersection(scenario.executors),
        filled=frozenset(_sites(supervised, "limit")) - scenario.students,
        cpu={str(e["site"]): float(e["seconds"]) for e in supervised if e["kind"] == "cpu"},
        finished=any(entry["kind"] == "finished" for entry in entries),
        quiet=settled.get("quiet") is True,
        end=record.end,
        doings=doings_of(record, told, supervised, logs),
    )


def _witnessed(scenario: Scenario, told: Mapping[str, list[Entry]]) -> list[Entry]:
    """The entries on messages of those who can be believed.

    The witness sits in the server's process. Where a student's code runs there, the course's own sites tell instead.
    """
    course_sites = [site for site in scenario.executors if site not in scenario.students]
    if SERVER in scenario.students and course_sites:
        return [entry for site in course_sites for entry in told[site]]
    return told[SERVER]


def stood_in(scenario: Scenario, party: str, told: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the calls of which a party tells. It can tell anything, so only stand-ins that it was given count."""
    notebook = scenario.part_of(party).notebook
    given = notebook.stand_ins if notebook else ()
    calls = [entry for entry in told if entry["kind"] == "stood in"]
    for call in calls[:_MOST_CALLS]:
        method = str(call.get("method"))[:200]
        if method in given:
            yield method, str(call.get("detail"))[:100]


def _loading(party: str, told: Sequence[Entry], supervised: Sequence[Entry]) -> Loading:
    """What a party tells of its loading, but for whether that ever began, which the supervisor knows."""
    claimed = loading.of_journal(told)
    begun = party in _sites(supervised, "begun")
    return Loading("begun") if begun and claimed.state == "absent" else claimed


def ready_of(entries: Sequence[Entry]) -> frozenset[str]:
    """The sites of a journal that were ready when the exercise began. Those that came too late missed messages."""
    missing = {str(site) for entry in entries if entry["kind"] == "begin" for site in entry.get("missing", ())}
    return frozenset(_sites(entries, "ready")) - missing


def messages_of(entries: Sequence[Entry]) -> tuple[Message, ...]:
    """The requests of a journal, each with the return code of its reply."""
    replies = {
        (entry.get("id"), entry.get("sender")): entry
        for entry in entries
        if entry["kind"] == "reply" and entry.get("id")
    }
    begun = next((index for index, entry in enumerate(entries) if entry["kind"] == "begin"), 0)
    requests = [(entry, index < begun) for index, entry in enumerate(entries) if entry["kind"] == "request"]
    return tuple(
        _message(number, request, replies.get((request.get("id"), request.get("receiver"))), early=early)
        for number, (request, early) in enumerate(requests[:MOST_MESSAGES], start=1)
    )


def _message(number: int, request: Entry, reply: Entry | None, *, early: bool) -> Message:
    return Message(
        number=number,
        sender=str(request.get("sender")),
        receiver=str(request.get("receiver")),
        topic=str(request.get("topic")),
        text=request.get("text"),
        data_kind=request.get("data_kind"),
        problem=str(request.get("problem", "")),
        waits=bool(request.get("id")),
        reply=_return_code(reply) if reply else None,
        early=early,
    )


def _return_code(reply: Entry) -> str:
    problem = str(reply.get("problem", ""))
    unsendable = "no Shareable" in problem or "AssertionError" in problem
    return str(reply.get("return_code") or (NO_SHAREABLE if unsendable else "COMMUNICATION_ERROR"))


NO_SHAREABLE = "no Shareable"
"""Stands for a return code where the handler's reply was none that NVFlare could send, such as None.

On a client NVFlare then fails an assertion, which its cell tells the sender's; on the server it sends what it got.
"""


def _results(entries: Sequence[Entry]) -> list[TaskResult]:
    return [
        TaskResult(str(entry.get("site")), str(entry.get("task")), str(entry.get("return_code")))
        for entry in entries
        if entry["kind"] == "result"
    ]


def _sites(entries: Sequence[Entry], kind: str) -> list[str]:
    return [str(entry.get("site")) for entry in entries if entry["kind"] == kind]


def _tells_of_spent_time(entry: Entry) -> bool:
    """Whether a process of a party, or all of a student's together, has used up its CPU time."""
    return entry.get("status") in _SPENT or (entry["kind"] == "limit" and entry.get("what") == CPU_SECONDS)


def _to_self(traffic: Any) -> dict[str, int]:
    """What the sites say of themselves; a student's site can say anything."""
    if not isinstance(traffic, dict):
        return {}
    counts = {str(site): report.get("to_self") for site, report in traffic.items() if isinstance(report, dict)}
    return {site: min(count, _MOST_TO_SELF) for site, count in counts.items() if isinstance(count, int) and count > 0}


def _is_busy(entries: Sequence[Entry]) -> bool:
    """Whether a handler of a party has begun and not come to its end, as the party tells."""
    begun, done = ({str(e.get("number")) for e in entries if e["kind"] == kind} for kind in ("handling", "handled"))
    return not begun <= done
