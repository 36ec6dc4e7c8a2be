"""The words and numbers that all forms of a report share."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.report.delivery_words import note, too_often
from autograder.report.fault_signs import glyphs, signs_of
from autograder.report.model import CONTROLLER_FAILED, CheckResult, Delivery, ExerciseReport, RunSummary, Verdict
from autograder.report.sanitize import visible

MARKS = {
    Verdict.PASSED: ("✓", "passed"),
    Verdict.NOT_PASSED: ("✗", "not yet"),
    Verdict.INFRASTRUCTURE: ("–", "not judged"),
    Verdict.NOT_GRADABLE: ("–", "not judged"),
}
"""A sign and a word for each verdict, so that no reader depends on colours."""

INFRASTRUCTURE_NOTE = (
    "The simulator broke down during this run. That is not your code's fault and it costs no points: "
    "please run it again. If it keeps happening, tell your instructor."
)

SERVER = "server"
OWN = "own"
"""The name of a student's own run."""
ENDINGS = {
    "settled": "settled",
    "not_ready": "a site did not get ready",
    "student_ended": "a process with your code ended",
    "peer_ended": "a process of the course ended",
    "over": "the simulator ended by itself",
    "died": "the simulator's process died",
    "deadline": "the time was up",
    CONTROLLER_FAILED: "your code failed on the server",
}
"""Words for how a run ended."""

_MAX_LOG_ROWS = 100
_MAX_REMARKS = 20
_MAX_ALIKE = 12


def mark(verdict: Verdict) -> str:
    """Sign and word of a verdict, such as ``✓ passed``."""
    return " ".join(MARKS[verdict])


def number(value: float) -> str:
    """Return points or seconds without needless digits: ``4``, ``2.5``, ``0.33``."""
    return f"{round(value, 2):g}"


def points(earned: float, of: float) -> str:
    """Return points in words, such as ``2.5 of 4 points``."""
    return f"{number(earned)} of {number(of)} {'point' if of == 1 else 'points'}"


def total(report: ExerciseReport) -> str:
    """Return the last line of a rubric."""
    return f"Total: {points(report.points, report.max_points)}"


def notes(report: ExerciseReport) -> tuple[str, ...]:
    """Return the exercise's notes, and what infrastructure trouble means for the reader."""
    if report.verdict is Verdict.INFRASTRUCTURE and not common_lines(report):
        return (INFRASTRUCTURE_NOTE, *report.notes)
    return report.notes


Lines = list[tuple[str, str]]
"""The things to say, as pairs of a label and a text."""


READ, WHERE, HINT = "read", "where", "hint"
"""The labels of a section to read, of the student's lines to look at, and of what a hint says."""

OF_A_HINT = {HINT, WHERE, "idea", READ}
"""The labels of all that belongs to a hint."""

AS_ABOVE = "as above"
"""The text in place of a hint that was given before."""


def in_depth(check: CheckResult) -> Lines:
    """Return more about a failed check: where to look, the idea behind it, and the section that teaches it."""
    pairs = [(WHERE, check.where), ("idea", check.idea), (READ, check.section)]
    return [(label, text) for label, text in pairs if text and check.verdict is Verdict.NOT_PASSED]


def section_in_words(section: str) -> str:
    """Return a section's name, for where no link can lead to it."""
    return f"the section “{visible(section, 200)}” of the notebook"


def common_lines(report: ExerciseReport) -> Lines:
    """Return the findings that all checks share, such as a syntax error, to be said only once."""
    if len(report.checks) < 2 or not report.checks[0].hint:
        return []
    seen = {(check.seen, check.hint) for check in report.checks}
    if len(seen) > 1:
        return []
    first = report.checks[0]
    said = [("seen", first.seen)] if first.seen != first.hint else []
    return [*said, (HINT, first.hint), *in_depth(first)]


def next_step(report: ExerciseReport) -> CheckResult | None:
    """Return the check to work on first, if it has a hint. None when all have the same hint."""
    return None if common_lines(report) else first_to_mend(report)


def first_to_mend(report: ExerciseReport) -> CheckResult | None:
    """Return the check whose hint to follow first; None when there is no hint."""
    first = report.to_mend_first
    return first if first and first.verdict is Verdict.NOT_PASSED and first.hint else None


def check_lines(report: ExerciseReport) -> list[Lines]:
    """Return the lines on each check, without those that all checks share."""
    common = common_lines(report)
    first = next_step(report)
    said = {first.hint, *in_depth(first)} if first else set()
    found = []
    for check in report.checks:
        expected = check.expected if check.expected != check.title else ""
        lines = [("expected", expected)]
        if not common:
            known = check.hint in said
            hint = AS_ABOVE if known and check.hint else check.hint
            deeper = [] if known else [line for line in in_depth(check) if line not in said]
            lines += [("seen", check.seen), (HINT, hint), *deeper]
            said |= {check.hint, *deeper}
        found.append([(label, text) for label, text in lines if text])
    return found


