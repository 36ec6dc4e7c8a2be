"""Finds pieces of the solutions in a release.

The rule: the statements and the lines of everything in ``solutions/<assignment>/`` are compared with every cell and
file of the release. One counts when it has at least `DISTINCTIVE` characters, since shorter ones such as
``return reply`` may stand in any program, and when the stubs and given cells do not have it as well. Statements are
compared as Python reads them, whatever their layout, and lines without blanks and quotes, so that text in a figure, in
prose or in a comment is found too.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from autograder.release.fault import Fault
from autograder.release.notebook_file import name_of
from autograder.submission.percent import read_parts
from autograder.submission.python_code import Unreadable, parse

DISTINCTIVE: Final = 40
"""Characters."""

_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise, ast.Assert)
_NOISE = re.compile(r"""\\[nrt"']|[\s'"]+""")
"""Blanks and quotes, and what JSON makes of them."""


def solution_text(notebook: dict[str, Any], files: list[Path], solutions: Path, stubs: str) -> Iterator[Fault]:
    """Yield a fault for each cell and file of a release that holds a piece of the solutions; the first piece is told.

    Args:
        solutions: the folder with the solutions.
        stubs: the code that students are meant to get.
    """
    secret = _secret(solutions, stubs)
    texts = [(f"cell {name_of(cell)}", str(cell["source"])) for cell in notebook["cells"]]
    texts += [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in files]
    for where, text in texts:
        squeezed, statements = _squeezed(text), _statements(text)
        for piece, shown in secret.items():
            if piece in squeezed or piece in statements:
                yield Fault(where, "cell.solution_text", {"text": shown[:100]})
                break


def _secret(solutions: Path, stubs: str) -> dict[str, str]:
    """Return what must not be in the release, in squeezed and in readable form."""
    allowed, allowed_text = _statements(stubs), _squeezed(stubs)
    found: dict[str, str] = {}
    for path in sorted(solutions.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for part in [part.source for part in read_parts(text)] or [text]:
            found |= _lines(part) | _statements(part)
    return {piece: shown for piece, shown in found.items() if piece not in allowed and piece not in allowed_text}


def _statements(text: str) -> dict[str, str]:
    """Return the distinctive statements of a code, each in one form; of compound ones the first line."""
    tree = parse(text)
    if isinstance(tree, Unreadable):
        return {}
    return _distinctive(filter(None, map(_statement, ast.walk(tree))))


def _statement(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.For | ast.While | ast.With):
        return ast.unparse(node).split("\n", 1)[0]
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return ast.unparse(node) if isinstance(node, _SIMPLE) and not is_docstring else ""


def _lines(text: str) -> dict[str, str]:
    return _distinctive(
        line.strip() for line in text.splitlines() if not line.lstrip().startswith(("import ", "from "))
    )


def _distinctive(pieces: Iterator[str]) -> dict[str, str]:
    return {_squeezed(piece): piece for piece in pieces if len(piece) >= DISTINCTIVE}


def _squeezed(text: str) -> str:
    return _NOISE.sub("", text)
