"""Tracebacks in log lines, trimmed to the student's own code.

The frames of NVFlare and of Python say nothing to a student, and line numbers are those of the module that was made of
the notebook. What helps is left: the function, where it is in the notebook, the line as it is written there, and the
exception. `frames_of` finds where the frames are, when a run's log lines are taken down; `trimmed` then leaves out the
rest.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from autograder.report.model import Frame, LoggedLine
from autograder.report.places import Place
from autograder.report.reasons import joined

_FRAME = re.compile(r'  File "(?P<file>.*)", line (?P<line>\d+)(?:, in (?P<function>.*))?')
_CARETS = re.compile(r"\s*[~^][~^ ]*")
_OWN = "/submission.py"
_CHAINED = ("Traceback (most recent", "During handling of the above", "The above exception was")
_LONGEST_ROW = 2000
_BEGIN = "Traceback (most recent call last):"


def frames_of(text: str, locate: Callable[[int], Place | None]) -> tuple[Frame, ...]:
    """Return the frames of a traceback that are in the notebook's module, each line once.

    Args:
        locate: says where a line of the module is in the notebook; None when it is not the student's, as in a stand-in
            for an earlier exercise. Such a frame is then nobody's to see.
    """
    if not _is_own(text):
        return ()
    frames = (_frame(row) for row in text.split("\n"))
    lines = dict.fromkeys(_number(frame) for frame in frames if frame and frame["file"].endswith(_OWN))
    return tuple(Frame(line, locate(line)) for line in lines)


def _frame(row: str) -> re.Match[str] | None:
    """Return the parts of a row that names a frame; None for others, and for one that is too long to match."""
    return _FRAME.fullmatch(row) if len(row) <= _LONGEST_ROW else None


def _number(frame: re.Match[str]) -> int:
    return int(frame["line"][:9])


def trimmed(line: LoggedLine) -> str:
    """Return what a log line says, without traceback frames that are not the student's."""
    if _BEGIN not in line.text:
        return line.text
    if not _is_own(line.text):
        return _without_frames(line.text)
    places = {frame.line: frame.place for frame in line.frames}
    kept: list[str] = []
    own = True
    for row in line.text.rstrip().split("\n"):
        frame = _frame(row)
        own = _is_students(frame, places) if frame else own or not row.startswith("    ")
        if own and not _CARETS.fullmatch(row):
            kept.append(_of_frame(frame, places) if frame else row)
    return "\n".join(kept)


def _is_own(text: str) -> bool:
    """Return whether a text holds a traceback through the notebook's module."""
    return _BEGIN in text and _OWN in text


def _is_students(frame: re.Match[str], places: Mapping[int, Place | None]) -> bool:
    """Return whether a frame is in the student's code; during a run every line of the module counts as such."""
    return frame["file"].endswith(_OWN) and places.get(number := _number(frame), number) is not None


def _without_frames(text: str) -> str:
    """Return a text with another party's traceback cut to its exception. The raw log has all of it."""
    before, _, rest = text.partition(_BEGIN)
    said = [row for row in rest.split("\n") if row.strip() and not row.startswith(("  ", *_CHAINED))]
    return f"{before}{said[-1]}" if said else text


def _of_frame(frame: re.Match[str], places: Mapping[int, Place | None]) -> str:
    place = places.get(_number(frame))
    return f"  in your {frame['function'] or 'code'}{f' ({place})' if place else ''}:"


def row(line: LoggedLine) -> str:
    """Return a log line as it is shown."""
    return f"{line.time} {line.site}: {line.level} {line.logger}: {trimmed(line)}".lstrip()


def apart(lines: Iterable[LoggedLine]) -> tuple[list[str], list[str]]:
    """Return the tracebacks through the student's code, trimmed, once each with its sites, and all other lines."""
    raised: dict[str, dict[str, None]] = {}
    others: list[str] = []
    for line in lines:
        if _is_own(line.text):
            raised.setdefault(trimmed(line).partition("\n")[2], {})[line.site] = None
        else:
            others.append(row(line))
    return [f"at {joined(list(sites))}\n{rest}" for rest, sites in raised.items()], others
