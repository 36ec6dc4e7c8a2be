"""A report as a fragment of HTML: no script, nothing from outside, every text escaped.

It is shown in JupyterLab and Notebook, light and dark, and in nbgrader's feedback page. So it has only inline styles,
no colours that depend on the background, and a sign with a word wherever there is a colour. ``clean.clean_html`` lets
through what is used here and nothing that could run.
"""

from collections.abc import Iterable
from html import escape

from autograder.report import chart, pictures, words
from autograder.report.delivery_words import faults
from autograder.report.diagram.rows import diagram
from autograder.report.diagram.sentences import sentences
from autograder.report.elements import BADGE, BOX, LINE, LOG, element, prose, safe
from autograder.report.hint_steps import first_step, what_happened
from autograder.report.hint_steps import in_steps as steps_of
from autograder.report.model import Chart, CheckResult, Delivery, ExerciseReport, RunSummary, Verdict
from autograder.report.sections import anchor
from autograder.report.tracebacks import apart

_TABLE = "border-collapse: collapse; border: 0; margin: 6px 0 10px 0; table-layout: auto; font-size: inherit"
_ROW = f"background-color: transparent; border-top: {LINE}"
_CELL = (
    "text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border: 0; "
    "white-space: normal; overflow-wrap: normal"
)
_HEAD = f"{_CELL}; font-weight: 600"
_LOOSE = "; overflow-wrap: anywhere; word-break: break-word"
_NEXT = "margin: 8px 0; padding: 6px 10px; border-left: 4px solid #b3261e; background-color: rgba(128, 128, 128, 0.10)"
_COLOURS = {
    Verdict.PASSED: "#1a7f37",
    Verdict.NOT_PASSED: "#b3261e",
    Verdict.INFRASTRUCTURE: "#5c6470",
    Verdict.NOT_GRADABLE: "#5c6470",
}
"""Backgrounds on which white text has a contrast of more than 5 to 1, so they do on light and dark pages."""

_SIGN_COLOURS = {"✓": "#1a7f37", "!": "#8a5a00", "✗": "#b3261e"}

_MAX_PARTIES = 8


def exercise(report: ExerciseReport, *, in_steps: bool = False) -> str:
    """Return the rubric of an exercise: what to try next, each check with points and hint, and the total.

    Args:
        in_steps: whether hints are folded, with their first step in their place, for a reader who is still at work.
    """
    heading = _heading(f"{_badge(report.verdict)} &nbsp;{safe(report.title, 120)}", 3, "font-size: 16px")
    head = _row(*(element("th", name, _HEAD, scope="col") for name in ("Result", "Check")))
    pairs = zip(report.checks, words.check_lines(report), strict=True)
    rows = [_check(check, _said(check, lines, in_steps)) for check, lines in pairs]
    rows.append(_total(report))
    common = words.common_lines(report)
    said = _said(report.checks[0], common, in_steps) if common else ""
    notes = "".join(element("div", f"{element('strong', 'Note:')} {prose(note)}") for note in words.notes(report))
    return element("div", heading + said + _next_step(report, in_steps) + _table(rows, head) + notes, BOX)


def _next_step(report: ExerciseReport, in_steps: bool) -> str:
    first = words.next_step(report)
    if first is None:
        return ""
    label = element("strong", "What to try next")
    deeper = words.in_depth(first)
    if in_steps:
        _, folded = steps_of(first, [(words.HINT, first.hint), *deeper])
        said = prose(first_step(first), limit=600) + folded_hint(_lines(folded))
    else:
        said = prose(first.hint, limit=600) + _lines(deeper)
    return element("div", f"{label}<br>{said}", _NEXT + _LOOSE)


def _said(check: CheckResult, said: words.Lines, in_steps: bool) -> str:
    """Return lines on a check."""
    if not in_steps or check.verdict is not Verdict.NOT_PASSED:
        return _lines(said)
    at_once, folded = steps_of(check, said)
    return _lines(at_once) + (folded_hint(_lines(folded)) if folded else "")


