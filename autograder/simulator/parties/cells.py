"""Running a student's notebook in the process of a party, cell by cell, as IPython does.

A cell that raises ends there and not the notebook: what stood above the line that raised has happened, and the cells
below are run. Statements are compiled one by one, displays and calls of the course's helpers do nothing, and every cell
has a time limit, since a saved notebook may hold one that the student interrupted.
"""

import ast
import asyncio
import contextlib
import inspect
import json
import linecache
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from autograder.simulator.parties.kernel import Surroundings, harmless, surroundings_of
from autograder.simulator.parties.own_time import OwnTime
from autograder.simulator.parties.process_settings import restored

LONGEST_CELL = 10.0
"""Seconds of `OwnTime` that one cell may take."""
LONGEST_NOTEBOOK = 30.0
"""Seconds that all cells may take together.

One cell may take half of what is left of them, so however many experiments do not end, a definition below them is run.
"""
_LEAST = 0.1
"""Seconds that a cell may take in any case."""

_AGAIN = 0.5
"""Seconds after which is looked again, should less time have gone by, or somebody have caught the exception."""

_MAIN = "__main__"


class CellTimeout(BaseException):
    """A cell took too long. Not an ``Exception``, so that a cell that catches everything else is ended as well.

    Args:
        seconds: how long it was allowed to take.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Raised:
    """An exception that a cell raised.

    Attributes:
        error: the exception's class.
        line: of the module, or 0.
        is_why: whether this may be why the class that is wanted is not there.
    """

    error: str
    message: str
    line: int
    is_why: bool = False


@dataclass(frozen=True)
class Layout:
    """The settings for running the cells of a module.

    Attributes:
        spans: the first and the last line of each cell, from 1.
        stop: how many cells are run in any case; the others only when the class ``wanted`` is not there by then.
        wanted: the class that the party runs.
    """

    spans: tuple[tuple[int, int], ...]
    stop: int
    wanted: str

    @classmethod
    def beside(cls, module: Path) -> "Layout | None":
        """Read the layout of a module that is a notebook; None for a module that is none."""
        path = module.with_suffix(".cells")
        if not path.exists():
            return None
        told = json.loads(path.read_text())
        return cls(tuple((first, last) for first, last in told["spans"]), told["stop"], told["wanted"])

    def write(self, module: Path) -> None:
        """Write the layout beside its module."""
        module.with_suffix(".cells").write_text(json.dumps(asdict(self)))


def run_notebook(name: str, path: Path, layout: Layout) -> list[Raised]:
    """Run the cells of a module and make it importable under its name, and as ``__main__``, which it is in a kernel.

    While the class that is wanted is not there, cells that lacked a name are run once more at the end: in a notebook
    whose cells were moved, the name may have come from a cell below.

    Returns:
        What cells raised, in order.
    """
    text = path.read_text(encoding="utf-8", errors="surrogatepass")
    module = ModuleType(_MAIN, "Automatically created module for IPython interactive environment")
    sys.modules[name] = sys.modules[_MAIN] = module
    sys.dont_write_bytecode = True  # it is told by the second, and a cell may write a module again in less
    linecache.checkcache(str(path))
    notebook = _Notebook(text, path, layout, module.__dict__, surroundings_of(module, text))
    with restored(), harmless(text):
        return notebook.run()


class _Notebook:
    def __init__(
        self, text: str, path: Path, layout: Layout, namespace: dict[str, Any], surroundings: Surroundings
    ) -> None:
        self._lines = text.split("\n")
        self._path = str(path)
        self._layout = layout
        self._flags = 0
        self._raised: dict[int, Raised] = {}
        self._time = OwnTime()
        self._namespace = namespace
        self._surroundings = surroundings
        self._loop = asyncio.new_event_loop()  # as in a kernel, all cells run in one

    def run(self) -> list[Raised]:
        try:
            return self._run()
        finally:
            self._loop.close()
            self._time.stop()

    def _run(self) -> list[Raised]:
        self._run_cells(range(self._layout.stop))
        if not self._is_there():
            self._run_cells(range(self._layout.stop, len(self._layout.spans)))
        while not self._is_there() and (lacking := self._lacked_a_name()):
            self._run_cells(lacking)
            if self._lacked_a_name() == lacking:
                break
        return [self._raised[cell] for cell in sorted(self._raised)]

    def _is_there(self) -> bool:
        return inspect.isclass(self._namespace.get(self._layout.wanted))

    def _is_why(self, cell: int, error: BaseException) -> bool:
        """Return whether a cell mentions the wanted class, and did not only look for it."""
        lacked_it = isinstance(error, NameError) and error.name == self._layout.wanted
        return self._layout.wanted in self._text_of(cell) and not lacked_it

    def _text_of(self, cell: int) -> str:
        first, last = self._layout.spans[cell]
        return "\n".join(self._lines[first - 1 : last])

    def _lacked_a_name(self) -> list[int]:
        return [cell for cell, raised in sorted(self._raised.items()) if raised.error == NameError.__name__]

    def _run_cells(self, cells: Sequence[int]) -> None:
        for cell in cells:
            self._raised.pop(cell, None)
            left = LONGEST_NOTEBOOK - self._time.seconds()
            try:
                with _within(min(LONGEST_CELL, max(_LEAST, left / 2)), self._time):
                    self._run_cell(self._text_of(cell), self._layout.spans[cell][0])
            except BaseException as error:
                why = self._is_why(cell, error)
                kind = TimeoutError if isinstance(error, CellTimeout) else type(error)
                self._raised[cell] = Raised(kind.__name__, _message_of(error), self._line_of(error), why)

    def _run_cell(self, text: str, first_line: int) -> None:
        tree = ast.parse(text)
        if not tree.body:
            return
        shown = None if _is_quiet(text, tree.body[-1]) else tree.body[-1]
        ast.increment_lineno(tree, first_line - 1)
        self._surroundings.begin_cell(text)
        task = self._loop.create_task(self._run_statements(tree.body, shown))
        try:
            self._loop.run_until_complete(task)
        finally:
            task.cancel()  # it is still there when the time was up while it waited
            self._surroundings.end_cell()

    async def _run_statements(self, statements: Sequence[ast.stmt], shown: ast.stmt | None) -> None:
        value = None
        for node in statements:
            flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            if isinstance(node, ast.Expr) and node is shown:
                code = compile(ast.Expression(node.value), self._path, "eval", flags=flags, dont_inherit=True)
            else:
                code = compile(ast.Module([node], []), self._path, "exec", flags=flags, dont_inherit=True)
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._flags |= code.co_flags & _FUTURES
            value = eval(code, self._namespace)
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
        if shown:
            self._surroundings.show(value)  # a kernel displays the last one only

    def _line_of(self, error: BaseException) -> int:
        if isinstance(error, SyntaxError) and error.filename == self._path:
            return error.lineno or 0
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == self._path]
        return (lines[-1] or 0) if lines else 0


def _is_quiet(text: str, last: ast.stmt) -> bool:
    """Return whether a semicolon stands behind the last statement, so that its value is not displayed."""
    assert last.end_lineno is not None and last.end_col_offset is not None
    line = text.split("\n")[last.end_lineno - 1].encode("utf-8", "surrogatepass")
    return line[last.end_col_offset :].lstrip().startswith(b";")


def _message_of(error: BaseException) -> str:
    if isinstance(error, CellTimeout):
        return f"it took more than {error.seconds:.2g} seconds"
    try:
        return str(error)[:500]
    except BaseException:  # an exception of the student's own
        return ""


def _all_futures() -> int:
    import __future__

    return sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


_FUTURES = _all_futures()


@contextlib.contextmanager
def _within(seconds: float, clock: OwnTime) -> Iterator[None]:
    """End what runs in the main thread after so many seconds, by an exception that it does not expect.

    Raises:
        CellTimeout: when the time is up.
    """

    def end_it(_signal: int, _frame: FrameType | None) -> None:
        if clock.seconds() >= end:
            raise CellTimeout(seconds)

    end = clock.seconds() + seconds
    before = signal.signal(signal.SIGALRM, end_it)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
