"""A report as plain text: for terminals, for Validate, and wherever no HTML is shown."""

from collections.abc import Iterable

from autograder.report import chart, words
from autograder.report.diagram.lanes import lanes
from autograder.report.diagram.rows import diagram
from autograder.report.model import CheckResult, ExerciseReport, RunSummary
from autograder.report.sanitize import columns, cut, pad, visible, wrap
from autograder.report.tracebacks import apart

WIDTH = 100
"""The most columns that a line takes."""

_LABEL = 10
_MAX_DELIVERIES = 40


def exercise(report: ExerciseReport, width: int = WIDTH) -> str:
    """Return the rubric of an exercise: each check with points, expected, seen and hint, and the total."""
    lines = [*_heading(f"{visible(report.title, 120)}: {words.mark(report.verdict)}", width)]
    for label, said in words.common_lines(report):
        lines += _labelled(label, said, width, indent="")
    if first := words.next_step(report):
        lines += _labelled("try next", first.hint, width, indent="")
        lines += [row for label, said in words.in_depth(first) for row in _labelled(label, said, width, indent="")]
        lines.append("")
    for check, said_of_it in zip(report.checks, words.check_lines(report), strict=True):
        lines += [*_check(check, said_of_it, width), ""]
    for note in words.notes(report):
        lines += _labelled("note", note, width, indent="")
    lines.append(words.total(report))
    return "\n".join(lines)


def _check(check: CheckResult, said: words.Lines, width: int) -> list[str]:
    sign, word = words.MARKS[check.verdict]
    head = f"{sign} {pad(word, 10)} {words.points(check.points, check.max_points)}: {visible(check.title)}"
    first, *rest = wrap(head, width - 2)
    lines = [first, *(f"  {line}" for line in rest)]
    for label, text in said:
        lines += _labelled(label, text, width, indent="    ")
    return lines


def _labelled(label: str, text: str, width: int, indent: str) -> list[str]:
    said = words.section_in_words(text) if label == words.READ else visible(text, limit=600)
    first, *rest = wrap(said, width - len(indent) - _LABEL)
    blank = " " * _LABEL
    return [
        f"{indent}{pad(label, _LABEL)}{first}",
        *(f"{indent}{blank}{line}" for line in rest),
    ]


def _heading(text: str, width: int) -> list[str]:
    lines = wrap(text, width)
    return [*lines, "─" * max(columns(line) for line in lines)]


def lines(said: words.Lines, width: int = WIDTH) -> str:
    """Return texts, each with its label."""
    return "\n".join(row for label, told in said for row in _labelled(label, told, width, indent=""))


def run(summary: RunSummary, width: int = WIDTH) -> str:
    """Return one run: who received what from whom, what went wrong, and the log lines that matter."""
    lines = [*_heading(visible(words.run_title(summary)), width)]
    if summary.chart:
        lines += [*chart.text(summary.chart, width), ""]
    lines += ["Who received what from whom", *_deliveries(summary, width)]
    raised, others = apart(summary.log_lines)
    if raised:
        lines += ["", "What your code raised", *log(raised, width)]
    if others:
        lines += ["", "Log lines that matter", *log(others, width)]
    return "\n".join(lines)


def log(lines: Iterable[str], width: int = WIDTH) -> list[str]:
    """Log lines, each cut to the width; of very many, the first hundred."""
    return [cut(f"  {row}", width) for row in words.log_rows(lines)]


def _deliveries(summary: RunSummary, width: int) -> list[str]:
    """Return the picture, or a list if it is too wide, and what went wrong."""
    if not summary.deliveries:
        return ["  No message was seen."]
    if summary.chart:
        return _in_short(summary, width)
    if picture := lanes(diagram(summary), width):
        return picture
    some = summary.deliveries[:_MAX_DELIVERIES]
    listed = [cut(f"  {words.state(one)}: {words.way(one)}", width) for one in some]
    return [*listed, *(line for remark in words.remarks(summary) for line in _remark(remark, width))]


def _in_short(summary: RunSummary, width: int) -> list[str]:
    """Return how many messages there were and what is wrong with some, where a chart shows what they come to."""
    good = sum(map(words.is_good, summary.deliveries))
    counted = f"  {len(summary.deliveries)} messages, of which {good} are as expected"
    return [counted, *(line for remark in words.remarks(summary) for line in _remark(remark, width))]


def _remark(remark: str, width: int) -> list[str]:
    first, *rest = wrap(remark, width - 6)
    return [f"  {first}", *(f"      {line}" for line in rest)]