def folded_hint(hint: str) -> str:
    """Return a hint that opens on request; without a script, and for keyboards and screen readers too."""
    label = element("summary", "The whole hint", "cursor: pointer; font-weight: 600")
    return element("details", label + hint, "font-weight: 400; margin: 4px 0")


def _check(check: CheckResult, said: str) -> str:
    earned = element("div", words.points(check.points, check.max_points), "white-space: nowrap; font-size: 13px")
    return _row(
        element("td", _badge(check.verdict) + earned, _CELL),
        element("th", safe(check.title) + said, _HEAD + _LOOSE, scope="row"),
    )


def _lines(said: words.Lines) -> str:
    return "".join(_labelled(*line) for line in said)


def _labelled(label: str, text: str) -> str:
    weight = "font-weight: 600" if label == words.HINT else "opacity: 0.8"
    name = element("span", label.capitalize(), f"display: inline-block; width: 5.2em; {weight}")
    cell = element("span", name, "display: table-cell; white-space: nowrap")
    said = section_link(text) if label == words.READ else prose(text, limit=600)
    body = element("span", said, "display: table-cell" + _LOOSE)
    return element("div", cell + body, "font-weight: 400; display: table")


def section_link(section: str) -> str:
    """Return a link to a section of the notebook; its words say where to look if it leads nowhere."""
    return f"the section {element('a', safe(section, 200), href=f'#{anchor(section)}')} of the notebook"


def _total(report: ExerciseReport) -> str:
    earned = words.points(report.points, report.max_points)
    return _row(element("td", element("strong", "Total"), _CELL), element("td", element("strong", earned), _CELL))


def lines(said: words.Lines) -> str:
    """Return texts, each with its label."""
    return element("div", _lines(said), BOX)


def run(summary: RunSummary, *, in_steps: bool = False) -> str:
    """Return one run: its picture, the same in words, what the student's code raised, and the log lines that matter.

    Args:
        in_steps: whether it is folded why messages are not as they should be, for a reader who is still at work.
    """
    raised, others = apart(summary.log_lines)
    shown = what_happened(summary) if in_steps else summary
    parts = [
        _heading("Who received what from whom", 4),
        element("div", safe(words.run_title(summary)), "font-size: 12px; opacity: 0.8"),
        _chart(shown.chart, shown) if shown.chart else _deliveries(shown),
    ]
    if shown != summary:
        label = element("summary", "What is wrong with these messages", "cursor: pointer")
        parts.append(element("details", label + _wrong(summary), "margin: 4px 0"))
    if raised:
        parts += [_heading("What your code raised", 4), log(raised)]
    if others:
        parts += [_heading("Log lines that matter", 4), log(others)]
    return element("div", "".join(parts), BOX)


def log(lines: Iterable[str]) -> str:
    """Log lines in a box; of very many, the first hundred."""
    return element("pre", "\n".join(escape(row) for row in words.log_rows(lines)), LOG)


def notice(text: str) -> str:
    """Return a short message to the reader, on one or more lines."""
    body = "<br>".join(prose(line, limit=600) for line in text.split("\n"))
    return element(
        "div",
        body,
        f"{BOX}; padding: 4px 10px; border-left: 4px solid {_COLOURS[Verdict.INFRASTRUCTURE]}",
    )


def _deliveries(summary: RunSummary) -> str:
    if not summary.deliveries:
        return element("div", "No message was seen.")
    shown = diagram(summary)
    items = "".join(element("li", escape(sentence)) for sentence in sentences(shown))
    in_words = element("ol", items, "margin: 4px 0 8px 0; padding-left: 28px" + _LOOSE)
    small = max(len(words.receivers(summary)), len(words.senders(summary))) <= _MAX_PARTIES
    label = element("summary", "The same in words and as a table", "cursor: pointer")
    picture = _image(pictures.of_messages(shown), "The same in words follows.")
    return picture + element("details", label + in_words + (_matrix(summary) if small else ""), "margin: 4px 0")


