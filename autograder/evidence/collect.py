"""Collects the evidence of a run from its record."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from autograder.evidence.activity import activity_of
from autograder.evidence.logs import read_log, read_printed
from autograder.evidence.model import Evidence, Message, TaskResult
from autograder.simulator.guard import COURSE_FAILED
from autograder.simulator.journal import Entry, JournalReader
from autograder.simulator.network import content
from autograder.simulator.network.content import Content
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.parties import loading
from autograder.simulator.parties.loading import Loading
from autograder.simulator.processes.supervisor import CPU_SECONDS
from autograder.simulator.run import RunRecord
from autograder.simulator.scenario import SERVER, Scenario

MOST_MESSAGES = 5000
"""Messages of a run that are looked at. Eight sites that all say something to all, 25 times, send 1,400."""

_MOST_CALLS = 200
_MOST_TO_SELF = 1000
_LONGEST_ERROR = 500
_GAVE_UP = "gave up"


def collect(record: RunRecord) -> Evidence:
    """Read everything that a run left behind. Never raises; always returns an `Evidence`."""
    folder, scenario = record.folder, record.scenario
    parties = [SERVER, *scenario.executors]
    readers = {party: JournalReader(folder.journal(party)) for party in parties}
    journals = {party: reader.read() for party, reader in readers.items()}
    supervised = JournalReader(folder.supervisor_journal).read()
    entries = journals[SERVER]
    logs = {party: read_log(folder, party, record.limits.log) for party in parties}
    settled = next((entry for entry in entries if entry["kind"] == "settled"), {})
    return Evidence(
        messages=messages_of(_witnessed(scenario, journals), _impatient(journals)),
        log_lines=tuple(line for log in logs.values() for line in log.lines),
        results=tuple(results_of(entries, believed=SERVER not in scenario.students)),
        printed={party: read_printed(folder.output(party)) for party in parties if party != SERVER},
        loading={party: _loading(party, journals[party], supervised) for party in parties},
        stood_in={party: tuple(stood_in(scenario, party, journals[party])) for party in sorted(scenario.students)},
        ready=ready_of(entries),
        ended=frozenset(_sites(supervised, "client ended")),
        spent=frozenset(str(entry.get("site")) for entry in supervised if _tells_of_spent_time(entry)),
        died=frozenset(_sites(supervised, "died")),
        to_self=_to_self(settled.get("traffic")),
        busy=frozenset(party for party in scenario.students if _is_busy(journals[party])),
        refused=frozenset(_sites(entries, "refused")).intersection(scenario.executors),
        filled=frozenset(_sites(supervised, "limit")) - scenario.students,
        cpu={str(e["site"]): float(e["seconds"]) for e in supervised if e["kind"] == "cpu"},
        finished=any(entry["kind"] == "finished" for entry in entries),
        quiet=settled.get("quiet") is True,
        unmet=_numbers(settled.get("unmet")),
        course_failed={party: why for party in parties if (why := course_failure(journals[party]))},
        full={p: len(journals[p]) for p in parties if readers[p].is_full and p not in scenario.students},
        end=record.end,
        activity=activity_of(record, journals, supervised, logs),
    )


def _witnessed(scenario: Scenario, journals: Mapping[str, list[Entry]]) -> list[Entry]:
    """Return the entries on messages from trusted journals.

    The witness sits in the server's process. Where a student's code runs there, the course's own sites tell instead.
    """
    return [entry for party in scenario.witnesses for entry in journals[party]]


def stood_in(scenario: Scenario, party: str, journal: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the calls of which a party tells. It can tell anything, so only stand-ins that it was given count."""
    notebook = scenario.part_of(party).notebook
    given = notebook.stand_ins if notebook else ()
    calls = [entry for entry in journal if entry["kind"] == "stood in"]
    for call in calls[:_MOST_CALLS]:
        method = str(call.get("method"))[:200]
        if method in given:
            yield method, str(call.get("detail"))[:100]


def _loading(party: str, journal: Sequence[Entry], supervised: Sequence[Entry]) -> Loading:
    """Return what a party says about its loading; whether it began at all, the supervisor knows."""
    claimed = loading.of_journal(journal)
    begun = party in _sites(supervised, "begun")
    return Loading("begun") if begun and claimed.state == "absent" else claimed


