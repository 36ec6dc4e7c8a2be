"""Explains why a party did not do its part: what can be said before any single check is looked at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.evidence.model import LogLine
from autograder.report.places import Place
from autograder.rubric import code
from autograder.rubric.hints import Raised, told_of
from autograder.rubric.model import Hint, RunEvidence
from autograder.simulator.nvflare_private import log_texts
from autograder.simulator.parties.loading import Loading
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER

_MODULE_LINE = re.compile(r'File "[^"]*/submission\.py", line (\d+)')
_OWN_EVENT = re.compile(r"_[a-z_]{1,60}")
_EXECUTE = "execute"
_THE_WORKFLOW = "exercise: "
"""The exercise's workflow in what NVFlare tells."""
_ERRORS = ("ERROR", "CRITICAL")
_SHORT_OF_MEMORY = ("MemoryError", "can't start new thread", "Cannot allocate memory")
_NEVER_AWAITED = re.compile(r"coroutine '(?P<name>[\w.<>]{1,200})' was never awaited")


def why_absent(played: RunEvidence, party: str) -> Hint | None:
    """Return why a party with the student's code never came into play; None when it did."""
    evidence = played.evidence
    party = _who_can_tell(played, party)
    loading = evidence.loading.get(party)
    if loading and loading.state == "failed":
        return _not_loaded(played, loading)
    if loading and loading.state == "begun":
        return Hint("load.no_end", blocks=True)
    if party == SERVER:
        return _why_server_failed(played)
    if party in evidence.ready:
        return None
    if short := short_of_memory(played):
        return short
    if hint := _why_not_started(played, party):
        return hint
    ended = party in evidence.quit
    return Hint("start.ended" if ended else "start.never_ready", data={"party": party}, blocks=True)


def _not_loaded(played: RunEvidence, loading: Loading) -> Hint:
    """Explain a module that raised when it was loaded."""
    place = _innermost(played, [loading.line] if loading.line else [])
    foreign = loading.error == "ModuleNotFoundError"
    message = loading.message.removesuffix(".") if foreign else loading.message
    told = {"exception": loading.error, "message": message}
    return Hint("load.no_package" if foreign else "load.failed", None, Raised("", place).places, told, blocks=True)


def _why_not_started(played: RunEvidence, party: str) -> Hint | None:
    """Explain why a party never came into play, by its first error, such as wrong constructor arguments."""
    error = first_error(played.evidence.lines_of(party))
    if found := log_texts.WRONG_ARGUMENTS.search(error):
        place = _innermost(played, [one.function.lineno for one in code.functions_of(played, party, "__init__")])
        raised = Raised(found["error"].removesuffix("."), place)
        return Hint("start.arguments", None, raised.places, {"party": party, **told_of(raised)}, blocks=True)
    return Hint("start.failed", data={"party": party, **told_of(Raised(error))}, blocks=True) if error else None


def _who_can_tell(played: RunEvidence, party: str) -> str:
    """Return the party itself, or a site with the same code that ended first and so ended the run."""
    evidence, students = played.evidence, played.scenario.students & played.scenario.executors.keys()
    if party not in students or party in evidence.ready | evidence.ended:
        return party
    return next(iter(sorted(students & evidence.ended - evidence.ready)), party)


def _why_server_failed(played: RunEvidence) -> Hint | None:
    evidence = played.evidence
    if evidence.end is End.DIED and SERVER not in evidence.spent:
        return Hint("controller.ended", blocks=True)
    if error := workflow_error(played):
        told = {"exception": Raised(error).exception, "told": error, "base": code.base(played, SERVER)}
        return Hint("controller.failed", data=told, blocks=True)
    if (evidence.end is End.DEADLINE or SERVER in evidence.spent - evidence.busy) and not evidence.finished:
        return Hint("controller.no_end", None, code.waits(played, SERVER, "control_flow"), blocks=True)
    return None


def workflow_error(played: RunEvidence) -> str:
    """Return the exception with which the controller's workflow failed; empty when it did not fail."""
    return _told_by_server(played, f"{log_texts.WORKFLOW_RAISED}{_THE_WORKFLOW}")


def finalizing_error(played: RunEvidence) -> str:
    """Return the exception with which the end of the controller's workflow failed; empty when it did not fail."""
    return _told_by_server(played, f"{log_texts.FINALIZING_RAISED}{_THE_WORKFLOW}")


def _told_by_server(played: RunEvidence, after: str) -> str:
    texts = (line.text for line in played.evidence.lines_of(SERVER) if after in line.text)
    return next(texts, "").partition(after)[2][:300]


def first_error(lines: tuple[LogLine, ...]) -> str:
    """Return the first error in a log, on one line; empty if there is none."""
    for line in lines:
        if line.level in ("ERROR", "CRITICAL") and line.text.strip():
            return last_line(line.text)[:300]
    return ""


