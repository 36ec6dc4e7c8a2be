"""The course's own NVFlare components, which stand around a student's in every run.

On the server three workflows follow each other: `StartBarrier`, the exercise's controller, `AwaitQuiescence`. They are
public API only. What they learn goes to the run's journal, of which `autograder.simulator.journal` says who may write
it.
"""

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nvflare.apis.event_type import EventType
from nvflare.apis.fl_component import FLComponent
from nvflare.apis.fl_constant import FLContextKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal

from autograder.simulator.nvflare_private.passed import Passed
from autograder.simulator.nvflare_private.payload import describe_content
from autograder.simulator.parties.conducting import LINES, SAY_TOPIC, acknowledge, say
from autograder.simulator.parties.context import this_party
from autograder.simulator.scenario import COURSE_TOPIC_PREFIX, SERVER, Gathering
from autograder.simulator.time_scale import between_looks
from autograder.simulator.until import NotBefore, Progress
from autograder.simulator.until import from_json as condition_of

TRAFFIC_TOPIC = f"{COURSE_TOPIC_PREFIX}traffic"
"""A client answers it with how many messages it has sent and handled."""

_POLL = 0.02
"""Seconds between two looks at a condition that other threads bring about."""
_LONGEST_POLL = 1.0
"""The same, when one has waited for long: each look at the sites sends messages, which take memory and time."""
_ENDLESS = 100
"""Messages on one topic from one party to another that come after a workflow, and after which more are not waited for.

What a workflow leaves on its way is a few of them. More are sent by a handler that answers each with the next one.
"""

_TASK_ENDS = (EventType.AFTER_TASK_EXECUTION, EventType.BEFORE_SEND_TASK_RESULT, EventType.ABORT_TASK)
"""What a client's components hear when a task has come to its end, in whatever way."""


class _CourseController(Controller):  # type: ignore[misc]  # nvflare ships no types
    """A workflow without tasks."""

    def __init__(self) -> None:
        super().__init__()
        self._party = party = this_party()
        assert party.witness, "the server installs the witness before any workflow is made"
        self._witness = party.witness

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""

    def _has_ended(self, site: str) -> bool:
        process = self._party.clients.get(site)
        return process is not None and process.poll() is not None


class StartBarrier(_CourseController):
    """Lets the exercise begin once every site is ready, which makes its messages exact instead of a race.

    A client asks for a task only after all its components have handled ``START_RUN``, so whoever asks has registered
    its handlers. Without this the first to run would send to peers that do not listen yet.

    A site that does not get ready while others do ends the run: the exercise never begins without a site that is
    still alive, since messages to it would be lost. Whose fault that is, is not decided here.

    Args:
        sites: the names of all sites.
        patience: seconds for which the sites are waited for in any case.
    """

    def __init__(self, sites: list[str], patience: float) -> None:
        super().__init__()
        self._sites = frozenset(sites)
        self._patience = patience
        self._seen: set[str] = set()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Note who asks for a task. The server fires this under a lock, so nothing may wait in here."""
        if event_type == EventType.BEFORE_PROCESS_TASK_REQUEST:
            site = fl_ctx.get_peer_context().get_identity_name()
            if site not in self._seen:
                self._seen.add(site)
                self._party.time_scale.note_ready()
                self._party.journal.write("ready", site=site)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Return when every site that is still alive is ready, or never."""
        time_scale = self._party.time_scale
        while self._awaited() and time_scale.patience_for_others(self._patience) > 0 and not abort_signal.triggered:
            time.sleep(_POLL)
        if late := self._awaited():
            self._party.journal.write("not ready", missing=sorted(late))
            abort_signal.trigger(value=True)
            return
        doomed = self._witness.end_those_who_are_dead_from_the_start()
        while not all(map(self._has_ended, doomed)) and not abort_signal.triggered:
            time.sleep(_POLL)
        time_scale.begin()
        self._party.journal.write("begin", missing=sorted(self._sites - self._seen))

    def _awaited(self) -> set[str]:
        return {site for site in self._sites - self._seen if not self._has_ended(site)}


