"""Text from a submission, made safe to look at: nothing in it can hide, move the cursor or change its direction."""

import unicodedata
from functools import lru_cache

MAX_MARKS = 2
"""The number of combining marks that may sit on one character before the rest is spelled out."""

_HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
_MARKS = {"Mn", "Me", "Mc"}


def visible(text: str, limit: int = 300) -> str:
    r"""Return the text on one line, with everything spelled out that would not be seen as it is.

    Control characters (ANSI escapes, NUL, line ends), bidirectional and zero-width characters, lone surrogates,
    spaces that are not the common one, and piles of combining marks are written as Python writes them, such as
    ``\x1b`` or ``\u202e``.

    Args:
        limit: after so many characters the text is cut; what was cut is said in its place.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text[:limit]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        hidden = category in _HIDDEN or (category == "Zs" and character != " ") or marks > MAX_MARKS
        shown.append(_spelled(character) if hidden else character)
    if len(text) > limit:
        shown.append(f"… ({len(text) - limit} more characters)")
    return "".join(shown)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def columns(text: str) -> int:
    """Return how many columns a terminal needs for a text without control characters; wide characters take two."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Return the text, filled with spaces to ``width`` columns; a longer one stays as it is."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    """Return the text, ending in an ellipsis where it is wider than ``width`` columns."""
    if columns(text) <= width:
        return text
    room = width - 1
    kept: list[str] = []
    for character in text:
        room -= _columns_of(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def wrap(text: str, width: int) -> list[str]:
    """Break the text into lines of at most ``width`` columns, at spaces where possible; at least one line."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if columns(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines.extend(full)
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> list[str]:
    """Return a word that is too wide for a line, in pieces that fit."""
    pieces = [""]
    for character in word:
        if columns(pieces[-1]) + _columns_of(character) > width and pieces[-1]:
            pieces.append("")
        pieces[-1] += character
    return pieces
