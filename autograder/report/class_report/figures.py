"""Figures of the class page, as inline SVG. They hold numbers only, and take their colours from the page."""

from collections.abc import Sequence

from autograder.report import words
from autograder.report.class_report.model import Bar

_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 24, 44


def histogram(bars: Sequence[Bar]) -> str:
    """Return the histogram: a bar for each step, with its count above and its points below."""
    if not bars:
        return ""
    most = max(1, *(bar.students for bar in bars))
    room = (_WIDTH - _LEFT - _RIGHT) / len(bars)
    drawn = "".join(_bar(bar, _LEFT + room * number, room, most) for number, bar in enumerate(bars))
    floor = _HEIGHT - _BOTTOM
    return (
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="histogram-said">'
        f'<title id="histogram-said">{said(bars)}</title>{drawn}'
        f'<line class="axis" x1="{_LEFT}" y1="{floor}" x2="{_WIDTH - _RIGHT}" y2="{floor}"/>'
        f'<text class="axis-name" x="{_WIDTH / 2:g}" y="{_HEIGHT - 6}">points</text></svg>'
    )


def said(bars: Sequence[Bar]) -> str:
    """Return the histogram in words."""
    counts = "; ".join(f"{span(bar)}: {bar.students}" for bar in bars if bar.students)
    return f"Students by points. {counts}."


def span(bar: Bar) -> str:
    """Return the points of a bar, such as ``3 to below 4``."""
    if bar.low == bar.high:
        return f"all {words.number(bar.low)}"
    return f"{words.number(bar.low)} to below {words.number(bar.high)}"


def _bar(bar: Bar, left: float, room: float, most: int) -> str:
    floor = _HEIGHT - _BOTTOM
    height = (floor - _TOP) * bar.students / most
    middle = left + room / 2
    count = f'<text class="count" x="{middle:.1f}" y="{floor - height - 5:.1f}">{bar.students}</text>'
    return (
        f'<rect class="bar" x="{left + room * 0.1:.1f}" y="{floor - height:.1f}" '
        f'width="{room * 0.8:.1f}" height="{height:.1f}"/>{count if bar.students else ""}'
        f'<text class="points" x="{middle:.1f}" y="{floor + 16}">{words.number(bar.low)}</text>'
    )
