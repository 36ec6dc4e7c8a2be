"""Tracebacks in log lines, trimmed to the student's own code.

The frames of NVFlare and of Python say nothing to a student, and line numbers are those of the module that was made of
the notebook. What helps is left: the function, the line as it is written in the cell, and the exception.
"""

import re
from collections.abc import Iterable

_FRAME = re.compile(r'  File "(?P<file>.*)", line \d+(?:, in (?P<function>.*))?')
_CARETS = re.compile(r"\s*[~^][~^ ]*")
_OWN = "/submission.py"
_BEGIN = "Traceback (most recent call last):"


def trimmed(line: str) -> str:
    """A log line; when it holds a traceback with the student's code in it, without all other frames."""
    if _BEGIN not in line or _OWN not in line:
        return line
    kept: list[str] = []
    own = True
    for row in line.rstrip().split("\n"):
        frame = _FRAME.fullmatch(row)
        own = frame["file"].endswith(_OWN) if frame else own or not row.startswith("    ")
        if own and not _CARETS.fullmatch(row):
            kept.append(f"  in your {frame['function'] or 'code'}:" if frame else row)
    return "\n".join(kept)


def apart(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The tracebacks that go through the student's code, trimmed and each once, and all the other lines."""
    raised: dict[str, None] = {}
    others: list[str] = []
    for line in lines:
        short = trimmed(line)
        if short == line:
            others.append(line)
        else:
            raised[_with_site_only(short)] = None
    return list(raised), others


def _with_site_only(line: str) -> str:
    first, _, rest = line.partition("\n")
    return f"at {first.partition(':')[0]}\n{rest}"
