"""The drawn parts of a picture: arrows, their ends, and the signs in the margin. The classes are those of ``svg``."""

from collections.abc import Collection

from autograder.report.diagram.rows import Kind
from autograder.report.fault_signs import FaultSign

_CROSS = "M-3 -3L3 3M-3 3L3 -3"
_SIGNS = {
    Kind.GOOD: "M-4 0L-1 3.2L4 -3",
    Kind.UNWELL: "M0 -4V1M0 3.8V4",
    Kind.MISSING: _CROSS,
    Kind.EXTRA: _CROSS,
}
_LIFELINE = 3
"""Pixels that are kept free before a lane."""
_FAULT = 36
"""Pixels from an end of an arrow to the sign of a fault on it."""


def sign(kind: Kind, x: int, y: int) -> str:
    """Return the sign of a row: a tick, an exclamation mark, or a cross, each on a shape of its own."""
    ground = {
        Kind.GOOD: '<circle r="8" class="fill"/>',
        Kind.UNWELL: '<path d="M0 -10L10 8H-10Z" class="fill"/>',
        Kind.MISSING: '<rect x="-8" y="-8" width="16" height="16" rx="2" class="fill"/>',
        Kind.EXTRA: '<path d="M0 -10L10 0L0 10L-10 0Z" class="fill"/>',
    }[kind]
    return f'<g transform="translate({x} {y})">{ground}<path d="{_SIGNS[kind]}" class="sign"/></g>'


def arrow(
    kind: Kind, start: int, end: int, y: int, *, answered: bool, faults: Collection[FaultSign] = frozenset()
) -> str:
    """Return an arrow between two lanes, with the thin one of the reply below it when there was a reply.

    A message that is as it should be has a solid line and a full head. One that is not all right ends at a bar, one
    that never came is dashed and ends in a cross, and one that nobody asked for has a double line and an open head.
    What the network did is drawn upon it, in the colour of text.
    """
    way = 1 if end > start else -1
    tip = end - way * _LIFELINE
    drawn = f'<circle cx="{start}" cy="{y}" r="2.5" class="fill"/>{_way(kind, start, tip, y, way, faults)}'
    if FaultSign.LATE in faults:
        drawn += _clock(start + way * _FAULT, y)
    return drawn + _reply(start + way * _LIFELINE, tip, y + 7, way, faults) if answered else drawn


def _way(kind: Kind, start: int, tip: int, y: int, way: int, faults: Collection[FaultSign]) -> str:
    """Return the line of a message, up to where it came."""
    if FaultSign.LOST in faults:
        stop = tip - way * _FAULT
        return f'<path d="M{start} {y}H{stop}" class="line"/>{_cross(stop, y)}'
    if FaultSign.REFUSED in faults:
        wall = f'<path d="M{tip - way * 2} {y - 7}V{y + 7}" class="fault wall"/>'
        return f'<path d="M{start} {y}H{tip - way * 4}" class="line"/>{wall}'
    again = _head(tip - way * 12, y, way) if FaultSign.TWICE in faults else ""
    return _END[kind](start, tip, y, way) + again


def _reply(back: int, tip: int, y: int, way: int, faults: Collection[FaultSign]) -> str:
    if FaultSign.NO_REPLY in faults:
        stop = tip - way * _FAULT
        return f'<path d="M{tip} {y}H{stop}" class="back"/>{_cross(stop, y)}'
    head = f"M{back + way * 5} {y - 3}L{back} {y}L{back + way * 5} {y + 3}"
    return f'<path d="M{tip} {y}H{back}" class="back"/><path d="{head}" class="back" stroke-dasharray="0"/>'


def _cross(x: int, y: int) -> str:
    return f'<path d="{_CROSS}" transform="translate({x} {y}) scale(1.6)" class="fault"/>'


def _clock(x: int, y: int) -> str:
    return f'<circle cx="{x}" cy="{y}" r="6" class="clock"/><path d="M{x} {y - 4}V{y}H{x + 3}" class="fault"/>'


def _good(start: int, tip: int, y: int, way: int) -> str:
    return f'<path d="M{start} {y}H{tip - way * 6}" class="line"/>{_head(tip, y, way)}'


def _unwell(start: int, tip: int, y: int, way: int) -> str:
    bar = f'<path d="M{tip - way} {y - 6}V{y + 6}" class="line" stroke-width="3"/>'
    return f'<path d="M{start} {y}H{tip - way * 9}" class="line"/>{_head(tip - way * 3, y, way)}{bar}'


def _missing(start: int, tip: int, y: int, way: int) -> str:
    cross = f'<path d="{_CROSS}" transform="translate({tip - way * 16} {y}) scale(1.5)" class="line"/>'
    return f'<path d="M{start} {y}H{tip - way * 24}" class="line" stroke-dasharray="6 4"/>{cross}'


def _extra(start: int, tip: int, y: int, way: int) -> str:
    lines = f"M{start} {y - 2}H{tip - way * 3}M{start} {y + 2}H{tip - way * 3}"
    head = f"M{tip - way * 9} {y - 6}L{tip} {y}L{tip - way * 9} {y + 6}"
    return f'<path d="{lines}" class="line" stroke-width="1.3"/><path d="{head}" class="line"/>'


_END = {Kind.GOOD: _good, Kind.UNWELL: _unwell, Kind.MISSING: _missing, Kind.EXTRA: _extra}


def _head(tip: int, y: int, way: int) -> str:
    return f'<path d="M{tip} {y}L{tip - way * 9} {y - 5}V{y + 5}Z" class="fill"/>'


def loop(kind: Kind, x: int, y: int) -> str:
    """Return the shape of a message of a party to itself."""
    dashes = ' stroke-dasharray="6 4"' if kind is Kind.MISSING else ""
    again = f"M{x + 2} {y - 4}H{x + 34}V{y + 14}H{x + 2}" if kind is Kind.EXTRA else ""
    line = f'<path d="M{x} {y}H{x + 30}V{y + 10}H{x + 8}{again}" class="line"{dashes}/>'
    return line + f'<path d="M{x + 2} {y + 10}L{x + 10} {y + 5}V{y + 15}Z" class="fill"/>'
