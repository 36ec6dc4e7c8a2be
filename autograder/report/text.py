"""A report as plain text: for terminals, for Validate, and wherever no HTML is shown."""

from collections.abc import Iterable, Sequence

from autograder.report import words
from autograder.report.model import CheckResult, Delivery, ExerciseReport, RunSummary
from autograder.report.visible import columns, cut, pad, visible, wrap

WIDTH = 100
"""The most columns that a line takes."""

_LABEL = 10
_LONGEST_CELL = 24
_MAX_DELIVERIES = 40


def exercise(report: ExerciseReport, width: int = WIDTH) -> str:
    """The rubric of an exercise: each check with points, expectation, what was seen and a hint, and the total."""
    lines = [*_heading(f"{visible(report.title, 120)}: {words.mark(report.verdict)}", width)]
    common = words.common_lines(report)
    for label, said in common:
        lines += _labelled(label, said, width, indent="")
    for check in report.checks:
        lines += [*_check(check, common, width), ""]
    for note in words.notes(report):
        lines += _labelled("note", note, width, indent="")
    lines.append(words.total(report))
    return "\n".join(lines)


def _check(check: CheckResult, common: Sequence[tuple[str, str]], width: int) -> list[str]:
    sign, word = words.MARKS[check.verdict]
    head = f"{sign} {pad(word, 10)} {words.points(check.points, check.max_points)}: {visible(check.title)}"
    first, *rest = wrap(head, width - 2)
    lines = [first, *(f"  {line}" for line in rest)]
    for label, text in words.check_lines(check, common):
        lines += _labelled(label, text, width, indent="    ")
    return lines


def _labelled(label: str, text: str, width: int, indent: str) -> list[str]:
    first, *rest = wrap(visible(text, limit=600), width - len(indent) - _LABEL)
    blank = " " * _LABEL
    return [
        f"{indent}{pad(label, _LABEL)}{first}",
        *(f"{indent}{blank}{line}" for line in rest),
    ]


def _heading(text: str, width: int) -> list[str]:
    lines = wrap(text, width)
    return [*lines, "─" * max(columns(line) for line in lines)]


def run(summary: RunSummary, width: int = WIDTH) -> str:
    """One run: who received what from whom, what was not as it should be, and the log lines that matter."""
    lines = [*_heading(visible(words.run_title(summary)), width)]
    lines += ["Who received what from whom", *_deliveries(summary, width)]
    if summary.log_lines:
        lines += ["", "Log lines that matter", *log(summary.log_lines, width)]
    return "\n".join(lines)


def log(lines: Iterable[str], width: int = WIDTH) -> list[str]:
    """Log lines, each cut to the width; of very many, the first hundred."""
    return [cut(f"  {row}", width) for row in words.log_rows(lines)]


def _deliveries(summary: RunSummary, width: int) -> list[str]:
    if not summary.deliveries:
        return ["  No message was seen."]
    table = _table(summary)
    if max(columns(line) for line in table) > width:
        table = [cut(f"  {_long(one)}: {words.state(one)}", width) for one in summary.deliveries[:_MAX_DELIVERIES]]
    wrong = [one for one in summary.deliveries if not words.is_good(one)]
    lines = [
        *table,
        *(line for one in wrong[:_MAX_DELIVERIES] for line in _wrong(one, width)),
    ]
    left = len(wrong) - _MAX_DELIVERIES
    return [*lines, f"  … and {left} more"] if left > 0 else lines


def _table(summary: RunSummary) -> list[str]:
    """The sender × receiver table."""
    names = words.receivers(summary)
    rows = [["from \\ to", *(visible(name, 20) for name in names)]]
    for sender in words.senders(summary):
        cells = ["; ".join(words.state(one) for one in words.between(summary, sender, name)) for name in names]
        rows.append([visible(sender, 20), *(cut(cell or "·", _LONGEST_CELL) for cell in cells)])
    widths = [max(columns(row[number]) for row in rows) for number in range(len(rows[0]))]
    return ["  " + "  ".join(map(pad, row, widths)).rstrip() for row in rows]


def _long(one: Delivery) -> str:
    message = f' "{visible(one.message, 80)}"' if one.message is not None else ""
    return f"{visible(one.sender, 40)} to {visible(one.receiver, 40)}, {visible(one.topic, 40)}{message}"


def _wrong(one: Delivery, width: int) -> list[str]:
    reply = f" (reply: {visible(one.reply, 40)})" if one.reply else ""
    first, *rest = wrap(f"✗ {_long(one)}: {visible(words.what_is_wrong(one))}{reply}", width - 6)
    return [f"  {first}", *(f"      {line}" for line in rest)]
