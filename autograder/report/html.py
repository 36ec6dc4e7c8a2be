"""A report as a fragment of HTML: no script, nothing from outside, every text escaped.

It is shown in JupyterLab and Notebook, light and dark, and in nbgrader's feedback page. So it has only inline styles,
no colours that depend on the background, and a sign with a word wherever there is a colour. ``clean.clean_html`` lets
through what is used here and nothing that could run.
"""

from collections.abc import Iterable
from html import escape

from autograder.report import words
from autograder.report.model import CheckResult, Delivery, ExerciseReport, RunSummary, Verdict
from autograder.report.visible import visible

_LINE = "1px solid rgba(128, 128, 128, 0.35)"
_BOX = "text-align: left; line-height: 1.45; font-size: 14px; margin: 4px 0 12px 0; overflow-wrap: anywhere"
_TABLE = "border-collapse: collapse; border: 0; margin: 6px 0 10px 0; table-layout: auto; font-size: inherit"
_ROW = f"background-color: transparent; border-top: {_LINE}"
_CELL = (
    "text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border: 0; "
    "white-space: normal; overflow-wrap: normal"
)
_HEAD = f"{_CELL}; font-weight: 600"
_LOOSE = "; overflow-wrap: anywhere; word-break: break-word"
_LOG = (
    "font-family: monospace; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; "
    f"text-align: left; margin: 4px 0; padding: 6px 10px; background-color: rgba(128, 128, 128, 0.10); border: {_LINE}"
)
_BADGE = (
    "display: inline-block; padding: 1px 8px; border-radius: 9px; font-size: 12px; font-weight: 600; "
    "white-space: nowrap; color: #ffffff; background-color: "
)
_COLOURS = {
    Verdict.PASSED: "#1a7f37",
    Verdict.NOT_PASSED: "#b3261e",
    Verdict.INFRASTRUCTURE: "#5c6470",
    Verdict.NOT_GRADABLE: "#5c6470",
}
"""Backgrounds on which white text has a contrast of more than 5 to 1, so they do on light and dark pages."""

_SIGN_COLOURS = {"✓": "#1a7f37", "!": "#8a5a00", "✗": "#b3261e"}

_MAX_PARTIES = 8
_MAX_DELIVERIES = 100


def exercise(report: ExerciseReport) -> str:
    """The rubric of an exercise: each check with points, expectation, what was seen and a hint, and the total."""
    heading = f"{_badge(report.verdict)} &nbsp;{_tag('strong', _text(report.title, 120))}"
    rows = [_row(*(_tag("th", name, _HEAD, scope="col") for name in ("Result", "Points", "Check")))]
    rows += [_check(*pair) for pair in zip(report.checks, words.check_lines(report), strict=True)]
    rows.append(_total(report))
    said = "".join(_labelled(label, text) for label, text in words.common_lines(report))
    notes = "".join(_tag("div", f"{_tag('strong', 'Note:')} {_text(note)}") for note in words.notes(report))
    return _tag("div", _tag("div", heading, "font-size: 15px") + said + _table(rows) + notes, _BOX)


def _check(check: CheckResult, said: words.Lines) -> str:
    lines = "".join(_labelled(label, text) for label, text in said)
    earned = f"{words.number(check.points)} of {words.number(check.max_points)}"
    return _row(
        _tag("td", _badge(check.verdict), _CELL),
        _tag("td", earned, f"{_CELL}; white-space: nowrap"),
        _tag("th", f"{_text(check.title)}{lines}", _HEAD + _LOOSE, scope="row"),
    )


def _labelled(label: str, text: str) -> str:
    weight = "font-weight: 600" if label == "hint" else "opacity: 0.75"
    name = _tag("span", label.capitalize(), f"display: inline-block; width: 5.2em; {weight}")
    cell = _tag("span", name, "display: table-cell; white-space: nowrap")
    body = _tag("span", _text(text, limit=600), "display: table-cell" + _LOOSE)
    return _tag("div", cell + body, "font-weight: 400; display: table")


