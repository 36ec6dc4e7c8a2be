"""Checks of what the student's parties log that is about no single message, such as a result.

A log is a claim: everybody can write there. What is to be believed, `sending` and `receiving` have to find on the wire.
"""

from collections.abc import Callable, Sequence

from autograder.rubric import code, concepts, diagnosis, log_lines
from autograder.rubric.hints import failed, passed
from autograder.rubric.log_lines import Fields
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.receipts import called, component_lines
from autograder.simulator.scenario import LogTemplate

Wanted = Callable[[RunEvidence, str], Sequence[Fields]]
"""Returns what is to stand in the lines of a party's log, one for each line; none where no line is asked for."""

_LOGS = ("log_info", "info", "log_warning", "warning")


def says(name: str, title: str, points: float, template: LogTemplate, wanted: Wanted) -> Check:
    """Pass when the log of each of the student's parties has the lines that are asked for, each once.

    Args:
        wanted: may compute what is asked for from what was seen on the wire.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        asked = [(run, party, fields) for run, party in _parties(played) for fields in wanted(run, party)]
        for run, party, fields in asked:
            times = sum(log_lines.says(template, line.text, fields) for line in component_lines(run, party))
            if times != sum(other == fields for one, who, other in asked if (one, who) == (run, party)):
                expected = f"in the log of {called(party)}: {log_lines.filled(template, fields)}"
                return failed(expected, *_instead(run, party, template, times))
        expected = f"in the log: {log_lines.blank(template)}"
        if played and not asked:
            return failed(expected, "nothing happened of which it tells", Hint("log.nothing_to_tell"))
        return passed(played, expected, f"as expected, {len(asked)} times")

    return Check(name, title, points, judge)


def _parties(played: Sequence[RunEvidence]) -> list[tuple[RunEvidence, str]]:
    return [(run, party) for run in played for party in sorted(run.scenario.students)]


def _instead(run: RunEvidence, party: str, template: LogTemplate, times: int) -> tuple[str, Hint]:
    """Return what was seen in place of a line that must be there once, and a hint."""
    if absent := diagnosis.why_absent(run, party):
        return "no such line", absent
    where = code.calls(run, party, *_LOGS)
    if times:
        return f"the line is there {times} times", Hint("log.too_often", None, where)
    lines = [line.text for line in component_lines(run, party)]
    if alike := [text for text in lines if log_lines.parsed(template, text) is not None]:
        return f"the log says: {alike[-1][:200]}", Hint("log.other_values", None, where)
    if where:
        return "no such line", Hint("log.not_reached_or_other", None, where)
    return "no such line", Hint("log.no_call", concepts.LOGGING)
