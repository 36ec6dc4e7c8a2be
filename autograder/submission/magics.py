"""What IPython understands in a cell and Python does not: magics, shell commands and requests for help."""

import re

_RUNS_THE_CELL = re.compile(r"%%(?:time|capture|prun)\b")
"""Cell magics that run the rest of the cell as it is, so what it defines is defined."""

_LINE = re.compile(
    r"""\s*(?:
        [%!?]                                       # %magic, !command, ?name
        | [A-Za-z_][\w.,\ ]*=\s*[%!]                # files = !ls
        | %{0,2}[A-Za-z_][\w.*\[\]]*\?{1,2}\s*$     # name?
    )""",
    re.VERBOSE,
)
_TOKEN = re.compile(
    r"""
        \#.*                                        # a comment
        | (?P<quotes>'''|\"{3})                    # the beginning of a text over several lines
        | '(?:[^'\\]|\\.)*(?:'|\\?$)               # a text in this line, which may lack its end
        | "(?:[^"\\]|\\.)*(?:"|\\?$)
        | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE,
)
_CLOSING = {quotes: re.compile(rf"(?:[^\\]|\\.)*?{quotes}") for quotes in ("'''", '"""')}


def without_magics(source: str) -> str:
    """A cell's source with everything that only IPython understands taken out, line for line.

    Only lines that begin a statement can be IPython's: in brackets or in a text, ``% name`` and ``Why?`` are Python.
    A ``pass`` takes the place of each, so that a block is not left without a statement.
    """
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if not _RUNS_THE_CELL.match(lines[first]):
            return ""
        lines[first] = ""
    reader = _Reader()
    return "\n".join(reader.read(line) for line in lines)


class _Reader:
    """Follows brackets, texts and continued lines, to know where a statement begins."""

    def __init__(self) -> None:
        self._quotes = ""
        self._depth = 0
        self._continued = False
        self._in_magic = False

    def read(self, line: str) -> str:
        """The next line as Python."""
        if self._in_magic:
            self._in_magic = line.endswith("\\")
            return ""
        if not (self._quotes or self._depth or self._continued) and _LINE.match(line):
            self._in_magic = line.endswith("\\")
            return line[: len(line) - len(line.lstrip())] + "pass"
        self._follow(line)
        return line

    def _follow(self, line: str) -> None:
        position = 0
        self._continued = False
        while True:
            if self._quotes:
                closing = _CLOSING[self._quotes].match(line, position)
                if not closing:
                    return
                self._quotes, position = "", closing.end()
            token = _TOKEN.search(line, position)
            if not token:
                self._continued = line.endswith("\\")
                return
            if token.group().startswith("#"):
                return
            self._quotes = token["quotes"] or ""
            if token["bracket"]:
                self._depth = max(0, self._depth + (1 if token["bracket"] in "([{" else -1))
            position = token.end()