def _chart(shown: Chart, summary: RunSummary) -> str:
    """Return the chart, its numbers, and the messages, which are many, folded."""
    rows = chart.table(shown)
    head = _row(*(element("th", safe(cell, 40), _HEAD, scope="col") for cell in rows[0]))
    body = [
        _row(
            element("th", safe(first, 40), _HEAD, scope="row"), *(element("td", safe(cell, 40), _CELL) for cell in rest)
        )
        for first, *rest in rows[1:]
    ]
    numbers = element("details", element("summary", "The numbers", "cursor: pointer") + _table(body, head))
    label = element("summary", f"The {len(summary.deliveries)} messages, one by one", "cursor: pointer")
    messages = element("details", label + _deliveries(summary), "margin: 4px 0")
    drawn = _image(pictures.of_chart(shown), "The numbers follow.")
    return element("div", prose(shown.title)) + drawn + numbers + _wrong(summary) + messages


def _wrong(summary: RunSummary) -> str:
    """Return what is wrong with messages, where those are folded."""
    items = "".join(element("li", escape(remark)) for remark in words.remarks(summary))
    return element("ul", items, "margin: 4px 0 8px 0; padding-left: 28px" + _LOOSE) if items else ""


def _image(drawn: pictures.Image, follows: str) -> str:
    """Return a picture as an image, which no filter takes apart; a wide one scrolls on a narrow page."""
    size = f"width: {drawn.width}px; max-width: 100%; min-width: {_least_width(drawn.width)}px"
    # The Formgrader would draw a red frame around it.
    look = f"{size}; height: auto; border: 0"
    image = f'<img src="{drawn.url}" alt="{escape(f"{drawn.said} {follows}")}" style="{look}">'
    return element("div", image, "overflow-x: auto; margin: 6px 0", tabindex="0", role="group", **_PICTURE_LABEL)


_PICTURE_LABEL = {"aria-label": "Picture of the run"}


def _least_width(width: int) -> int:
    """Return the width below which the picture's text cannot be read; a wider picture shrinks to it."""
    return min(width, max(300, round(width * 0.8)))


def _matrix(summary: RunSummary) -> str:
    """Return the sender × receiver table."""
    names = words.receivers(summary)
    corner = element("th", "from ↓ &nbsp; to →", f"{_HEAD}; font-weight: 400", scope="col")
    head = _row(corner, *(element("th", safe(name, 40), _HEAD, scope="col") for name in names))
    rows = []
    for sender in words.senders(summary):
        cells = [element("td", _cell(words.between(summary, sender, name)), _CELL) for name in names]
        rows.append(_row(element("th", safe(sender, 40), _HEAD, scope="row"), *cells))
    return _table(rows, head)


def _cell(deliveries: list[Delivery]) -> str:
    return "".join(element("div", _delivery(one)) for one in deliveries[:5]) or element("span", "·", "opacity: 0.5")


def _delivery(one: Delivery) -> str:
    badge = element("span", escape(words.state(one)), BADGE + _SIGN_COLOURS[words.sign(one)])
    label = f"“{safe(one.label, 80)}”" if one.sent and one.label else ""
    hit = f"by the network: {safe(said, 160)}" if (said := faults(one)) else ""
    return badge + "".join(element("div", text, "font-size: 12px" + _LOOSE) for text in (label, hit) if text)


def _badge(verdict: Verdict) -> str:
    return element("span", words.mark(verdict), BADGE + _COLOURS[verdict])


def _heading(body: str, level: int, style: str = "font-size: 14px") -> str:
    """Return a heading for screen readers, without an ``h3`` that JupyterLab would list in its contents."""
    look = f"{style}; font-weight: 600; margin: 10px 0 4px 0"
    return element("div", body, look, role="heading", **{"aria-level": str(level)})


def _table(rows: list[str], head: str) -> str:
    return element("table", element("thead", head) + element("tbody", "".join(rows)), _TABLE)


def _row(*cells: str) -> str:
    return element("tr", "".join(cells), _ROW)
