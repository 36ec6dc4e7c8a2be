"""The picture of a run for a terminal: lanes and arrows out of box-drawing characters."""

from autograder.report.diagram.rows import Diagram, Kind, Row
from autograder.report.diagram.sentences import SIGNS
from autograder.report.fault_signs import GLYPHS, FaultSign
from autograder.report.sanitize import columns, cut, pad, wrap

_MARGIN = 2
_NARROWEST = 11
_WIDEST = 22
_STROKES = {Kind.GOOD: "─", Kind.UNWELL: "─", Kind.MISSING: "╌", Kind.EXTRA: "═"}
_ENDS = {Kind.GOOD: "►◄", Kind.UNWELL: "!!", Kind.MISSING: "✗✗", Kind.EXTRA: "►◄"}
"""The ends of an arrow to the right and of one to the left."""
_WALLS = "⊣⊢"


def lanes(shown: Diagram, width: int) -> list[str]:
    """Return the picture in lines of at most ``width`` columns; none at all when the lanes do not fit."""
    room = (width - _MARGIN) // max(1, len(shown.lanes))
    if not shown.lanes or room < _NARROWEST:
        return []
    lane = min(room, _WIDEST)
    lines = _names(shown, lane)
    for row in shown.rows:
        lines += [_lifelines(shown, lane), *_row(shown, row, lane, width)]
    if shown.left_out:
        lines.append(f"  … and {shown.left_out} more rows")
    if shown.faults:
        lines += ["", *(f"  {line}" for line in wrap(_legend(shown), width - 2))]
    return [line.rstrip() for line in lines]


def _legend(shown: Diagram) -> str:
    return "By the network: " + "; ".join(f"{GLYPHS[sign]} {sign.value}" for sign in shown.faults)


def _names(shown: Diagram, lane: int) -> list[str]:
    names = [_centred(cut(party.name, lane - 1), lane) for party in shown.lanes]
    yours = [_centred("your code" if party.student else "", lane) for party in shown.lanes]
    return [" " * _MARGIN + "".join(names), " " * _MARGIN + "".join(yours)]


def _centred(text: str, width: int) -> str:
    """Return the text with its middle where the lane's line is."""
    return pad(" " * max(0, width // 2 - columns(text) // 2) + text, width)


def _row(shown: Diagram, row: Row, lane: int, width: int) -> list[str]:
    first, *more = wrap(row.heading, width - 4)
    lines = [f"{SIGNS[row.kind]} {first}", *(f"  {line}" for line in more)]
    for receiver in row.receivers:
        lines += _arrow(shown, row, receiver, lane)
    return lines + [f"    {line}" for text in row.results for line in wrap(text, width - 4)]


def _lifelines(shown: Diagram, lane: int) -> str:
    return " " * _MARGIN + _centred("│", lane) * len(shown.lanes)


def _arrow(shown: Diagram, row: Row, receiver: int, lane: int) -> list[str]:
    start, end = (_MARGIN + number * lane + lane // 2 for number in (row.sender, receiver))
    line = list(_lifelines(shown, lane))
    stroke = _STROKES[row.kind]
    if start == end:
        return _loop(line, start, stroke, _ENDS[row.kind][1])
    way = 1 if end > start else -1
    last = end - way * (lane // 3 if FaultSign.LOST in row.faults else 1)
    for place in range(start + way, last, way):
        line[place] = "┼" if line[place] == "│" else stroke
    line[start] = "├" if end > start else "┤"
    line[last] = _end(row, 0 if end > start else 1)
    if FaultSign.TWICE in row.faults:
        line[last - way] = line[last]
    if FaultSign.LATE in row.faults:
        line[start + way * (lane // 3)] = GLYPHS[FaultSign.LATE]
    lost_reply = FaultSign.NO_REPLY in row.faults and row.reply
    return ["".join(line), *([_lost_reply(shown, end, way, lane)] if lost_reply else [])]


def _end(row: Row, side: int) -> str:
    """Return the end of an arrow to the right (0) or to the left (1)."""
    if FaultSign.LOST in row.faults:
        return GLYPHS[FaultSign.LOST]
    return (_WALLS if FaultSign.REFUSED in row.faults else _ENDS[row.kind])[side]


def _lost_reply(shown: Diagram, start: int, way: int, lane: int) -> str:
    """Return the beginning of a reply on its way back, which ends in a cross."""
    line = list(_lifelines(shown, lane))
    last = start - way * (lane // 3)
    for place in range(start - way, last, -way):
        line[place] = _STROKES[Kind.MISSING]
    line[last] = GLYPHS[FaultSign.LOST]
    return "".join(line)


def _loop(line: list[str], start: int, stroke: str, end: str) -> list[str]:
    there, back = line.copy(), line.copy()
    there[start : start + 4] = ["├", stroke, stroke, "╮"]
    back[start : start + 4] = ["│", end, stroke, "╯"]
    return ["".join(there), "".join(back)]
