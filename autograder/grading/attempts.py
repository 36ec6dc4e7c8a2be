"""Playing a scenario until there is evidence that can be judged, or it is clear that the machine is at fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.grading.budget import Budget
from autograder.grading.flags import flags_of, lasting, merged
from autograder.report.model import Flag
from autograder.report.places import Place
from autograder.rubric.credit import with_credit
from autograder.rubric.diagnosis import first_error, last_line
from autograder.rubric.model import RunEvidence
from autograder.simulator.limits import Limits
from autograder.simulator.nvflare_private import log_texts
from autograder.simulator.run import End, Watcher, run
from autograder.simulator.scenario import SERVER, Scenario
from autograder.simulator.series import RunSeries

MOST_ATTEMPTS = 3
"""Runs of one scenario before it is reported as infrastructure."""

_DOUBTFUL_ATTEMPTS = 2
"""Runs after which trouble that the student's code can also cause is taken to be the student's."""

_ENTRIES = 2
"""Entries of a witness's journal on a message: the request and its reply."""


@dataclass(frozen=True)
class RunResult:
    """The evidence of a scenario, whatever a rubric makes of it.

    Attributes:
        evidence: of the last run.
        attempts: how many runs it took.
        repeated: why each run but the last was not believed.
        seconds: wall time of the last run.
        said: the last that was printed by what supervised it; usually nothing.
        flags: what in the runs before a person should look at, although they were not believed.
    """

    evidence: Evidence
    attempts: int
    repeated: tuple[str, ...]
    seconds: float
    said: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class RunOutcome:
    """A scenario that was played.

    Attributes:
        trouble: why it cannot be judged, for reasons that are not the student's; empty when it can.
        flags: what in the last run, and in those before, a person should look at.
    """

    played: RunEvidence
    seen: RunResult
    trouble: str = ""
    flags: tuple[Flag, ...] = ()


def play(
    scenario: Scenario,
    locate: Callable[[int], Place | None],
    *,
    series: RunSeries,
    budget: Budget | None = None,
    limits: Limits | None = None,
    watcher: Watcher | None = None,
    before: RunResult | None = None,
) -> RunOutcome:
    """Run a scenario, again if the run itself broke, and return what is to be judged.

    Args:
        series: the runs among which these are.
        budget: is charged for each run; when it is spent, nothing is run again.
        locate: says where a line of the student's module is in their notebook; None when it is not theirs.
        before: what was seen of this scenario before; it takes the place of runs.
    """
    attempts, repeated = (before.attempts, before.repeated) if before else (0, ())
    seen, earlier = before, before.flags if before else ()
    while True:
        if seen is None:
            attempts += 1
            within = budget.within(limits or Limits()) if budget else limits
            with run(scenario, limits=within, series=series, watcher=watcher) as record:
                seen = RunResult(collect(record), attempts, repeated, record.seconds, record.said, earlier)
                if budget:
                    budget.charge(record, seen.evidence)
        played = RunEvidence(scenario, with_credit(scenario, seen.evidence), locate)
        flags = flags_of(scenario, seen.evidence)
        trouble = trouble_in(scenario, seen.evidence)
        doubt = "" if trouble else doubt_about(played)
        again = (trouble and attempts < MOST_ATTEMPTS) or (doubt and attempts < _DOUBTFUL_ATTEMPTS)
        if not again or (budget and budget.is_spent):
            trouble = f"{trouble}. What was said last: {seen.said}" if trouble and seen.said else trouble
            return RunOutcome(played, seen, trouble, merged(flags, earlier))
        repeated, earlier = (*repeated, trouble or doubt), merged(lasting(flags), earlier)
        seen = None


def trouble_in(scenario: Scenario, evidence: Evidence) -> str:
    """Return what broke in a run through no fault of the student's code; empty if nothing did."""
    if evidence.filled:
        return ""  # only what a student's code sends can fill it
    if evidence.full and not _flooded(RunEvidence(scenario, evidence)):
        full = ", ".join(sorted(evidence.full))
        return f"more happened than is read of a journal ({full}), and what came later is not known"
    if evidence.loading[SERVER].state == "absent":
        return f"the simulator did not start{_why(evidence, [SERVER])}"
    if early := sorted(p for p in evidence.ended & scenario.students if evidence.loading[p].state == "absent"):
        return f"processes ended before the student's code began: {', '.join(early)}{_why(evidence, early)}"
    if any(evidence.loading[party].state == "failed" for party in scenario.students):
        return ""  # without its class a party ends at once, and with the last of them the simulator
    course_sites = scenario.executors.keys() - scenario.students
    if absent := sorted(site for site in course_sites if evidence.loading[site].state == "absent"):
        return f"these peers did not start: {', '.join(absent)}{_why(evidence, absent)}"
    if SERVER in scenario.students:
        return ""  # whatever goes wrong after that can be the server's doing
    if broken := sorted(course_sites & evidence.ended):
        return f"a process of the course ended: {', '.join(broken)}{_why(evidence, broken)}"
    if evidence.end is End.STUDENT_ENDED:
        return ""  # the run was ended soon after, so others may not have come far
    if evidence.end in (End.DIED, End.OVER):
        theirs = (evidence.ended | evidence.refused) & scenario.students
        return "" if theirs else f"{evidence.end}{_why(evidence, [SERVER])}"
    if scenario.barrier and (late := sorted(course_sites - evidence.ready)):
        return f"these peers did not become ready: {', '.join(late)}{_why(evidence, late)}"
    students = scenario.students & scenario.executors.keys()
    if unloaded := sorted(site for site in students if evidence.loading[site].state == "absent"):
        return f"these sites did not start: {', '.join(unloaded)}{_why(evidence, unloaded)}"
    return ""


