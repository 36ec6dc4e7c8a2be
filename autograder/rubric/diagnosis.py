"""Why a party did not do its part: what can be said before any single check is looked at."""

import re
from collections.abc import Sequence

from autograder.evidence.model import LogLine
from autograder.rubric.model import Played
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER

_MODULE_LINE = re.compile(r'File "[^"]*/submission\.py", line (\d+)')
_EVENT_ERROR = re.compile(r'Exception when handling event "(?P<event>[^"]*)": (?P<error>.*)', re.DOTALL)
_INVALID_TARGET = re.compile(r"invalid target?e? (?P<name>.*)", re.DOTALL)


def why_absent(played: Played, party: str) -> str:
    """Why a party with the student's code never came into play, as a sentence; empty when it did."""
    evidence = played.evidence
    party = _who_can_tell(played, party)
    loading = evidence.loading.get(party)
    if loading and loading.state == "failed":
        where = _in_brackets(played, [loading.line] if loading.line else [])
        return f"Your code could not be loaded{where}: {loading.error}: {loading.message}"
    if loading and loading.state == "begun":
        return "Loading your code did not come to an end. Is there a loop or a wait outside of functions?"
    if party == SERVER:
        return _why_server_failed(played)
    if party in evidence.ready:
        return ""
    error = first_error(evidence.lines_of(party))
    if error:
        return f"Your class could not be started at {party}: {error}"
    if party in evidence.ended:
        return f"The process of {party} ended before it was ready. Does your code end the program?"
    return f"{party} never became ready. Does handle_event or the constructor wait for something, or loop?"


def _who_can_tell(played: Played, party: str) -> str:
    """The party itself, or a site with the same code that ended first: the run is then soon over for the others too."""
    evidence, students = played.evidence, played.scenario.students & played.scenario.executors.keys()
    if party not in students or party in evidence.ready | evidence.ended:
        return party
    return next(iter(sorted(students & evidence.ended - evidence.ready)), party)


def _why_server_failed(played: Played) -> str:
    evidence = played.evidence
    if evidence.end is End.DIED:
        return "The server's process ended in the middle of the run. Does your controller end the program?"
    failed = next((line for line in evidence.lines_of(SERVER) if "Exception in workflow exercise" in line.text), None)
    if failed:
        error = failed.text.partition("Exception in workflow exercise: ")[2][:300]
        return (
            f"Your controller failed: {error}. If you override a method of SimpleController, "
            "does it still do what that one does?"
        )
    if evidence.end is End.DEADLINE and not evidence.finished:
        return "Your controller's control_flow did not come to an end."
    return ""


def first_error(lines: tuple[LogLine, ...]) -> str:
    """The first error that is told in a log, in one line; empty when there is none."""
    for line in lines:
        if line.level in ("ERROR", "CRITICAL") and line.text.strip():
            return last_line(line.text)[:300]
    return ""


def last_line(text: str) -> str:
    """The last line of a text that says something, which in a traceback is the exception."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def raised_in(played: Played, party: str, function: str) -> str:
    """What the student's ``function`` raised at a party, and where; empty when it raised nothing.

    NVFlare logs the traceback of an exception as a line of its own.
    """
    for line in played.evidence.lines_of(party):
        if line.text.startswith("Traceback") and f", in {function}\n" in line.text:
            return last_line(line.text)[:300] + _where(played, line.text)
    return ""


def raised_anywhere(played: Played, party: str, after: str) -> str:
    """The exception whose traceback comes after a log line that holds ``after``; empty when there is no such line.

    Lines of other threads can stand between the two. Where no traceback follows, the line itself has to do.
    """
    lines = played.evidence.lines_of(party)
    for number, line in enumerate(lines):
        if after in line.text:
            tracebacks = (later.text for later in lines[number + 1 :] if later.text.startswith("Traceback"))
            traceback = next(tracebacks, line.text)
            return last_line(traceback)[:300] + _where(played, traceback)
    return ""


def event_errors(played: Played, party: str) -> list[tuple[str, str]]:
    """For each exception that a component let out of ``handle_event``: the event, and the exception."""
    found = (_EVENT_ERROR.search(line.text) for line in played.evidence.lines_of(party) if line.level == "ERROR")
    return [(match["event"], last_line(match["error"])[:300]) for match in found if match]


def refused_targets(played: Played, party: str) -> str:
    """The first name in ``targets`` that NVFlare refused at a party; empty when it refused none."""
    for line in played.evidence.lines_of(party):
        if line.level == "ERROR" and (match := _INVALID_TARGET.fullmatch(line.text)):
            return match["name"][:100]
    return ""


def _where(played: Played, traceback: str) -> str:
    """The innermost place of a traceback that is in the student's code, in brackets; empty when there is none."""
    return _in_brackets(played, [int(number) for number in _MODULE_LINE.findall(traceback)])


def _in_brackets(played: Played, lines: Sequence[int]) -> str:
    places = (played.locate(line) for line in reversed(lines))
    return next((f" ({place})" for place in places if place), "")
