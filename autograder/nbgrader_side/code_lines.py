"""The student's code on the feedback page: with line numbers, and marks at lines that a hint or a traceback names."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from autograder.report.places import Place

_PRE = re.compile(r"(?P<begin>.*<pre[^>]*>)(?P<code>.*?)(?P<end></pre>.*)", re.DOTALL)
_EMPTY = re.compile(r"(?:<span></span>)?")


def places_named(cell: Mapping[str, Any]) -> list[Place]:
    """The places that the outputs of a graded check cell name, each once."""
    found: dict[Place, None] = {}
    for output in cell.get("outputs", ()):
        told = output.get("metadata", {}).get("autograder", {})
        for place in told.get("places", ()) if isinstance(told, Mapping) else ():
            match place:
                case [str(name), int(line)] if not isinstance(line, bool):
                    found[name, line] = None
    return list(found)


def line_anchor(place: Place) -> str:
    """The name of a line on the page."""
    return f"{place[0]}-line-{place[1]}"


def numbered_lines(page: str, cell: Mapping[str, Any], notebook: Mapping[str, Any]) -> str:
    """The HTML of a cell's code, with numbers where the student wrote it, and marks at lines that are named.

    Args:
        page: the highlighted code, a ``pre`` with one row for each line.
    """
    told = cell.get("metadata", {}).get("nbgrader", {})
    grade_id = told.get("grade_id", "")
    results = _results_naming(grade_id, notebook)
    parts = _PRE.fullmatch(page)
    if parts is None or not (told.get("solution") or results):
        return page
    first = 1 + len(cell["source"]) - len(cell["source"].lstrip("\n"))  # highlighting takes out blank lines at the top
    rows = _EMPTY.sub("", parts["code"], count=1).rstrip("\n").split("\n")
    written = "".join(
        _row(row, (grade_id, number), results.get(number, "")) for number, row in enumerate(rows, start=first)
    )
    start = f'<span class="numbered" style="counter-reset: line {first - 1}">'
    return f"{parts['begin']}{start}{written}</span>{parts['end']}"


def _results_naming(grade_id: str, notebook: Mapping[str, Any]) -> dict[int, str]:
    """Line of a cell to the check cell whose result names it, the first one of several."""
    found: dict[int, str] = {}
    for cell in notebook["cells"]:
        told = cell.get("metadata", {}).get("nbgrader", {})
        if not told.get("grade") or told.get("solution"):
            continue  # only what grading has written is believed
        for name, line in places_named(cell):
            if name == grade_id:
                found.setdefault(line, told["grade_id"])
    return found


def _row(row: str, place: Place, result: str) -> str:
    if not result:
        return f'<span class="line">{row}\n</span>'
    why = f'<a class="why" href="#result-{escape(result)}">◂ named in a hint</a>'
    return f'<span class="line named" id="{escape(line_anchor(place))}">{row} {why}\n</span>'
