"""Sets the code of two submissions side by side, statement by statement, whatever its names and layout are."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

from autograder.similarity.shapes import HandedOut, numbered, statements

_SHORT_RUN = 3
"""So many rows that tell nothing, one after the other, are left out; fewer are shown as they are."""
_MOST_LINES = 300
_Token = tuple[int, int] | str


class Kind(StrEnum):
    """The meaning of a row."""

    ALIKE = "alike"
    OWN = "own"
    KNOWN = "known"
    """Handed out, or what most of the class have."""
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Code:
    """A cell of somebody's."""

    source: str
    tree: ast.Module


@dataclass(frozen=True)
class Row:
    """A line of each of two codes, of which one can be missing; or the number of rows that are left out.

    Attributes:
        left_out: 0, but where `kind` says so.
    """

    kind: Kind
    left: str = ""
    right: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class Known:
    """The parts of a code that tell nothing about who wrote it.

    Attributes:
        usual: what most of the class have, as `Comparison.usual`.
        lines: the lines of all that was handed out, without the blanks at their ends.
    """

    handed_out: HandedOut
    usual: frozenset[int]
    lines: frozenset[str]


def side_by_side(left: Code, right: Code, known: Known) -> tuple[Row, ...]:
    """Return the rows of two cells; nothing when no row tells that they are alike, or one is nested too deeply."""
    try:
        rows = list(_rows(_Lines.of(left), _Lines.of(right), known))
    except RecursionError:  # nested more deeply than anything that a person writes
        return ()
    return tuple(_shortened(rows)) if any(row.kind is Kind.ALIKE for row in rows) else ()


@dataclass(frozen=True)
class _Lines:
    """The lines of a code, each with what it is compared by: its statement's shape, or its text where it has none."""

    texts: Sequence[str]
    tokens: Sequence[_Token]

    @classmethod
    def of(cls, code: Code) -> "_Lines":
        texts = [line.rstrip() for line in code.source.split("\n")[:_MOST_LINES]]
        shapes = statements(code.tree)
        return cls(texts, [shapes.get(number, text.strip()) for number, text in enumerate(texts, 1)])

    def is_known(self, place: int, known: Known) -> bool:
        token = self.tokens[place]
        if isinstance(token, tuple) and (token[0] in known.handed_out.shapes or numbered(token[0]) in known.usual):
            return True
        return self.texts[place].strip() in known.lines


def _rows(left: _Lines, right: _Lines, known: Known) -> Iterator[Row]:
    matcher = SequenceMatcher(None, left.tokens, right.tokens, autojunk=False)
    for what, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        for one, other in zip_longest(range(left_from, left_to), range(right_from, right_to)):
            places = [(lines, at) for lines, at in ((left, one), (right, other)) if at is not None]
            texts = tuple("" if at is None else lines.texts[at] for lines, at in ((left, one), (right, other)))
            if all(lines.is_known(at, known) for lines, at in places):
                kind = Kind.KNOWN
            else:
                kind = Kind.ALIKE if what == "equal" and any(texts) else Kind.OWN
            yield Row(kind, texts[0], texts[1])


def _shortened(rows: Sequence[Row]) -> Iterator[Row]:
    """Leave out long runs of rows that tell nothing."""
    for kind, run in groupby(rows, key=lambda row: row.kind):
        listed = list(run)
        if kind is Kind.KNOWN and len(listed) > _SHORT_RUN:
            yield Row(Kind.LEFT_OUT, left_out=len(listed))
        else:
            yield from listed
