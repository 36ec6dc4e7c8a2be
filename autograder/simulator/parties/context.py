"""The state that a process has as a party of a run: one frozen value, handed to whoever needs it.

NVFlare makes the components of a job from a configuration, which can name classes and JSON values only. So components,
and the stand-ins in a student's notebook, look the value up with `this_party`. No other module has state.
"""

from collections import Counter
from dataclasses import dataclass, field

from autograder.simulator.journal import Journal
from autograder.simulator.nvflare_private.launcher import ClientProcess
from autograder.simulator.nvflare_private.message_counters import MessageCounters
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.parties.loading import Loader
from autograder.simulator.parties.pending_work import PendingWork
from autograder.simulator.parties.started_work import StartedWork
from autograder.simulator.time_scale import TimeScale


@dataclass(frozen=True)
class PartyContext:
    """The journal, the clock, the counts and the witness of a party of a run.

    Attributes:
        time_scale: its clock starts when the process is forked.
        stand_in_calls: how often each method of a stand-in was called with which first argument.
        clients: the processes of those that the simulator has asked for, on the server.
        witness: that of the run, on the server, before any component is made there.
    """

    journal: Journal
    time_scale: TimeScale
    pending_work: PendingWork
    message_counters: MessageCounters
    loader: Loader
    stand_in_calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    clients: dict[str, ClientProcess] = field(default_factory=dict)
    witness: Witness | None = None

    @classmethod
    def of(cls, journal: Journal, time_scale: TimeScale, started_work: StartedWork) -> "PartyContext":
        """Return the context of a party that has begun to note what it starts."""
        pending_work = PendingWork(started_work)
        return cls(
            journal,
            time_scale,
            pending_work,
            MessageCounters(journal, time_scale, pending_work.counts),
            Loader(journal),
        )


_party: PartyContext | None = None


def announce(party: PartyContext) -> None:
    """Let `this_party` return a context, in this process."""
    global _party
    _party = party


def this_party() -> PartyContext:
    """Return the context of the party that this process is.

    Raises:
        RuntimeError: when it is none, which means that a course component runs outside a run of the course's.
    """
    if _party is None:
        raise RuntimeError("this process is no party: the course's components run only under the course's supervisor")
    return _party