class AwaitQuiescence(_CourseController):
    """Comes after the exercise: waits until every message that was sent was handled, then holds the run.

    With ``timeout=0`` messages may still be on their way when a workflow ends. Instead of a pause of some length, the
    witness's counts are compared with those that every site gives of itself, so the end is exact under any load.

    Args:
        sites: the names of all sites.
        patience: seconds after which it is waited no longer, on an idle machine.
        threads: the same, for threads that components have started; see `autograder.simulator.limits`.
        hold: seconds for which the run is then kept open, so that its end cuts nothing off. Whoever started the run
            stops it as soon as it is settled; this is for when they cannot.
        until: the fields of the conditions that are to be met besides.
    """

    def __init__(
        self,
        sites: list[str],
        patience: float,
        threads: float,
        hold: float,
        until: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__()
        self._until = [condition_of(fields) for fields in until or ()]
        self._sites = sites
        self._patience = patience
        self._threads = threads
        self._hold = hold

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Journal ``settled`` with what the sites say of their traffic, then wait to be stopped."""
        self._party.journal.write("finished")
        began, before = time.monotonic(), self._witness.passed().arrived
        look = self._look(fl_ctx)
        while not (over := self._is_over(look, waited := time.monotonic() - began)) and not abort_signal.triggered:
            if waited >= self._party.time_scale.allow(self._patience) or self._never_ends(look, before):
                break
            time.sleep(between_looks(waited, _POLL, _LONGEST_POLL))
            look = self._look(fl_ctx)
        self._party.journal.write("settled", quiet=look.quiet, over=over, unmet=look.unmet, traffic=look.reports)
        end = time.monotonic() + self._hold
        while time.monotonic() < end and not abort_signal.triggered:
            time.sleep(_POLL)

    def _is_over(self, look: "_Look", waited: float) -> bool:
        """Return whether nothing is left that the run has to wait for, after so many seconds."""
        if not look.quiet or look.waits or (look.threads and waited < self._party.time_scale.allow(self._threads)):
            return False
        return not (look.unmet and (look.threads or look.tasks))

    def _never_ends(self, look: "_Look", before: Counter[tuple[str, str, str]]) -> bool:
        """Return whether messages lead to messages: by far more have come on one way than are left of an exercise."""
        since = self._witness.passed().arrived - before
        return not (look.unmet or look.threads) and max(since.values(), default=0) > _ENDLESS

    def _look(self, fl_ctx: FLContext) -> "_Look":
        pending_work = self._party.pending_work
        living, given = [site for site in self._sites if not self._has_ended(site)], Counter(pending_work.given)
        replies = self._ask(living, fl_ctx)
        own = self._party.message_counters.counts()
        reports = {site: _counts(reply["traffic"], own) for site, reply in replies.items() if reply.get("traffic")}
        reports[SERVER] = own
        said = {(site, prefix): count for site, reply in replies.items() for prefix, count in _said(reply.get("said"))}
        said |= {(SERVER, prefix): count for prefix, count in pending_work.said.items()}
        passed = self._witness.passed()
        quiet = set(living) <= set(reports) and all(_is_quiet(site, report, passed) for site, report in reports.items())
        tasks = sum(report["tasks"] + max(0, given[site] - report["begun"]) for site, report in reports.items())
        progress = Progress(passed.arrived, Counter(said), tasks, self._party.time_scale.since_begin)
        unmet = [number for number, condition in enumerate(self._until) if not condition.is_met(progress)]
        waits = any(isinstance(self._until[number], NotBefore) for number in unmet)
        threads = sum(report["threads"] + report["ending"] for report in reports.values())
        return _Look(quiet, unmet, waits, threads, tasks, reports)

    def _ask(self, sites: list[str], fl_ctx: FLContext) -> dict[str, Shareable]:
        if not sites:
            return {}
        engine = fl_ctx.get_engine()
        replies = engine.send_aux_request(
            targets=sites, topic=TRAFFIC_TOPIC, request=Shareable(), timeout=2.0, fl_ctx=fl_ctx, optional=True
        )
        return replies or {}


@dataclass(frozen=True)
class _Look:
    """The state that `AwaitQuiescence` sees at one moment.

    Attributes:
        quiet: whether every message that was sent has been handled.
        unmet: which of the conditions are not met.
        waits: whether one of these is met by waiting.
        threads: of components that do something, of which more can come; those that end a task included.
        tasks: that are being executed, or on their way.
        reports: what each party tells of itself.
    """

    quiet: bool
    unmet: list[int]
    waits: bool
    threads: int
    tasks: int
    reports: dict[str, dict[str, int]]


class SiteMonitor(FLComponent):  # type: ignore[misc]
    """Watches every client: notes its start and its tasks, answers how much was sent, and says what it is told to.

    Args:
        gather: the fields of a `Gathering`, when messages are to reach the handlers here at the same moment.
        says: whether it says what it is told to. A server that is a student's has nothing to tell a client.
        prefixes: of log lines that are to be counted.
        acknowledges: topics of which it answers every message with ``OK``, unless the site has a handler of its own.
    """

    def __init__(
        self,
        gather: dict[str, Any] | None = None,
        says: bool = False,
        prefixes: list[str] | None = None,
        acknowledges: list[str] | None = None,
    ) -> None:
        super().__init__()
        self._party = this_party()
        self._party.pending_work.listen(prefixes or ())
        self._gather = Gathering(**gather) if gather else None
        self._handlers = {TRAFFIC_TOPIC: self._answer, **({SAY_TOPIC: self._say} if says else {})}
        self._acknowledges = acknowledges or []

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register at the start of the run, and begin the time scale at the first task."""
        party = self._party
        if event_type == EventType.ABOUT_TO_START_RUN:
            party.loader.mark_started()
        if event_type == EventType.START_RUN:
            party.message_counters.gather(self._gather)
            for topic, handler in self._handlers.items():
                fl_ctx.get_engine().register_aux_message_handler(topic=topic, message_handle_func=handler)
            for topic in self._acknowledges:
                with contextlib.suppress(ValueError):  # whoever is asked for no handler may have one
                    fl_ctx.get_engine().register_aux_message_handler(topic=topic, message_handle_func=acknowledge)
        if event_type == EventType.BEFORE_TASK_DATA_FILTER:
            party.pending_work.tasks = 1
            party.pending_work.begun += 1
        if event_type == EventType.BEFORE_TASK_EXECUTION:
            party.time_scale.begin()
        if event_type in _TASK_ENDS:
            if event_type != EventType.ABORT_TASK:
                party.message_counters.ending = 1  # components hear of more events
            party.pending_work.tasks = 0

    def _answer(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        reply = make_reply(ReturnCode.OK)
        reply["traffic"] = self._party.message_counters.counts()
        reply["said"] = self._party.pending_work.said
        return reply

    def _say(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        self._party.time_scale.begin()
        say(request[LINES], fl_ctx)
        return make_reply(ReturnCode.OK)


class ResultRecorder(FLComponent):  # type: ignore[misc]
    """Journals, on the server, the return code and the content of every task result that a client sends.

    A result that is sent again, as NVFlare's clients do when they hear of no receipt, counts once here as for NVFlare.

    Args:
        gather: as in `SiteMonitor`.
        prefixes: as in `SiteMonitor`.
    """

    def __init__(self, gather: dict[str, Any] | None = None, prefixes: list[str] | None = None) -> None:
        super().__init__()
        self._party = this_party()
        self._party.pending_work.listen(prefixes or ())
        self._party.message_counters.gather(Gathering(**gather) if gather else None)
        self._given: dict[str, float] = {}
        self._come: set[tuple[str, str]] = set()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Note who is given a task, and read each result before the controller does."""
        if event_type not in (EventType.AFTER_TASK_DATA_FILTER, EventType.BEFORE_PROCESS_SUBMISSION):
            return
        site = fl_ctx.get_peer_context().get_identity_name()
        if event_type == EventType.AFTER_TASK_DATA_FILTER:
            self._party.pending_work.given[site] += 1
            self._given[site] = time.time()
            return
        way = (site, str(fl_ctx.get_prop(FLContextKey.TASK_ID)))
        if way in self._come:
            return
        self._come.add(way)
        result = fl_ctx.get_prop(FLContextKey.TASK_RESULT)
        code: Any = result.get_return_code() if isinstance(result, Shareable) else None
        content = describe_content(result) if isinstance(result, Shareable) else {}
        self._party.journal.write(
            "result",
            site=site,
            task=str(fl_ctx.get_prop(FLContextKey.TASK_NAME)),
            return_code=str(code),
            given_at=self._given.get(site, 0.0),
            **content,
        )


def _is_quiet(site: str, report: dict[str, int], passed: Passed) -> bool:
    # What the server sends goes out through the cell on which the witness sits.
    all_seen = site == SERVER or passed.sent_by[site] >= report["sent"] - report["to_self"]
    all_handled = report["handled"] >= passed.sent_to[site] + report["to_self"]
    all_answered = report["replies"] >= passed.replies_to[site]
    return all_seen and all_handled and all_answered and passed.owed_by[site] <= report["unheard"]


def _counts(told: Any, keys: Iterable[str]) -> dict[str, int]:
    """Return the traffic that a site reports; nothing to wait for if it reports anything but counts."""
    if isinstance(told, dict) and all(isinstance(told.get(key), int) for key in keys):
        return {key: told[key] for key in keys}
    return dict.fromkeys(keys, 0) | {"handled": sys.maxsize, "replies": sys.maxsize}


def _said(told: Any) -> list[tuple[str, int]]:
    """Return what a site tells of how many lines it has logged; nothing when it tells anything else."""
    return [(str(prefix), n) for prefix, n in told.items() if isinstance(n, int)] if isinstance(told, dict) else []