def _total(report: ExerciseReport) -> str:
    earned = f"{words.number(report.points)} of {words.number(report.max_points)}"
    return _row(
        _tag("th", "Total", _HEAD, scope="row"),
        _tag("td", earned, f"{_HEAD}; white-space: nowrap"),
        _tag("td", "", _CELL),
    )


def run(summary: RunSummary) -> str:
    """One run: who received what from whom, what was not as it should be, and the log lines that matter."""
    title = _tag("div", _text(words.run_title(summary)), "font-size: 12px; opacity: 0.75")
    parts = [
        title,
        _tag("div", _tag("strong", "Who received what from whom")),
        _deliveries(summary),
    ]
    if summary.log_lines:
        parts.append(_tag("div", _tag("strong", "Log lines that matter")))
        parts.append(log(summary.log_lines))
    return _tag("div", "".join(parts), _BOX)


def log(lines: Iterable[str]) -> str:
    """Log lines in a box; of very many, the first hundred."""
    return _tag("pre", "\n".join(escape(row) for row in words.log_rows(lines)), _LOG)


def notice(text: str) -> str:
    """A short message to the reader, on one or more lines."""
    body = "<br>".join(_text(line, limit=600) for line in text.split("\n"))
    return _tag(
        "div",
        body,
        f"{_BOX}; padding: 4px 10px; border-left: 4px solid {_COLOURS[Verdict.INFRASTRUCTURE]}",
    )


def _deliveries(summary: RunSummary) -> str:
    if not summary.deliveries:
        return _tag("div", "No message was seen.")
    small = max(len(words.receivers(summary)), len(words.senders(summary))) <= _MAX_PARTIES
    remarks = words.remarks(summary)
    if not small:
        remarks += [f"{words.state(one)}: {words.way(one)}" for one in summary.deliveries if words.is_good(one)]
    items = "".join(_tag("li", escape(remark)) for remark in remarks[:_MAX_DELIVERIES])
    listed = _tag("ul", items, "margin: 4px 0 8px 0; padding-left: 20px") if items else ""
    return (_matrix(summary) if small else "") + listed


def _matrix(summary: RunSummary) -> str:
    """The sender × receiver table."""
    names = words.receivers(summary)
    head = [
        _tag(
            "th",
            "from ↓ &nbsp; to →",
            f"{_HEAD}; font-weight: 400; opacity: 0.75",
            scope="col",
        )
    ]
    rows = [_row(*head, *(_tag("th", _text(name, 40), _HEAD, scope="col") for name in names))]
    for sender in words.senders(summary):
        cells = [_tag("td", _cell(words.between(summary, sender, name)), _CELL) for name in names]
        rows.append(_row(_tag("th", _text(sender, 40), _HEAD, scope="row"), *cells))
    return _table(rows)


def _cell(deliveries: list[Delivery]) -> str:
    return "".join(_tag("div", _delivery(one)) for one in deliveries[:5]) or _tag("span", "·", "opacity: 0.5")


def _delivery(one: Delivery) -> str:
    badge = _tag("span", escape(words.state(one)), _BADGE + _SIGN_COLOURS[words.sign(one)])
    if not one.sent or one.message is None:
        return badge
    return badge + _tag("div", f"“{_text(one.message, 80)}”", "font-size: 12px" + _LOOSE)


def _badge(verdict: Verdict) -> str:
    return _tag("span", words.mark(verdict), _BADGE + _COLOURS[verdict])


def _table(rows: list[str]) -> str:
    return _tag("table", _tag("tbody", "".join(rows)), _TABLE)


def _row(*cells: str) -> str:
    return _tag("tr", "".join(cells), _ROW)


def _text(text: str, limit: int = 300) -> str:
    return escape(visible(text, limit))


def _tag(name: str, body: str, style: str = "", **attributes: str) -> str:
    """An element; ``body`` is HTML already."""
    given = {**attributes, **({"style": style} if style else {})}
    written = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    return f"<{name}{written}>{body}</{name}>"