def _flooded(played: RunEvidence) -> bool:
    """Return whether most of what a full journal tells of is no message, and no reply to one, that was asked for."""
    new = [message for message in played.evidence.messages if not message.again]
    asked_for = len(new) - sum(played.matching.surplus(party) for party in played.scenario.students)
    return any(2 * _ENTRIES * asked_for < entries for entries in played.evidence.full.values())


def _why(evidence: Evidence, parties: Sequence[str]) -> str:
    """Return in brackets what the parties' loader, NVFlare or Python says of it, such as a class that is not there."""
    told = dict.fromkeys(filter(None, (_told_by(evidence, party) for party in parties)))
    return f" ({'; '.join(told)})" if told else ""


def _told_by(evidence: Evidence, party: str) -> str:
    loading = evidence.loading[party]
    if loading.state == "failed":
        return f"{loading.error}: {loading.message}"
    lines = tuple(line for line in evidence.lines_of(party) if not line.origin.startswith(log_texts.ABOUT_CONNECTIONS))
    return first_error(lines) or last_line(evidence.printed.get(party, ""))


def doubt_about(played: RunEvidence) -> str:
    """Return what may be the student's doing or the machine's; empty if there is no doubt."""
    scenario, evidence = played.scenario, played.evidence
    if evidence.filled:
        return ""
    if evidence.course_failed:
        parts = ", ".join(f"{party} ({error})" for party, error in sorted(evidence.course_failed.items()))
        return f"a part of the course's own failed beside a student's code, or at what it sent: {parts}"
    if SERVER in scenario.students:
        return _doubt_about_server(evidence)
    if evidence.end in (End.DIED, End.OVER):
        return f"{evidence.end}, after a process with the student's code did, or told it what it cannot read"
    if evidence.end is End.DEADLINE and not evidence.finished:
        return "the server did not come to the end of the exercise"
    if not scenario.barrier:
        return ""  # whoever switches the barrier off asks for a race: messages that get lost are what it shows
    if evidence.end is End.STUDENT_ENDED:
        return ""
    living = (scenario.students & scenario.executors.keys()) - evidence.ended
    failed = {site for site, loading in evidence.loading.items() if loading.state == "failed"}
    if silent := sorted(living - evidence.ready - failed):
        return f"these sites did not become ready: {', '.join(silent)}"
    if any(played.matching.surplus(party) for party in scenario.students):
        return ""  # whoever goes on sending more than is asked for is never quiet
    return _doubt_about_the_end(evidence)


def _doubt_about_server(evidence: Evidence) -> str:
    if evidence.end is End.NOT_READY:
        return "the peers did not become ready"
    # The task's time limit is the student's, and on a machine that is very slow it can be too short for the peers.
    asked = any(line.text.startswith(log_texts.TASK_SCHEDULED) for line in evidence.lines_of(SERVER))
    if asked and all(message.credited for message in evidence.messages):
        return "the peers were given a task, but sent nothing"
    # A controller that fails takes the whole job with it, the course's clients included.
    if evidence.ended and not evidence.finished and not _controller_failed(evidence):
        return f"processes ended: {', '.join(sorted(evidence.ended))}"
    return _doubt_about_the_end(evidence)


def _doubt_about_the_end(evidence: Evidence) -> str:
    over = evidence.end is End.SETTLED or (evidence.end is End.DEADLINE and evidence.finished)
    # A handler that does not come to its end is nothing that is on its way.
    if over and not (evidence.quiet or evidence.ended or evidence.busy):
        return "messages were still on their way at the end"
    return ""


def _controller_failed(evidence: Evidence) -> bool:
    return any(log_texts.WORKFLOW_RAISED in line.text for line in evidence.lines_of(SERVER))
