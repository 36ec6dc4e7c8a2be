"""Runs cells as a kernel does, and as a party of a run does, and tells what is there afterwards.

Each way has a process of its own, forked from one that has imported what both need. As a module of its own, this reads
notebooks from its standard input and writes what was found: ``both_ways`` starts that.
"""

import asyncio
import contextlib
import functools
import inspect
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.simulator import cells, kernel
from autograder.simulator.cells import Layout, run_notebook
from autograder.submission.model import Cell
from autograder.submission.program import Program
from tests.course_folder import PATIENCE

_ENDS_SOON = 2.0
"""Seconds after which a cell is interrupted, either way, of a notebook that holds one that never ends."""

_GIVEN = frozenset(("In", "Out", "exit", "quit", "open", "get_ipython", "display"))
"""Names that IPython puts into every notebook."""
_SIMPLE = (str, bytes, int, float, complex, bool, type(None))
_SUPPLIED_BY_PYTHON = frozenset(("__dict__", "__weakref__", "__doc__"))
_WANTED = "_Wanted"
"""A class that is there at the end. While one is not, cells are run again that lacked a name."""
_DEEPEST = 5
_SHOWN = ("CapturedIO", "SimpleNamespace")
"""What ``%%capture`` keeps, in a kernel and in a run."""


@dataclass(frozen=True)
class Found:
    """What is there when all cells were run.

    Attributes:
        names: the notebook's variables, described.
        last: what ``_`` stands for.
        errors: the classes of the exceptions that cells let out, in order.
    """

    names: dict[str, Any]
    last: Any
    errors: list[str]


def both_ways(notebooks: Sequence[Sequence[str]], endless: Collection[int] = ()) -> list[tuple[Found, Found]]:
    """Return what a kernel and a party find, for each of some notebooks.

    Args:
        endless: the places of those that hold a cell that never ends. The cells of all others have as much time as they
            need, however busy the machine is.
    """
    asked = [[sources, _ENDS_SOON if place in endless else PATIENCE] for place, sources in enumerate(notebooks)]
    told = subprocess.run(
        [sys.executable, "-m", __name__], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return [(Found(**in_kernel), Found(**in_party)) for in_kernel, in_party in json.loads(told.stdout)]


def as_in_a_kernel(sources: Sequence[str], longest_cell: float) -> dict[str, Any]:
    """Run cells by IPython, in the way in which ipykernel calls it."""
    shell = _shell()
    sys.modules["autograder.notebook"] = vars(sys.modules["autograder"])["notebook"] = kernel._Helpers(
        "autograder.notebook"
    )
    errors: list[str] = []

    async def run(source: str) -> BaseException | None:
        transformed = shell.transform_cell(source)
        if shell.should_run_async(source, transformed_cell=transformed):
            result = await shell.run_cell_async(source, store_history=True, transformed_cell=transformed)
        else:
            result = shell.run_cell(source, store_history=True)
        return result.error_before_exec or result.error_in_exec

    loop = asyncio.new_event_loop()
    for source in sources:
        task = loop.create_task(run(source))
        try:
            with _interrupted(longest_cell):
                error = loop.run_until_complete(task)
        except KeyboardInterrupt as interrupt:
            task.cancel()
            error = interrupt
        if error is not None and not isinstance(error, SyntaxError):
            errors.append(type(error).__name__)
    return _found(shell.user_ns, errors)


@functools.cache
def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # it would start a thread, and this process forks
    shell = InteractiveShell.instance(config=config)
    shell.getoutput = lambda *_, **__: SList()  # no program is started in a run, which is a difference with a name
    shell.ask_exit = lambda: None  # in a kernel the rest of the cell runs
    shell.run_cell("1 / 0")  # what shows tracebacks is imported when the first one is to be shown
    shell.reset()
    shell.user_ns.update(dict.fromkeys(("_", "__", "___"), ""))  # as in a shell that is new
    return shell


def as_in_a_run(sources: Sequence[str], longest_cell: float) -> dict[str, Any]:
    """Run cells as a party does."""
    program = Program.of([Cell(None, source) for source in (*sources, f"class {_WANTED}: pass")])
    path = Path("submission.py").absolute()
    path.write_text(program.source, encoding="utf-8")
    cells.LONGEST_CELL, cells.LONGEST_NOTEBOOK = longest_cell, PATIENCE
    raised = run_notebook("submission", path, Layout(program.spans, program.stop, _WANTED))
    path.unlink()
    errors = [one.error for one in raised if one.error not in ("SyntaxError", "IndentationError")]
    return _found(vars(sys.modules["submission"]), errors)


@contextlib.contextmanager
def _interrupted(seconds: float) -> Iterator[None]:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _found(namespace: dict[str, Any], errors: list[str]) -> dict[str, Any]:
    names = {name: _described(value) for name, value in namespace.items() if name[:1] != "_" and name not in _GIVEN}
    last = _described(namespace.get("_", ""))
    return {"names": names, "last": last, "errors": ["interrupted" if e in _INTERRUPTS else e for e in errors]}


_INTERRUPTS = ("KeyboardInterrupt", TimeoutError.__name__)
"""What a kernel raises in a cell that is stopped, and what a run says of one that took too long."""


def _described(value: Any, depth: int = 0) -> Any:
    """Describe a value so that equal ones of two processes have equal descriptions."""
    kind = type(value).__name__
    if isinstance(value, _SIMPLE):
        return f"{kind} {value!r}"
    if depth > _DEEPEST:
        return kind
    if isinstance(value, dict):
        return [kind, [[_described(k, depth + 1), _described(v, depth + 1)] for k, v in value.items()]]
    if isinstance(value, list | tuple):
        return [kind, [_described(one, depth + 1) for one in value]]
    if isinstance(value, set | frozenset):
        return [kind, sorted(json.dumps(_described(one, depth + 1)) for one in value)]
    if isinstance(value, ModuleType):
        return f"module {value.__name__}"
    if inspect.isclass(value):
        return _class(value, depth)
    if isinstance(value, FunctionType):
        closure = [_described(cell.cell_contents, depth + 1) for cell in value.__closure__ or ()]
        return ["function", value.__qualname__, value.__module__, str(inspect.signature(value)), value.__doc__, closure]
    if type(value).__name__ in _SHOWN:
        return "what was shown"
    if type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
        return ["instance", kind, _described(vars(value), depth + 1)]
    return f"some {type(value).__module__}.{kind}"


def _class(value: type, depth: int) -> Any:
    if value.__module__ != "__main__":
        return f"class {value.__module__}.{value.__qualname__}"
    attributes = {
        name: _described(getattr(one, "__func__", one), depth + 1)
        for name, one in vars(value).items()
        if name not in _SUPPLIED_BY_PYTHON
    }
    return ["class", value.__qualname__, [base.__qualname__ for base in value.__mro__], sorted(attributes.items())]


def _in_a_process(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run cells in a process and a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "..answer")
        pid = os.fork()
        if not pid:
            try:
                os.chdir(folder)
                sys.path.insert(0, "")
                answer.write_text(json.dumps(run()))
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        if not answer.exists():
            return {"names": {"no answer of": str(run)}, "last": None, "errors": []}
        found: dict[str, Any] = json.loads(answer.read_text())
        return found


def _main() -> None:
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    _shell()  # once, for all that are forked
    found = [
        [_in_a_process(functools.partial(way, *asked)) for way in (as_in_a_kernel, as_in_a_run)]
        for asked in json.load(sys.stdin)
    ]
    with os.fdopen(out, "w") as told:
        json.dump(found, told)


if __name__ == "__main__":
    _main()
