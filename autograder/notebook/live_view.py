"""The view of a run that goes on: where it is, how far each party is, and what has arrived.

It takes the place of what it showed before, several times a second. So it is small, and its parts stay where they are.
"""

from collections.abc import Sequence

from autograder.evidence.model import LogLine
from autograder.grading.progress import PartyState, Passed, Progress, Step
from autograder.notebook.show import Shown
from autograder.report import html, text
from autograder.report.elements import BADGE, BOX, element, safe
from autograder.report.model import LoggedLine
from autograder.report.sanitize import columns, pad, visible, wrap
from autograder.report.tracebacks import row

_SIGNS = {
    PartyState.STARTING: ("…", "#5c6470"),
    PartyState.READY: ("●", "#0a58ca"),
    PartyState.FINISHED: ("✓", "#1a7f37"),
    PartyState.ENDED: ("✗", "#b3261e"),
}
"""A sign and a background for each state; white text on it has a contrast of more than 5 to 1."""

_PARTY = "display: inline-block; margin: 0 18px 4px 0; white-space: nowrap"
_SMALL = "font-size: 12px"
_SOFT = "opacity: 0.75"
_AHEAD = "opacity: 0.7"
_MOST_LINES = 8
_USUAL = 15
"""Seconds in which a run is over on a machine that is not busy, with some to spare."""
_MOST_TEXT = 80


def view(progress: Progress, lines: Sequence[LogLine], *, stopped: bool = False) -> Shown:
    """Return everything that is known of a run so far.

    Args:
        lines: the log lines that matter, of which the last few are shown.
        stopped: whether it was stopped before its end.
    """
    shown_lines = [log_line(line) for line in lines[-_MOST_LINES:]]
    as_html = [_steps(progress, stopped), _parties(progress), _messages(progress)]
    as_text = [*_steps_in_text(progress, stopped), _parties_in_text(progress), *_messages_in_text(progress)]
    if shown_lines:
        as_html.append(_title(_lines_title(lines)) + html.log(shown_lines))
        as_text += [_lines_title(lines), *text.log(shown_lines)]
    return Shown(element("div", "".join(as_html), BOX), "\n".join(line for line in as_text if line))


def log_line(line: LogLine) -> str:
    """Return a log line as it is shown."""
    return row(LoggedLine(line.site, line.level, line.logger, line.text))


def where(progress: Progress, *, stopped: bool = False) -> str:
    """Return the step in words, with the time so far and the most that it may take."""
    step = f"step {list(Step).index(progress.step) + 1} of {len(Step)}: {progress.step}"
    if stopped:
        return f"Stopped after {progress.seconds:.1f} s, in {step}"
    again = f"Run {progress.attempt}, since the one before broke down, " if progress.attempt > 1 else ""
    return f"{again}{step if again else step.capitalize()} · {_how_long(progress)}"


def _how_long(progress: Progress) -> str:
    if not progress.latest_end:
        return f"usually over in less than {_USUAL} s"
    seconds = f"{progress.seconds:.1f} s"
    if progress.step is Step.LOOKING:
        return seconds
    return f"{seconds} (usually less than {_USUAL}, at most {progress.latest_end:.0f})"


def _steps(progress: Progress, stopped: bool) -> str:
    now = list(Step).index(progress.step)
    way = []
    for number, step in enumerate(Step):
        if number == now:
            way.append(element("strong", f"{'■' if stopped else '▸'} {step}"))
        else:
            way.append(element("span", f"{'✓ ' if number < now else ''}{step}", _SOFT if number < now else _AHEAD))
    line = element("div", safe(where(progress, stopped=stopped)), "font-weight: 600")
    return line + element("div", " → ".join(way), f"{_SMALL}; margin: 2px 0 8px 0")


def _parties(progress: Progress) -> str:
    badges = []
    for party, state in progress.parties.items():
        sign, colour = _SIGNS[state]
        name = element("span", safe(party, 40), "font-weight: 600")
        badge = element("span", f"{sign} {state}", BADGE + colour)
        badges.append(element("span", f"{name} {badge}", _PARTY))
    return element("div", "".join(badges)) if badges else ""


def _messages(progress: Progress) -> str:
    if not progress.parties:
        return ""
    rows = "".join(element("div", safe(_message(one), 300)) for one in progress.latest)
    older = progress.messages - len(progress.latest)
    more = element("div", f"… {older} before these", _SOFT) if older > 0 else ""
    return _title(_counted(progress)) + element("div", more + rows, f"{_SMALL}; margin-left: 10px")


def _title(words_of_it: str) -> str:
    return element("div", safe(words_of_it), f"{_SMALL}; font-weight: 600; margin-top: 6px")


def _counted(progress: Progress) -> str:
    if not progress.topics:
        return "No message so far"
    listed = ", ".join(f"{visible(topic, 40)} × {count}" for topic, count in progress.topics.items())
    return f"{progress.messages} {'message' if progress.messages == 1 else 'messages'} so far: {listed}"


def _message(one: Passed) -> str:
    said = f" “{visible(one.said, _MOST_TEXT)}”" if one.said else ""
    reply = f", answered {visible(one.reply, 40)}" if one.reply else ""
    return f"{visible(one.sender, 40)} → {visible(one.receiver, 40)}: {visible(one.topic, 40)}{said}{reply}"


def _lines_title(lines: Sequence[LogLine]) -> str:
    left = len(lines) - _MOST_LINES
    return f"Log lines that matter (the last {_MOST_LINES} of {len(lines)})" if left > 0 else "Log lines that matter"


def _steps_in_text(progress: Progress, stopped: bool) -> list[str]:
    return wrap(where(progress, stopped=stopped), text.WIDTH)


def _parties_in_text(progress: Progress) -> str:
    width = max((columns(visible(party, 40)) for party in progress.parties), default=0)
    listed = [
        f"  {pad(visible(party, 40), width)}  {_SIGNS[state][0]} {state}" for party, state in progress.parties.items()
    ]
    return "\n".join(listed)


def _messages_in_text(progress: Progress) -> list[str]:
    if not progress.parties:
        return []
    return [_counted(progress), *text.log(_message(one) for one in progress.latest)]