def last_line(text: str) -> str:
    """Return the last line of a text that is not blank, which in a traceback is the exception."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def raised_in(played: RunEvidence, party: str, function: str) -> Raised | None:
    """Return what the student's ``function`` raised at a party, and where; None if it raised nothing.

    NVFlare logs the traceback of an exception as a line of its own. One that a component logs itself, such as that of
    an exception that it has caught, is no sign of this.
    """
    lines = [line for line in played.evidence.lines_of(party) if line.origin.startswith("nvflare.")]
    for number, line in enumerate(lines):
        if function == _EXECUTE and log_texts.EXECUTOR_RAISED.match(line.text):
            return _next_traceback(played, lines[number:])
        if line.text.startswith("Traceback") and f", in {function}\n" in line.text:
            return _raised(played, line.text)
    return None


def logged_error(played: RunEvidence, party: str) -> Raised | None:
    """Return the first error that the student's component logged at a party, such as an exception that it caught."""
    lines = [line for line in played.evidence.lines_of(party) if line.by_component and line.level in _ERRORS]
    return _next_traceback(played, [lines[0], *lines]) if lines else None


def tasks_of(played: RunEvidence, party: str) -> list[str]:
    """Return the names of the tasks that a party got, as far as the run shows it."""
    answered = [result.task for result in played.evidence.results if result.site == party]
    lines = played.evidence.lines_of(party)
    got = [match["name"] for line in lines if (match := log_texts.GOT_TASK.match(line.text))]
    return list(dict.fromkeys([*got, *answered]))


def short_of_memory(played: RunEvidence) -> Hint | None:
    """Explain that a process ran out of memory before student code began in it; None when none did."""
    for line in played.evidence.log_lines:
        if line.level not in _ERRORS or line.by_component:
            continue
        loading = played.evidence.loading.get(line.site)
        theirs = line.site in played.scenario.students and not (loading and loading.state == "absent")
        if not theirs and any(sign in last_line(line.text) for sign in _SHORT_OF_MEMORY):
            return Hint("memory.short", data={"party": line.site, "told": last_line(line.text)[:100]}, blocks=True)
    return None


def coroutine_in_vain(played: RunEvidence, party: str) -> str:
    """Return the function whose coroutine was never awaited, as Python reports it; empty otherwise."""
    found = _NEVER_AWAITED.search(played.evidence.printed.get(party, ""))
    return found["name"].rpartition(".")[2] if found else ""


def raised_anywhere(played: RunEvidence, party: str, after: str, peer: str = "") -> Raised | None:
    """Return the exception whose traceback follows a log line that holds ``after``; None without such a line.

    Lines of other threads can stand between the two. Where no traceback follows, the line itself has to do.

    Args:
        peer: only lines that were logged while the party dealt with this one, as far as a line tells.
    """
    lines = [line for line in played.evidence.lines_of(party) if _is_about(line, peer)]
    for number, line in enumerate(lines):
        if after in line.text:
            return _next_traceback(played, lines[number:])
    return None


def _is_about(line: LogLine, peer: str) -> bool:
    return not peer or "peer=" not in line.context or f"peer={peer}," in f"{line.context.rstrip(']')},"


def _next_traceback(played: RunEvidence, lines: Sequence[LogLine]) -> Raised:
    """Return the exception and place of the first traceback in some lines; without one, the first line."""
    tracebacks = (line.text for line in lines[1:] if line.text.startswith("Traceback"))
    return _raised(played, next(tracebacks, lines[0].text))


@dataclass(frozen=True)
class EventError:
    """An exception that a component let out of ``handle_event``.

    Attributes:
        event: at which event, as it is called in code: ``START_RUN``.
    """

    event: str
    raised: Raised


def event_errors(played: RunEvidence, party: str) -> list[EventError]:
    """Return the exceptions that a component raised in ``handle_event``, in order."""
    lines = played.evidence.lines_of(party)
    found = (log_texts.EVENT_RAISED.search(line.text) for line in lines if line.level == "ERROR")
    tracebacks = [line.text for line in lines if line.text.startswith("Traceback")]
    errors = []
    for match in found:
        if match:
            error = last_line(match["error"])[:300]
            places = (_where(played, told) for told in tracebacks if last_line(told)[:300] == error)
            errors.append(EventError(_name_of_event(match["event"]), Raised(error, next(places, None))))
    return errors


def _name_of_event(event: str) -> str:
    """Return the name of an event in code: NVFlare's own ``_start_run`` is ``EventType.START_RUN``."""
    return event[1:].upper() if _OWN_EVENT.fullmatch(event) else repr(event)


def refused_targets(played: RunEvidence, party: str) -> str:
    """Return the first name in ``targets`` that NVFlare refused at a party; empty if it refused none."""
    for line in played.evidence.lines_of(party):
        if line.level == "ERROR" and (match := log_texts.INVALID_NAME.fullmatch(line.text)):
            return match["name"][:100]
    return ""


def kind_of_result(played: RunEvidence, party: str) -> str:
    """Return the type of what ``execute`` returned if it is no Shareable, or ``None``; else empty."""
    for line in played.evidence.lines_of(party):
        if line.level == "ERROR" and (match := log_texts.BAD_RESULT.fullmatch(line.text)):
            kind = match["kind"].rpartition(".")[2]
            return "None" if kind == "NoneType" else kind
    return ""


def _raised(played: RunEvidence, traceback: str) -> Raised:
    return Raised(last_line(traceback)[:300], _where(played, traceback))


def _where(played: RunEvidence, traceback: str) -> Place | None:
    """Return the innermost place of a traceback in the student's code; None if there is none."""
    return _innermost(played, [int(number) for number in _MODULE_LINE.findall(traceback)])


def _innermost(played: RunEvidence, lines: Sequence[int]) -> Place | None:
    places = (played.locate(line) for line in reversed(lines))
    return next((place for place in places if place), None)
