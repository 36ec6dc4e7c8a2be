"""The picture of a run as SVG: one lane a party, one arrow a message, time downward.

It is shown through ``<img>``, so it fetches nothing, has its own background, and brings its colours for a light and for
a dark page. What a message is can be told without colour: by the line (solid, dashed, double), by its end, and by the
sign in the margin. What the network did to it has signs of its own, with a legend below. All signs are drawn, since
fonts differ in which they have.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from autograder.report.diagram import shapes
from autograder.report.diagram.rows import Diagram, Kind, Lane, Row
from autograder.report.diagram.sentences import sentences, summary, title
from autograder.report.fault_signs import FaultSign
from autograder.report.sanitize import columns, cut, wrap

_GUTTER = 30
"""Room at the left, for the signs."""

_NARROWEST = 440
_LANE = 104
_EDGE = 8
_HEAD = 40
_LINE = 16
_ARROW = 18
_LOOP = 24
_GAP = 14
_LEGEND = 20
_SAMPLE = 64
"""Pixels of an arrow in the legend."""
_TALL = 520
"""The height from which on the names stand below the lanes as well."""

_MOST_LINES = 3
_LABEL_COLUMN = 6.9
_RESULT_COLUMN = 6.3
"""Pixels that a column of text takes on average in the two sizes, in the widest font that is likely."""

_STYLE = """
svg{--bg:#ffffff;--text:#1f2328;--soft:#57606a;--lane:#c3c9d0;--you:#eaf2ff;--edge:#0a58ca;
--good:#1a7f37;--unwell:#8a5a00;--missing:#b3261e;--extra:#6f32be}
@media(prefers-color-scheme:dark){svg{--bg:#161b22;--text:#e6edf3;--soft:#a9b3be;--lane:#4a525c;--you:#1c2f4d;
--edge:#7cb0ff;--good:#56cc73;--unwell:#e5b04a;--missing:#ff8f85;--extra:#c9a0ff}}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text)}
.halo{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.name{font-weight:600;font-size:13px}.soft{font-size:11px;fill:var(--soft)}
.good{--c:var(--good)}.unwell{--c:var(--unwell)}.missing{--c:var(--missing)}.extra{--c:var(--extra)}
.line{stroke:var(--c);stroke-width:1.8;fill:none}.fill{fill:var(--c);stroke:none}.back{stroke:var(--c);stroke-width:1.1;
fill:none;stroke-dasharray:1.5 2.5}.fault{stroke:var(--text);stroke-width:1.6;fill:none}.wall{stroke-width:4}
.clock{fill:var(--bg);stroke:var(--text);stroke-width:1.4}.legend{--c:var(--soft)}.sign{stroke:var(--bg);stroke-width:2;fill:none;stroke-linecap:round}
"""


@dataclass(frozen=True)
class Picture:
    """An SVG document, and how large it is, in pixels."""

    svg: str
    width: int
    height: int


@dataclass(frozen=True)
class _Sheet:
    """The horizontal layout: where things are from left to right."""

    lanes: int

    @property
    def width(self) -> int:
        return _GUTTER + self.spacing * max(1, self.lanes) + _EDGE

    @property
    def spacing(self) -> int:
        return max(_LANE, (_NARROWEST - _GUTTER - _EDGE) // max(1, self.lanes))

    def x(self, lane: int) -> int:
        """Return where a lane's line is."""
        return _GUTTER + self.spacing * lane + self.spacing // 2

    def room(self, column: float) -> int:
        """Return how many columns of text there is room for."""
        return int((self.width - _GUTTER - _EDGE) / column)


def draw(shown: Diagram) -> Picture:
    """Return the picture as an SVG document, ASCII only, with its title and its description in words."""
    sheet = _Sheet(len(shown.lanes))
    body: list[str] = []
    y = _EDGE + (_HEAD if shown.lanes else 0) + _GAP
    for row in shown.rows:
        y = _row(sheet, row, y, body.append) + _GAP
    if not shown.rows or shown.left_out:
        said = f"… and {shown.left_out} more rows" if shown.left_out else "No message was seen."
        body.append(_text(said, _GUTTER, y + 10, "soft halo"))
        y += _LINE + _GAP
    feet = _heads(sheet, shown.lanes, y) if y > _TALL else ""
    height = y + (_HEAD + _EDGE if feet else 0)
    below = feet + _legend(shown.faults, height + _EDGE)
    height += _LEGEND * len(shown.faults) + (_EDGE if shown.faults else 0)
    return Picture(_document(shown, sheet, "".join(body), below, y, height), sheet.width, height)


def _legend(signs: Iterable[FaultSign], y: int) -> str:
    """Return what the signs of faults mean, each beside an arrow that has it."""
    lines = (_sample(sign, y + _LEGEND * number) for number, sign in enumerate(signs))
    return f'<g class="legend">{"".join(lines)}</g>'


def _sample(sign: FaultSign, y: int) -> str:
    has_reply = sign is FaultSign.NO_REPLY
    arrow = shapes.arrow(Kind.GOOD, _GUTTER, _GUTTER + _SAMPLE, y + 4, answered=has_reply, faults=(sign,))
    return arrow + _text(f"by the network: {sign.value}", _GUTTER + _SAMPLE + 10, y + 8, "soft")


def _document(shown: Diagram, sheet: _Sheet, body: str, below: str, end: int, height: int) -> str:
    lines = "".join(
        f'<path d="M{sheet.x(lane)} {_EDGE}V{end}" stroke="var(--lane)"/>' for lane in range(len(shown.lanes))
    )
    described = escape("\n".join([summary(shown), *sentences(shown)]))
    frame = f'<rect x=".5" y=".5" width="{sheet.width - 1}" height="{height - 1}" rx="8"'
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}" height="{height}" '
        f'viewBox="0 0 {sheet.width} {height}" role="img" aria-labelledby="title description">'
        f'<title id="title">{escape(title(shown))}</title><desc id="description">{described}</desc>'
        f'<style>{_STYLE}</style>{frame} fill="var(--bg)" stroke="var(--lane)"/>'
        f"{lines}{_heads(sheet, shown.lanes, _EDGE)}{body}{below}</svg>"
    )
    return document.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _heads(sheet: _Sheet, lanes: tuple[Lane, ...], y: int) -> str:
    return "".join(_head(sheet, number, lane, y) for number, lane in enumerate(lanes))


def _head(sheet: _Sheet, number: int, lane: Lane, y: int) -> str:
    """Return a party's name in a box; the student's has a thicker border and says so."""
    x, width = sheet.x(number), min(sheet.spacing - 10, 150)
    name = cut(lane.name, (width - 10) // 8)
    look = 'fill="var(--you)" stroke="var(--edge)" stroke-width="2.5"' if lane.student else _PLAIN_BOX
    box = f'<rect x="{x - width // 2}" y="{y}" width="{width}" height="{_HEAD - 2}" rx="5" {look}/>'
    if not lane.student:
        return box + _text(name, x, y + 24, "name", middle=True)
    return box + _text(name, x, y + 17, "name", middle=True) + _text("your code", x, y + 31, "soft", middle=True)


_PLAIN_BOX = 'fill="var(--bg)" stroke="var(--soft)" stroke-width="1"'


def _row(sheet: _Sheet, row: Row, y: int, put: Callable[[str], None]) -> int:
    """Draw a row from ``y`` downward: what was sent, the arrows, what came of it. Return where it ends."""
    label = _broken([row.heading], sheet.room(_LABEL_COLUMN))
    result = _broken(_joined(row.results, sheet.room(_RESULT_COLUMN)), sheet.room(_RESULT_COLUMN))
    x = _where(sheet, row, max(_widest(label) * _LABEL_COLUMN, _widest(result) * _RESULT_COLUMN))
    room = sheet.width - _EDGE - x
    put(f'<g class="{row.kind.name.lower()}">{shapes.sign(row.kind, 15, y + 7)}')
    y = _lines(label, "halo", x, y, room, put)
    for receiver in row.receivers:
        if receiver == row.sender:
            put(shapes.loop(row.kind, sheet.x(row.sender), y + 3))
            y += _LOOP - _ARROW
        else:
            ends = sheet.x(row.sender), sheet.x(receiver)
            put(shapes.arrow(row.kind, *ends, y + 4, answered=bool(row.reply), faults=row.faults))
        y += _ARROW
    y = _lines(result, "soft halo", x, y, room, put)
    put("</g>")
    return y


def _where(sheet: _Sheet, row: Row, width: float) -> int:
    """Return where a row's text begins: at its arrows, or as far to the right as it fits."""
    arrows = sheet.x(min(row.sender, *row.receivers)) + 6
    return max(_GUTTER, min(arrows, sheet.width - _EDGE - int(width)))


def _joined(texts: tuple[str, ...], room: int) -> tuple[str, ...]:
    """Put short texts on one line."""
    line = " · ".join(texts)
    return (line,) if columns(line) <= room else texts


def _broken(texts: Iterable[str], room: int) -> list[str]:
    """Return the texts in lines that fit, at most three each."""
    return [line for text in texts for line in _few(wrap(text, room), room)]


def _few(lines: list[str], room: int) -> list[str]:
    last = _MOST_LINES - 1
    return lines if len(lines) <= _MOST_LINES else [*lines[:last], f"{cut(lines[last], room - 2)} …"]


def _widest(lines: list[str]) -> int:
    return max(map(columns, lines), default=0)


def _lines(lines: list[str], look: str, x: int, y: int, room: int, put: Callable[[str], None]) -> int:
    """Write lines of text from ``y`` downward, in so many pixels from ``x`` on. Return where they end."""
    for number, line in enumerate(lines):
        put(_text(line, x, y + 11 + _LINE * number, look, room=room))
    return y + _LINE * len(lines)


def _text(text: str, x: int, y: int, look: str, *, middle: bool = False, room: int = 0) -> str:
    more = ' text-anchor="middle"' if middle else ""
    if room and sum(map(_most, text)) > room:
        more = f' textLength="{room}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x}" y="{y}" class="{look}"{more}>{escape(text)}</text>'


def _most(character: str) -> float:
    """Return the most pixels that a character takes; capitals and wide characters exceed the average."""
    if columns(character) == 2:
        return 13
    return 8.5 if character.isupper() or character in "mwMW@%_=<>+" else 5.8