def ready_of(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the sites that were ready when the exercise began. Those that came too late missed messages."""
    missing = {str(site) for entry in entries if entry["kind"] == "begin" for site in entry.get("missing", ())}
    return frozenset(_sites(entries, "ready")) - missing


def _impatient(journals: Mapping[str, Sequence[Entry]]) -> dict[tuple[str, str], float]:
    """Return for how long each sender waited that gave up, by its name and the number of its request."""
    return {
        (party, str(entry.get("id"))): _number(entry.get("after"))
        for party, entries in journals.items()
        for entry in entries
        if entry["kind"] == _GAVE_UP
    }


def messages_of(
    entries: Sequence[Entry], impatient: Mapping[tuple[str, str], float] = MappingProxyType({})
) -> tuple[Message, ...]:
    """Return the requests of a journal, each with its reply's return code and content.

    They are sorted by whom they are from and to, since the order in which messages of several pass is nobody's doing,
    and what is said of a run must not depend on it.

    Args:
        impatient: for how long senders waited that gave up, by sender and number of the request.
    """
    replies = {
        (entry.get("id"), entry.get("sender")): entry
        for entry in entries
        if entry["kind"] == "reply" and entry.get("id")
    }
    begun = next((index for index, entry in enumerate(entries) if entry["kind"] == "begin"), 0)
    requests = [(entry, index < begun) for index, entry in enumerate(entries) if entry["kind"] == "request"]
    found = (
        _message(
            number, request, replies.get((_answered_under(request), request.get("receiver"))), impatient, early=early
        )
        for number, (request, early) in enumerate(requests[:MOST_MESSAGES], start=1)
    )
    return tuple(sorted(found, key=lambda message: (message.sender, message.receiver, message.number)))


def _answered_under(request: Entry) -> Any:
    """Return the number under which the reply to a request is found."""
    return request.get("transaction") or request.get("id")


def _message(
    number: int, request: Entry, reply: Entry | None, impatient: Mapping[tuple[str, str], float], *, early: bool
) -> Message:
    came = reply is not None and not reply.get("lost")
    patience = impatient.get((str(request.get("sender")), str(request.get("id"))))
    # In a transaction NVFlare goes on asking when a message was not acknowledged.
    gave_up = patience is not None and not request.get("transaction")
    return Message(
        number=number,
        sender=str(request.get("sender")),
        receiver=str(request.get("receiver")),
        topic=str(request.get("topic")),
        content=content.read(request.get("content")),
        waits=bool(request.get("id")),
        reply=_return_code(reply) if reply else None,
        reply_content=_content_of(reply) if reply else None,
        early=early,
        attempt=_whole_number(request.get("nth"), 1),
        fate=_faults(request.get("faults")),
        channel=str(request.get("channel", "aux")),
        transaction=str(request.get("transaction", "")),
        again=request.get("again") is True,
        answered_in_time=came and not gave_up,
        gave_up_after=patience or 0.0,
        at=_time(request),
        answered_at=_time(reply) if reply else 0.0,
    )


def _content_of(entry: Entry) -> Content | None:
    """Return what a reply or a result says; None where its entry does not tell."""
    return content.read(entry["content"]) if "content" in entry else None


def _faults(names: Any) -> tuple[FaultKind, ...]:
    known = set(FaultKind)
    return tuple(FaultKind(one) for one in names if one in known) if isinstance(names, list) else ()


def _numbers(values: Any) -> tuple[int, ...]:
    return tuple(one for one in values if isinstance(one, int)) if isinstance(values, list) else ()


def _time(entry: Entry) -> float:
    return float(entry.get("time", 0.0))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _whole_number(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _return_code(reply: Entry) -> str:
    if reply.get("unreadable") is True:
        return UNREADABLE
    unsendable = reply.get("no_shareable") is True
    return str(reply.get("return_code") or (NO_SHAREABLE if unsendable else "COMMUNICATION_ERROR"))


NO_SHAREABLE = "no Shareable"
"""Stands for a return code where the handler's reply was none that NVFlare could send, such as None.

On a client NVFlare then fails an assertion, which its cell tells the sender's; on the server it sends what it got.
"""

UNREADABLE = "unreadable"
"""Stands for the return code of a reply that is too large to be looked at, or that nothing here can decode."""


def results_of(entries: Sequence[Entry], *, believed: bool) -> list[TaskResult]:
    """Return the results of which the server's journal tells.

    Args:
        believed: whether it is the course's word, so that it also shows what the results say.
    """
    end = next((number for number, entry in enumerate(entries) if entry["kind"] == "finished"), len(entries))
    return [
        TaskResult(
            str(entry.get("site")),
            str(entry.get("task")),
            str(entry.get("return_code")),
            at=_time(entry),
            given_at=_number(entry.get("given_at")),
            content=_content_of(entry) if believed else None,
            after_end=number > end,
        )
        for number, entry in enumerate(entries)
        if entry["kind"] == "result"
    ]


def _sites(entries: Sequence[Entry], kind: str) -> list[str]:
    return [str(entry.get("site")) for entry in entries if entry["kind"] == kind]


def _tells_of_spent_time(entry: Entry) -> bool:
    """Return whether a process of a party, or all of the student's together, used up the CPU time."""
    return entry.get("spent") is True or (entry["kind"] == "limit" and entry.get("what") == CPU_SECONDS)


def _to_self(traffic: Any) -> dict[str, int]:
    """Return what the sites say of themselves; a student's site can say anything."""
    if not isinstance(traffic, dict):
        return {}
    counts = {str(site): report.get("to_self") for site, report in traffic.items() if isinstance(report, dict)}
    return {site: min(count, _MOST_TO_SELF) for site, count in counts.items() if isinstance(count, int) and count > 0}


def course_failure(entries: Sequence[Entry]) -> str:
    """Return what a part of the course's own has raised in the process of a journal; empty if none did."""
    told = (entry for entry in entries if entry["kind"] == COURSE_FAILED)
    return next((str(entry.get("error"))[:_LONGEST_ERROR] for entry in told), "")


def _is_busy(entries: Sequence[Entry]) -> bool:
    """Return whether a handler of a party has begun and not ended, as the party reports."""
    begun, done = ({str(e.get("number")) for e in entries if e["kind"] == kind} for kind in ("handling", "handled"))
    return not begun <= done
