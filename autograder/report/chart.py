"""A chart of values that change from step to step: as SVG, and as a table of text.

Each line can be told without colour: by its dashes, and by its name at its end.
"""

from collections.abc import Sequence
from html import escape

from autograder.report.model import Chart, Series
from autograder.report.sanitize import cut, pad, visible

WIDTH, _HEIGHT = 600, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 96, 14, 40
_COLOURS = ("#0a58ca", "#b3261e", "#1a7f37", "#8a5a00", "#6f32be", "#0b7285", "#a61e4d", "#5c6470")
_DARK = ("#7cb0ff", "#ff8f85", "#56cc73", "#e5b04a", "#c9a0ff", "#66d9e8", "#faa2c1", "#a9b3be")
_DASHES = ("", "6 3", "2 2", "8 3 2 3", "10 4", "4 4", "1 3", "12 3 3 3")
_MOST_SERIES = len(_COLOURS)
_COLUMNS = 6
"""How many steps a table shows: the first ones, and the last."""
_NAME_HEIGHT = 13

_STYLE = (
    "svg{--bg:#ffffff;--text:#1f2328;--soft:#57606a}"
    + "".join(f".s{n}{{--c:{colour}}}" for n, colour in enumerate(_COLOURS))
    + "@media(prefers-color-scheme:dark){svg{--bg:#161b22;--text:#e6edf3;--soft:#a9b3be}"
    + "".join(f".s{n}{{--c:{colour}}}" for n, colour in enumerate(_DARK))
    + "}text{font:12px system-ui,sans-serif;fill:var(--text)}.soft{fill:var(--soft)}"
    + ".line{stroke:var(--c);fill:none;stroke-width:1.8}.dot{fill:var(--c)}.axis{stroke:var(--soft);stroke-width:1}"
)


def draw(chart: Chart) -> str:
    """Return the chart as an SVG document, ASCII only."""
    shown = [one for one in chart.series if any(value is not None for value in one.values)][:_MOST_SERIES]
    scale = _Scale(chart, shown)
    parts = [
        f'<rect width="{WIDTH}" height="{_HEIGHT}" fill="var(--bg)"/>',
        *_axes(chart, scale),
        *(_line(number, one, scale) for number, one in enumerate(shown)),
        *_names(shown, scale),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_HEIGHT}" width="{WIDTH}"'
    svg = f'{head} height="{_HEIGHT}"><style>{_STYLE}</style>{"".join(parts)}</svg>'
    return svg.encode("ascii", "xmlcharrefreplace").decode("ascii")


def table(chart: Chart) -> list[list[str]]:
    """Return the chart as rows of cells: a head, and one for each line; of many steps, the first ones and the last."""
    steps = max((len(one.values) for one in chart.series), default=0)
    some = range(steps) if steps <= _COLUMNS else [*range(_COLUMNS - 1), steps - 1]
    head = [chart.step, *map(str, some)]
    rows = [[one.name, *(_number(_at(one, step)) for step in some)] for one in chart.series]
    return [head, *rows]


def text(chart: Chart, width: int) -> list[str]:
    """Return the chart as lines of text."""
    cells = table(chart)
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    rows = ["  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True)) for row in cells]
    goal = [f"  {chart.goal_name}: {_number(chart.goal)}"] if chart.goal is not None else []
    return [cut(line, width) for line in (f"  {visible(chart.title)}", *(f"  {row}" for row in rows), *goal)]


def summary(chart: Chart) -> str:
    """Return the chart in a sentence or two."""
    ends = [f"{one.name} ends at {_number(_last(one))}" for one in chart.series[:_MOST_SERIES]]
    goal = f" {chart.goal_name}: {_number(chart.goal)}." if chart.goal is not None else ""
    return f"{chart.title} {'; '.join(ends)}.{goal}"


class _Scale:
    """The place of values and steps on the sheet."""

    def __init__(self, chart: Chart, shown: Sequence[Series]) -> None:
        values = [value for one in shown for value in one.values if value is not None]
        values += [] if chart.goal is None else [chart.goal]
        self.low, self.high = (min(values), max(values)) if values else (0.0, 1.0)
        if self.high - self.low < 1e-9 * max(1.0, abs(self.high)):
            self.low, self.high = self.low - 1, self.high + 1
        self.steps = max(1, max((len(one.values) for one in shown), default=1) - 1)

    def x(self, step: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * step / self.steps

    def y(self, value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (self.high - value) / (self.high - self.low)


def _axes(chart: Chart, scale: _Scale) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, WIDTH - _RIGHT
    parts = [
        f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none"/>',
        f'<text class="soft" x="{(_LEFT + right) / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f"{escape(visible(chart.step, 40))}</text>",
    ]
    for step in range(0, scale.steps + 1, max(1, scale.steps // 8)):
        parts.append(f'<text class="soft" x="{scale.x(step):.1f}" y="{bottom + 16}" text-anchor="middle">{step}</text>')
    for value in (scale.low, (scale.low + scale.high) / 2, scale.high):
        y = scale.y(value)
        parts.append(f'<text class="soft" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(value, 4)}</text>')
    if chart.goal is not None:
        y = scale.y(chart.goal)
        parts.append(f'<path class="axis" d="M{_LEFT} {y:.1f}H{right}" stroke-dasharray="1 3"/>')
        label = escape(visible(chart.goal_name, 40))
        parts.append(f'<text class="soft" x="{right - 4}" y="{y - 5:.1f}" text-anchor="end">{label}</text>')
    return parts


def _line(number: int, one: Series, scale: _Scale) -> str:
    points = [(scale.x(step), scale.y(value)) for step, value in enumerate(one.values) if value is not None]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{_DASHES[number]}"' if _DASHES[number] else ""
    dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in points)
    return f'<g class="s{number}"><polyline class="line" points="{way}"{dashes}/>{dots}</g>'


def _names(shown: Sequence[Series], scale: _Scale) -> list[str]:
    """Return the names of the lines at their ends, in an order and at a distance in which they can be read."""
    ends = sorted((round(scale.y(_last(one) or 0.0)), number) for number, one in enumerate(shown))
    parts, free = [], float(_TOP)
    lowest = _HEIGHT - _BOTTOM - _NAME_HEIGHT * (len(ends) - 1)
    for place, (y, number) in enumerate(ends):
        at = min(max(y, free), lowest + _NAME_HEIGHT * place)
        free = at + _NAME_HEIGHT
        parts.append(
            f'<g class="s{number}"><circle class="dot" cx="{WIDTH - _RIGHT + 12}" cy="{at:.1f}" r="3"/></g>'
            f'<text x="{WIDTH - _RIGHT + 20}" y="{at + 4:.1f}">{escape(visible(shown[number].name, 12))}</text>'
        )
    return parts


def _at(one: Series, step: int) -> float | None:
    return one.values[step] if step < len(one.values) else None


def _last(one: Series) -> float | None:
    return next((value for value in reversed(one.values) if value is not None), None)


def _number(value: float | None, digits: int = 6) -> str:
    return "-" if value is None else f"{value:.{digits}g}"
