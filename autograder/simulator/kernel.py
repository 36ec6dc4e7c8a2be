"""What a notebook's cells find around them in a kernel, made harmless: IPython's shell, displays, the course's helpers.

In a run nobody looks at what cells show, and checks and simulators within a simulator would never end. Everything that
defines something does what it does in a kernel.
"""

import contextlib
import importlib
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import autograder

_HELPERS = f"{autograder.__name__}.notebook"
_STARTS_A_SIMULATOR = ("simulator_run",)
_MAGIC = "<magic>"
"""In tracebacks, the file of what a magic runs."""


class _Nothing:
    """Can be called and asked for anything, and does nothing."""

    def __call__(self, *_: Any, **__: Any) -> None:
        """Do nothing, whatever is asked for."""

    def __getattr__(self, name: str) -> "_Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self


nothing = _Nothing()


class Shell:
    """What ``get_ipython()`` returns to a cell.

    Args:
        namespace: the notebook's variables.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.user_ns = namespace
        self._last: Any = ""
        namespace.update(dict.fromkeys(("_", "__", "___"), ""))

    def show(self, value: Any) -> None:
        """Let ``_`` be a value, as of one that is displayed, unless the notebook has a ``_`` of its own."""
        if value is None:
            return
        if self.user_ns.get("_", self._last) is self._last:
            self.user_ns.update({"___": self.user_ns.get("__"), "__": self._last, "_": value})
        self._last = value

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> Any:
        """Run what ``%time``, ``%prun`` and ``%run`` are given, and set what ``%env`` does; others do nothing."""
        line = line.strip()
        if name in ("time", "prun") and line:
            return self.run(line)
        if name in ("env", "set_env") and line:
            return _environment(line)
        if name == "run" and line:
            self._run_file(shlex.split(line))
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Write the file of ``%%writefile``, below the folder in which the party works; others do nothing."""
        words = line.split()
        if name == "writefile" and words:
            with open(words[-1], "a" if "-a" in words[:-1] else "w", encoding="utf-8") as file:
                file.write(cell)
            importlib.invalidate_caches()  # a folder's listing is as old as the tick of a clock, and cells are faster

    def run(self, source: str) -> Any:
        """Run Python among the notebook's variables. Return its value, if it is an expression."""
        try:
            code = compile(source, _MAGIC, "eval")
        except SyntaxError:
            code = compile(source, _MAGIC, "exec")
        return eval(code, self.user_ns)

    ex = run_cell = run

    def push(self, variables: dict[str, Any], *_: Any, **__: Any) -> None:
        """Add variables to the notebook's."""
        self.user_ns.update(variables)

    def _run_file(self, words: list[str]) -> None:
        """Run a script by itself and take over its variables, whatever it raises; with ``-i`` among the notebook's."""
        path = next(Path(word) for word in words if not word.startswith("-"))
        path = path if path.exists() else path.with_suffix(".py")
        code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
        variables = self.user_ns if "-i" in words else {"__name__": "__main__", "__file__": str(path)}
        with contextlib.suppress(Exception, SystemExit):
            exec(code, variables)
        self.user_ns.update({name: value for name, value in variables.items() if not name.startswith("__")})

    def getoutput(self, *_: Any, **__: Any) -> Any:
        """No program is started, so there is no output."""
        from IPython.utils.text import SList  # takes a while, and few notebooks need it

        return SList()

    def captured(self) -> SimpleNamespace:
        """Return what ``%%capture`` keeps, of which there is nothing."""
        return SimpleNamespace(stdout="", stderr="", outputs=[], show=nothing)

    def __getattr__(self, name: str) -> _Nothing:
        """Anything else that a shell can do is about what is shown."""
        return nothing


def _environment(line: str) -> str | None:
    """Set a variable as in ``%env NAME=value`` or ``%env NAME value``, or return what it is set to."""
    name, *value = re.split(r"\s*[=\s]\s*", line, maxsplit=1)
    if not value:
        return os.environ.get(name)
    os.environ[name] = value[0]
    return None


class _Helpers(ModuleType):
    """Stands for ``autograder.notebook``: runs, checks and shows nothing."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return (lambda *_, **__: 0.0) if name == "check" else nothing


@contextlib.contextmanager
def harmless(source: str, shell: Shell) -> Iterator[None]:
    """While cells run, and for imports later on, put what is harmless in the place of the course's helpers.

    A job that is run by hand in a cell is left out as well; when the context ends, jobs can be run again.

    Args:
        source: all cells, which tell whether IPython is imported, and whether a job could be run at all.
        shell: what ``get_ipython`` is to return.
    """
    if "IPython" in source:
        import IPython  # some tenths of a second

        for module in (IPython, IPython.core.getipython):
            vars(module)["get_ipython"] = lambda: shell
    sys.modules[_HELPERS] = _Helpers(_HELPERS)
    vars(autograder)["notebook"] = sys.modules[_HELPERS]
    if not any(name in source for name in _STARTS_A_SIMULATOR):
        yield
        return
    import nvflare.job_config.api as jobs  # some tenths of a second, and few notebooks need it

    original = jobs.FedJob.simulator_run
    jobs.FedJob.simulator_run = nothing
    try:
        yield
    finally:
        jobs.FedJob.simulator_run = original
