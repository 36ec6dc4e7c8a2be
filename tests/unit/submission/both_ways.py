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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from autograder.simulator.parties import cells, kernel
from autograder.simulator.parties.cells import Layout, run_notebook
from autograder.simulator.parties.own_time import OwnTime
from autograder.submission.model import Cell
from autograder.submission.program import Program

LONGEST_CELL = 2.0
"""Seconds after which a cell is interrupted, either way."""

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


def both_ways(notebooks: Sequence[Sequence[str]]) -> list[tuple[Found, Found]]:
    """Return what a kernel and a party find, for each of some notebooks."""
    answers = ask(__name__, notebooks)
    return [(Found(**in_kernel), Found(**in_party)) for in_kernel, in_party in answers]


def as_in_a_kernel(sources: Sequence[str]) -> dict[str, Any]:
    """Run cells by IPython, in the way in which ipykernel calls it."""
    put_in_place(kernel._Helpers("autograder.notebook"))
    return found(the_shell().user_ns, run_by_ipython(sources))


def put_in_place(helpers: ModuleType) -> None:
    """Let cells import something in the place of the course's helpers."""
    sys.modules["autograder.notebook"] = vars(sys.modules["autograder"])["notebook"] = helpers


def run_by_ipython(sources: Sequence[str]) -> list[str]:
    """Run cells, and return the classes of the exceptions that they let out. Each cell has an id, as in JupyterLab."""
    shell = the_shell()
    errors: list[str] = []

    async def run(source: str, cell_id: str) -> BaseException | None:
        transformed = shell.transform_cell(source)
        told = {"store_history": True, "cell_id": cell_id}
        if shell.should_run_async(source, transformed_cell=transformed):
            result = await shell.run_cell_async(source, transformed_cell=transformed, **told)
        else:
            result = shell.run_cell(source, **told)
        return result.error_before_exec or result.error_in_exec

    loop = asyncio.new_event_loop()
    for number, source in enumerate(sources):
        task = loop.create_task(run(source, f"cell {number}"))
        try:
            with _interrupted():
                error = loop.run_until_complete(task)
        except KeyboardInterrupt as interrupt:
            task.cancel()
            error = interrupt
        if error is not None and not isinstance(error, SyntaxError):
            errors.append(type(error).__name__)
    return errors


@functools.cache
def the_shell() -> Any:
    """Return the shell of this process, as it is in a kernel that has run nothing yet."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # it would start a thread, and this process forks
    shell: Any = InteractiveShell.instance(config=config)  # whose methods are replaced
    # No program is started in a run, which is a difference with a name; and how long one takes is the machine's affair.
    shell.getoutput = lambda *_, **__: SList()
    shell.system = lambda *_, **__: None
    shell.ask_exit = lambda: None  # in a kernel the rest of the cell runs
    shell.run_cell("1 / 0")  # what shows tracebacks is imported when the first one is to be shown
    shell.reset()
    shell.user_ns.update(dict.fromkeys(("_", "__", "___"), ""))  # as in a shell that is new
    return shell


def as_in_a_run(sources: Sequence[str]) -> dict[str, Any]:
    """Run cells as a party does."""
    program = Program.of([Cell(None, source) for source in (*sources, f"class {_WANTED}: pass")])
    return run_by_party(program, _WANTED)


def run_by_party(program: Program, wanted: str) -> dict[str, Any]:
    """Run a program as a party does that is to be a class of it, and return what is there."""
    type(the_shell()).clear_instance()  # a party is no kernel
    path = Path("submission.py").absolute()
    path.write_text(program.source, encoding="utf-8")
    cells.LONGEST_CELL = LONGEST_CELL
    raised = run_notebook("submission", path, Layout(program.spans, program.stop, wanted))
    path.unlink()
    errors = [one.error for one in raised if one.error not in ("SyntaxError", "IndentationError")]
    return found(vars(sys.modules["submission"]), errors)


@contextlib.contextmanager
def _interrupted() -> Iterator[None]:
    clock = OwnTime()

    def interrupt(*_: object) -> None:
        if clock.seconds() >= LONGEST_CELL:
            raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_CELL, LONGEST_CELL / 10)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        clock.stop()


def found(namespace: dict[str, Any], errors: list[str]) -> dict[str, Any]:
    """Describe what is in a notebook. The answer can be written as JSON."""
    names = {name: _described(value) for name, value in namespace.items() if name[:1] != "_" and name not in _GIVEN}
    last = _described(namespace.get("_", ""))
    return {"names": names, "last": last, "errors": ["interrupted" if e in _INTERRUPTS else e for e in errors]}


_INTERRUPTS = (KeyboardInterrupt.__name__, TimeoutError.__name__)


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
        about = [value.__qualname__, value.__module__, str(inspect.signature(value)), value.__doc__]
        return ["function", *about, closure, _code(value.__code__)]
    if type(value).__name__ in _SHOWN:
        return "what was shown"
    if type(value).__module__ == "__main__" and hasattr(value, "__dict__"):
        return ["instance", kind, _described(vars(value), depth + 1)]
    return f"some {type(value).__module__}.{kind}"


def _code(code: CodeType) -> Any:
    constants = [_code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return [code.co_code.hex(), list(code.co_names), constants]


def _class(value: type, depth: int) -> Any:
    if value.__module__ != "__main__":
        return f"class {value.__module__}.{value.__qualname__}"
    attributes = {
        name: _described(getattr(one, "__func__", one), depth + 1)
        for name, one in vars(value).items()
        if name not in _SUPPLIED_BY_PYTHON
    }
    return ["class", value.__qualname__, [base.__qualname__ for base in value.__mro__], sorted(attributes.items())]


def in_a_process(run: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """Call something that runs cells, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "..answer")
        pid = os.fork()
        if not pid:
            try:
                os.chdir(folder)
                sys.path.insert(0, "")
                answer.write_text(json.dumps(run(*arguments)))
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        if not answer.exists():
            return {"names": {"no answer of": run.__name__}, "last": None, "errors": []}
        told: dict[str, Any] = json.loads(answer.read_text())
        return told


def answer_in_a_clean_process(answer: Callable[[Any], Any]) -> None:
    """Answer what is asked on standard input. What cells print is thrown away."""
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    the_shell()  # once, for all that are forked
    answers = [answer(asked) for asked in json.load(sys.stdin)]
    with os.fdopen(out, "w") as told:
        json.dump(answers, told)


def ask(module: str, questions: Sequence[Any]) -> list[Any]:
    """Have a module that calls `answer_in_a_clean_process` answer in a process that has imported little else."""
    told = subprocess.run(
        [sys.executable, "-m", module], input=json.dumps(questions), capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    answers: list[Any] = json.loads(told.stdout)
    return answers


if __name__ == "__main__":
    answer_in_a_clean_process(lambda sources: [in_a_process(run, sources) for run in (as_in_a_kernel, as_in_a_run)])
