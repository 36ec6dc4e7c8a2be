"""The student's code on the feedback page: with line numbers, and marks at lines that a hint or a traceback names."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any
from zlib import crc32

from autograder.report.places import Place, beginning

_PRE = re.compile(r"(?P<begin>.*<pre[^>]*>)(?P<code>.*?)(?P<end></pre>.*)", re.DOTALL)
_EMPTY = re.compile(r"(?:<span></span>)?")

JsonObject = Mapping[str, Any]


def places_named(check: JsonObject, notebook: JsonObject) -> list[Place]:
    """Return the places in the notebook that the outputs of a graded check cell name, each once.

    A cell that the student added is known by how it begins. Where several begin alike, none of them is meant for sure.
    """
    return [place for place in _told(check) if _is_there(place, notebook)]


def _told(check: JsonObject) -> list[Place]:
    found: dict[Place, None] = {}
    for output in check.get("outputs", ()):
        told = output.get("metadata", {}).get("autograder", {})
        for place in told.get("places", ()) if isinstance(told, Mapping) else ():
            match place:
                case [str(name), int(line)] if not isinstance(line, bool):
                    found[Place(name, line)] = None
                case [str(name), int(line), bool(own)] if not isinstance(line, bool):
                    found[Place(name, line, own)] = None
    return list(found)


def _is_there(place: Place, notebook: JsonObject) -> bool:
    cells = [cell for cell in notebook["cells"] if _called(cell) == (place.cell, place.own)]
    if len(cells) != 1:
        return False
    first, last = _first_line(cells[0]["source"]), len(cells[0]["source"].rstrip("\n").split("\n"))
    return first <= place.line <= last


def _called(cell: JsonObject) -> tuple[str, bool] | None:
    """Return a cell's name in reports, and whether the student added it; None if no report names it."""
    grade_id = _nbgrader(cell).get("grade_id", "")
    if grade_id:
        return grade_id, False
    begins = beginning(cell["source"]) if cell.get("cell_type") == "code" else ""
    return (begins, True) if begins else None


def line_name(place: Place) -> str:
    """Return the text of a link to a line."""
    return f"{'your own cell ' if place.own else ''}{place.cell}, line {place.line}"


def line_anchor(place: Place) -> str:
    """Return the name of a line on the page."""
    cell = f"own-cell-{crc32(place.cell.encode()):08x}" if place.own else place.cell
    return f"{cell}-line-{place.line}"


def numbered_lines(page: str, cell: JsonObject, notebook: JsonObject) -> str:
    """Return the HTML of a cell's code, with line numbers in the student's code and marks at named lines.

    Args:
        page: the highlighted code, a ``pre`` with one row for each line.
    """
    results = _results_naming(cell, notebook)
    parts = _PRE.fullmatch(page)
    if parts is None or not (_nbgrader(cell).get("solution") or results):
        return page
    first = _first_line(cell["source"])
    rows = _EMPTY.sub("", parts["code"], count=1).rstrip("\n").split("\n")
    written = "".join(_row(row, results.get(number)) for number, row in enumerate(rows, start=first))
    start = f'<span class="numbered" style="counter-reset: line {first - 1}">'
    return f"{parts['begin']}{start}{written}</span>{parts['end']}"


def _first_line(source: str) -> int:
    """Return the first line that is shown: highlighting takes out blank lines at the top."""
    return 1 + len(source) - len(source.lstrip("\n"))


def _results_naming(cell: JsonObject, notebook: JsonObject) -> dict[int, tuple[Place, str]]:
    """Return places by line of a cell, each with the first check cell whose result names it."""
    called = _called(cell)
    found: dict[int, tuple[Place, str]] = {}
    for check in notebook["cells"] if called else ():
        told = _nbgrader(check)
        if not told.get("grade") or told.get("solution"):
            continue  # only what grading has written is believed
        for place in _told(check):
            if (place.cell, place.own) == called and _is_there(place, notebook):
                found.setdefault(place.line, (place, told["grade_id"]))
    return found


def _nbgrader(cell: JsonObject) -> JsonObject:
    told: JsonObject = cell.get("metadata", {}).get("nbgrader", {})
    return told


def _row(row: str, named: tuple[Place, str] | None) -> str:
    if named is None:
        return f'<span class="line">{row}\n</span>'
    place, result = named
    why = f'<a class="why" href="#result-{escape(result)}">◂ named in a hint</a>'
    return f'<span class="line named" id="{escape(line_anchor(place))}">{row} {why}\n</span>'
