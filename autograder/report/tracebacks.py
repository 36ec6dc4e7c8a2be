"""Tracebacks in log lines, trimmed to the student's own code.

The frames of NVFlare and of Python say nothing to a student, and line numbers are those of the module that was made of
the notebook. What helps is left: the function, where it is in the notebook, the line as it is written there, and the
exception. `located` says where a frame is, when a run's log lines are taken down; `trimmed` then leaves out the rest.
"""

import re
from collections.abc import Callable, Iterable

_FRAME = re.compile(
    r'  File "(?P<file>.*)", line (?P<line>\d+)(?: \((?P<place>[^()]{1,200})\))?(?:, in (?P<function>.*))?'
)
_CARETS = re.compile(r"\s*[~^][~^ ]*")
_OWN = "/submission.py"
_NOT_OWN = "the course's own code"
_CHAINED = ("Traceback (most recent", "During handling of the above", "The above exception was")
_LONGEST_ROW = 2000
_BEGIN = "Traceback (most recent call last):"


def located(text: str, locate: Callable[[int], str]) -> str:
    """A log line; when it holds a traceback, with the places of the student's code in their notebook.

    Args:
        locate: says in words where a line of the module is in the notebook; nothing when it is not the student's, as in
            a model answer that takes the place of an earlier exercise. Such a frame is then nobody's to see.
    """
    if _BEGIN not in text or _OWN not in text:
        return text
    return "\n".join(_located(row, locate) for row in text.split("\n"))


def _located(row: str, locate: Callable[[int], str]) -> str:
    frame = _frame(row)
    if frame is None or not frame["file"].endswith(_OWN):
        return row
    inside = f", in {frame['function']}" if frame["function"] else ""
    number = int(frame["line"][:9])
    place = locate(number)
    file = frame["file"] if place else _NOT_OWN
    return f'  File "{file}", line {number}{f" ({place})" if place else ""}{inside}'


def _frame(row: str) -> re.Match[str] | None:
    """The parts of a row that names a frame; None for others, and for one that is too long to be matched quickly."""
    return _FRAME.fullmatch(row) if len(row) <= _LONGEST_ROW else None


def trimmed(line: str) -> str:
    """A log line; when it holds a traceback, without the frames that are not the student's."""
    if _BEGIN not in line:
        return line
    if not _is_own(line):
        return _without_frames(line)
    kept: list[str] = []
    own = True
    for row in line.rstrip().split("\n"):
        frame = _frame(row)
        own = frame["file"].endswith(_OWN) if frame else own or not row.startswith("    ")
        if own and not _CARETS.fullmatch(row):
            kept.append(_of_frame(frame) if frame else row)
    return "\n".join(kept)


def _is_own(line: str) -> bool:
    """Whether a log line holds a traceback that goes through the student's code."""
    return _BEGIN in line and (_OWN in line or _NOT_OWN in line)


def _without_frames(line: str) -> str:
    """A line with a traceback of others: what stands before it, and the exception. The raw log has all of it."""
    before, _, rest = line.partition(_BEGIN)
    said = [row for row in rest.split("\n") if row.strip() and not row.startswith(("  ", *_CHAINED))]
    return f"{before}{said[-1]}" if said else line


def _of_frame(frame: re.Match[str]) -> str:
    place = f" ({frame['place']})" if frame["place"] else ""
    return f"  in your {frame['function'] or 'code'}{place}:"


def apart(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The tracebacks that go through the student's code, trimmed and each once with its sites, and all other lines."""
    raised: dict[str, dict[str, None]] = {}
    others: list[str] = []
    for line in lines:
        if _is_own(line):
            first, _, rest = trimmed(line).partition("\n")
            raised.setdefault(rest, {})[first.partition(":")[0]] = None
        else:
            others.append(line)
    return [f"at {_listed(list(sites))}\n{rest}" for rest, sites in raised.items()], others


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
