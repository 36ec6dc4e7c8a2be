"""Lists that people open in a spreadsheet: nothing in them is run, and a number stays a number.

A list is a file in UTF-8 with a byte order mark (Python's ``utf-8-sig``). Without it Excel takes letters beyond ASCII
for other ones.
"""

import re
from dataclasses import dataclass

from autograder.report.sanitize import visible

ENCODING = "utf-8-sig"
"""The encoding of a list."""

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""The characters with which a cell starts that a spreadsheet takes for a formula."""
_WITHOUT_EFFECT = re.compile(r"[\w .@=+-]*")
"""A formula of nothing but these calls nothing and fetches nothing, whatever it is computed to be."""


@dataclass(frozen=True)
class Dialect:
    """The signs with which the spreadsheets of a language separate cells, and write decimals.

    Where a comma is the decimal sign, Excel expects semicolons between cells, and takes 2.5 for the second of May.
    """

    decimal: str = "."

    @property
    def delimiter(self) -> str:
        """Return what stands between cells."""
        return ";" if self.decimal == "," else ","

    def number(self, value: object) -> object:
        """Return a cell with its decimal sign, if it is a number with one; any other cell as it is."""
        return str(value).replace(".", self.decimal) if isinstance(value, float) else value


ENGLISH = Dialect()


def safe_cell(text: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula."""
    guard = "'" if _FORMULA.match(text.lstrip(" ")) else ""
    return guard + visible(text, limit=2000)


def key_cell(text: str) -> str:
    """Return a text by which another program knows somebody: unharmed, unless a spreadsheet could be made to act by it.

    With an apostrophe before it, an id such as ``-ada`` would be nobody's any more.
    """
    return text if _WITHOUT_EFFECT.fullmatch(text) else safe_cell(text)
