"""Reading a party's log and output: files that a student's code can have filled with anything."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.evidence.model import LogLine
from autograder.simulator.folder import RunFolder, read_regular_file

MOST_LINES = 10_000
"""Lines of a log that are looked at. That of a right answer has about a hundred."""

_LONGEST_TEXT = 4000
_LONGEST_OUTPUT = 4000
_MOST_PRINTED = 1 << 20
_LOG_LINE_ON_CONSOLE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ - ")


@dataclass(frozen=True)
class Log:
    """A party's log as far as it could be read: its lines, and what is wrong with it, empty when nothing is."""

    lines: tuple[LogLine, ...] = ()
    junk: str = ""


def read_log(folder: RunFolder, site: str, limit: int) -> Log:
    """Read at most ``limit`` bytes of a party's ``log.json``, in order. Never raises; always returns a `Log`."""
    try:
        text = folder.read_log(site, limit)
    except FileNotFoundError:
        return Log(junk="there is no log")
    except OSError as error:
        return Log(junk=f"the log is no file: {error.strerror or error}")
    raws = [raw for raw in text.split("\n", MOST_LINES + 1) if raw]
    lines = [parse_line(raw, site) for raw in raws[:MOST_LINES]]
    if len(text) >= limit:
        junk = f"the log has more than {limit / (1 << 20):g} MiB"
    elif len(raws) > MOST_LINES:
        junk = f"the log has more than {MOST_LINES} lines"
    else:
        junk = _junk_of(lines)
    return Log(tuple(line for line in lines if line), junk)


def _junk_of(lines: Sequence[LogLine | None]) -> str:
    if strange := sum(line is None for line in lines):
        return f"{strange} lines of the log are not NVFlare's"
    return ""


def parse_line(raw: str, site: str) -> LogLine | None:
    """Return one line of a ``log.json``, or None when it is not one of NVFlare's ``JsonFormatter``."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or "message" not in fields:
        return None

    def text(key: str, limit: int = 300) -> str:
        return str(fields.get(key, ""))[:limit]

    return LogLine(
        site=site,
        time=text("asctime"),
        logger=text("name"),
        origin=text("fullName"),
        level=text("levelname"),
        context=text("fl_ctx", 1000),
        text=text("message", _LONGEST_TEXT),
    )


def read_printed(path: Path) -> str:
    """Return what a party printed by itself: its output without the log lines that NVFlare repeats there."""
    try:
        text = read_regular_file(path, _MOST_PRINTED)
    except OSError:
        return ""
    lines = [line for line in text.splitlines() if line.strip() and not _LOG_LINE_ON_CONSOLE.match(line)]
    return "\n".join(lines)[:_LONGEST_OUTPUT]
