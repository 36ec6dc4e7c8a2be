"""The activity of parties with a student's code besides their task."""

from collections.abc import Iterator, Mapping, Sequence

from autograder.evidence.logs import Log
from autograder.evidence.model import Activity
from autograder.simulator.disk import DISK
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.simulator.parties import loading
from autograder.simulator.processes.supervisor import CPU_SECONDS
from autograder.simulator.run import RunRecord
from autograder.simulator.sandbox.commands import Isolation

LONGEST_OUTPUT = 1 << 20
"""Bytes that a party may print. NVFlare's own lines in a run of a right answer take about 20 kB."""

_ENDS = ("client ended", "server ended")
_LONGEST_DETAIL = 200


def activity_of(
    record: RunRecord, journals: Mapping[str, Sequence[Entry]], supervised: Sequence[Entry], logs: Mapping[str, Log]
) -> dict[str, Activity]:
    """Return the activity of each party with a student's code.

    Without a sandbox nothing is noted: then it is the student's own code on the student's own machine.

    Args:
        journals: each party's journal, which is a claim.
        supervised: the supervisor's journal, which is the course's word.
    """
    if record.isolation is Isolation.NONE:
        return {}
    return {
        party: Activity(
            tried=tuple(_tried(journals[party])),
            limit=_limit(supervised, party),
            left=_left(supervised, party),
            ended_itself=_ended_itself(journals[party], supervised, party),
            junk=_junk(record.folder, party, logs[party], journals[party]),
            disk=_full_disk(record.folder, supervised, party),
        )
        for party in sorted(record.scenario.students)
    }


def _tried(journal: Sequence[Entry]) -> list[tuple[str, str]]:
    tried = [entry for entry in journal if entry["kind"] == "tried"]
    return [(str(entry.get("what"))[:20], str(entry.get("detail"))[:_LONGEST_DETAIL]) for entry in tried[:50]]


def _limit(supervised: Sequence[Entry], party: str) -> str:
    reached = (entry for entry in _limits(supervised, party) if entry.get("what") not in (CPU_SECONDS, DISK))
    return next((f"{entry['what']}: {entry['used']} of {entry['limit']}" for entry in reached), "")


def _full_disk(folder: RunFolder, supervised: Sequence[Entry], party: str) -> str:
    """Return a place that a party had full at one of the supervisor's looks, or at the end of the run."""
    seen = (str(entry["place"]) for entry in _limits(supervised, party) if entry.get("what") == DISK)
    return next(seen, "") or folder.full_disk(party)


def _limits(supervised: Sequence[Entry], party: str) -> Iterator[Entry]:
    return (entry for entry in supervised if entry["kind"] == "limit" and entry.get("site") == party)


def _left(supervised: Sequence[Entry], party: str) -> int:
    counts = [entry for entry in supervised if entry["kind"] == "processes" and entry.get("site") == party]
    return int(counts[-1]["extra"]) if counts else 0


def _ended_itself(journal: Sequence[Entry], supervised: Sequence[Entry], party: str) -> bool:
    """Return whether a party's process ended by itself before the end of the run, other than by an error on loading.

    One that has used up its time did not: how busy the machine is decides whether its CPU time ends first, or the run.
    Nor did one whose components could not be made: NVFlare ends its process, before the run is over or after. A client
    tells that it has started; on a server, the exercise has begun.
    """
    ends = [entry for entry in supervised if entry["kind"] in _ENDS and entry.get("site") == party]
    by_itself = any(not entry.get("stopped") and not entry.get("spent") for entry in ends)
    kinds, state = {entry["kind"] for entry in journal}, loading.of_journal(journal).state
    in_vain = state == "failed" or (state == "done" and "begin" not in kinds)
    return by_itself and "over" not in kinds and not in_vain


def _junk(folder: RunFolder, party: str, log: Log, journal: Sequence[Entry]) -> str:
    if _size(folder, party) > LONGEST_OUTPUT:
        return f"it printed more than {LONGEST_OUTPUT >> 20} MiB"
    # A party that never came up has no log, and that is nobody's doing.
    came_up = loading.of_journal(journal).state == "started"
    return log.junk if log.lines or came_up else ""


def _size(folder: RunFolder, party: str) -> int:
    try:
        return folder.output(party).stat().st_size
    except OSError:
        return 0