def run_title(run: RunSummary) -> str:
    """Return one line about a run: which, whose code, how long, how it ended, and from which seed its faults are."""
    who = ", ".join(run.students)
    played = f" · your code ran as {who}" if who else ""
    again = f" · attempt {run.attempts}" if run.attempts > 1 else ""
    drawn = f" · faults from the seed {run.seed}" if any(one.faults for one in run.deliveries) else ""
    name = "Run" if run.scenario == OWN else f"Run {run.scenario}"
    return f"{name}{played} · {number(run.seconds)} s · {ENDINGS.get(run.ended, run.ended)}{again}{drawn}"


def telling_first(runs: Iterable[RunSummary]) -> list[RunSummary]:
    """Return the runs in the order in which they are shown: those with a faulty message first."""
    return sorted(runs, key=lambda run: all(map(is_good, run.deliveries)))


def senders(run: RunSummary) -> list[str]:
    """Return everybody who sent, or should have: sites by number, the server last."""
    return sorted({one.sender for one in run.deliveries}, key=_natural)


def receivers(run: RunSummary) -> list[str]:
    """Return everybody for whom there was, or should have been, a message: sites by number, the server last."""
    return sorted({one.receiver for one in run.deliveries}, key=_natural)


def parties(run: RunSummary) -> list[str]:
    """Return everybody who has a part in a run: sites by number, the server last."""
    return sorted({*senders(run), *receivers(run), *run.students}, key=_natural)


def _natural(name: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    parts = re.findall(r"[0-9]{1,9}|[^0-9]+|[0-9]+", name)
    return name == SERVER, [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def between(run: RunSummary, sender: str, receiver: str) -> list[Delivery]:
    """Return the deliveries of one cell of the table."""
    return [one for one in run.deliveries if one.sender == sender and one.receiver == receiver]


def is_good(delivery: Delivery) -> bool:
    """Return whether a delivery is as it should be."""
    return delivery.sent and delivery.expected and not delivery.reasons and not is_repeated(delivery)


def is_repeated(delivery: Delivery) -> bool:
    """Return whether an expected message was sent too often."""
    return delivery.sent and delivery.expected and delivery.count > delivery.asked


def sign(delivery: Delivery) -> str:
    """Return ``✓`` for a delivery as it should be, ``!`` for a faulty one, ``✗`` for a missing or unasked one."""
    if is_good(delivery):
        return "✓"
    return "!" if delivery.sent and delivery.expected else "✗"


def state(delivery: Delivery) -> str:
    """Return signs and a few words for a delivery, for a cell of the table."""
    if not delivery.sent:
        return f"{sign(delivery)} never came"
    refused = delivery.reply if delivery.reply not in (None, "OK") else ""
    times = f"{delivery.count} × " if delivery.count > 1 else ""
    what = "logged" if delivery.logged else visible(refused or "sent", limit=40)
    unasked = "" if delivery.expected else ", not asked for"
    return f"{sign(delivery)} {times}{what}{unasked} {glyphs(signs_of(delivery.faults))}".rstrip()


def remarks(run: RunSummary) -> list[str]:
    """Return what went wrong in a run, safe to look at: one sentence for all deliveries that share it."""
    alike: dict[str, list[str]] = {}
    for delivery in run.deliveries:
        if not is_good(delivery):
            reply = f" (reply: {visible(delivery.reply, 40)})" if delivery.reply else ""
            topic = f"{visible(delivery.topic, 40)}, " if delivery.topic else ""
            what = f"{sign(delivery)} {topic}{visible(_what_is_wrong(delivery), 200)}{reply}"
            alike.setdefault(what, []).append(way(delivery))
    return [f"{what}: {_listed(ways)}" for what, ways in list(alike.items())[:_MAX_REMARKS]]


def way(delivery: Delivery) -> str:
    """Return who sends what to whom, safe to look at, such as ``alice to bob "5"``."""
    said = f' "{visible(delivery.label, 80)}"' if delivery.sent and delivery.label else ""
    return f"{visible(delivery.sender, 40)} to {visible(delivery.receiver, 40)}{said}"


def _listed(ways: Sequence[str]) -> str:
    left = len(ways) - _MAX_ALIKE
    return ", ".join(ways[:_MAX_ALIKE]) + (f" and {left} more" if left > 0 else "")


def _what_is_wrong(delivery: Delivery) -> str:
    again = (too_often(delivery),) if is_repeated(delivery) else ()
    if said := note(replace(delivery, reasons=(*again, *delivery.reasons))):
        return said
    return "expected, but it never came" if not delivery.sent else "not asked for"


def log_rows(lines: Iterable[str], limit: int = 300) -> list[str]:
    """Log lines to show, safe to look at: a line with line ends (a traceback) takes several rows, all in all 100."""
    rows = [visible(row, limit) for line in lines for row in line.rstrip().split("\n")[:_MAX_LOG_ROWS]]
    left = len(rows) - _MAX_LOG_ROWS
    return [*rows[:_MAX_LOG_ROWS], f"… and {left} more"] if left > 0 else rows
