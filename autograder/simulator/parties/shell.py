"""IPython's own shell, for a notebook that uses it: its magics do here what they do in a kernel.

What would start a program does nothing, and so does what is about the screen or asks somebody a question.
"""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from IPython.core.magic_arguments import parse_argstring
from IPython.core.profiledir import ProfileDir
from IPython.utils.capture import capture_output
from IPython.utils.text import SList
from traitlets.config import Config

from autograder.simulator.parties.kernel_names import GIVEN, nothing

_PASSED_OVER = frozenset(
    (
        *("bash", "cmd", "conda", "mamba", "micromamba", "perl", "pypy", "python", "python2", "python3"),
        *("ruby", "script", "sh"),  # so far programs; what follows is about the screen and the person before it
        *("debug", "edit", "gui", "load", "loadpy", "matplotlib", "pdb", "pylab", "recall", "rep", "rerun"),
        "timeit",  # runs its line as often as it takes
    )
)


class Shell(InteractiveShell):
    """The object that ``get_ipython()`` returns to a cell."""

    kernel = comm_manager = ask_exit = enable_gui = enable_matplotlib = enable_pylab = nothing
    """A kernel's shell has them, for the screen."""
    _end_capture: Callable[[], None] | None = None
    _number = 0

    @classmethod
    def among(cls, module: ModuleType) -> "Shell":
        """Make the shell of this process, with the variables of a module."""
        config = Config()
        config.HistoryManager.enabled = False  # it would write a database, in a thread
        shell: Shell = cls.instance(
            user_module=module, config=config, ipython_dir=str(Path.cwd()), profile_dir=ProfileDir()
        )
        return shell

    def init_user_ns(self) -> None:
        """Put into the notebook what a kernel puts there."""
        super().init_user_ns()  # type: ignore[no-untyped-call]
        self.user_ns.update(GIVEN)
        self.user_ns_hidden.update(GIVEN)

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic. One that is unknown may come from an extension that is not installed here."""
        if self._is_passed_over(magic_name, self.find_line_magic):
            return nothing if magic_name == "timeit" and "-o" in line.split() else None
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except ImportError:
            if magic_name != "load_ext":
                raise
            return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic, unless it is unknown."""
        if self._is_passed_over(magic_name, self.find_cell_magic):
            return None
        try:
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        finally:
            importlib.invalidate_caches()  # a folder's listing is as old as the tick of a clock, and cells are faster

    def _is_passed_over(self, name: str, find: Callable[[str], object]) -> bool:
        return name in _PASSED_OVER or (find(name) is None and not name.startswith("%"))

    def system(self, cmd: str) -> None:
        """Start no program."""
        self.user_ns["_exit_code"] = 0

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList:
        """Start no program, so there is no output."""
        return SList()

    def begin_cell(self, source: str) -> None:
        """Take down a cell that is about to run, and tell whoever has registered for it."""
        self._number += 1
        self.execution_count += self._number - self.displayhook.prompt_count  # what counts when depends on the version
        self.last_execution_result = ExecutionResult(_info(source))
        if self.history_manager:
            self.history_manager.store_inputs(self._number, source)
        self.events.trigger("pre_execute")
        self.events.trigger("pre_run_cell", _info(source))

    def end_cell(self) -> None:
        """Do what is due at the end of a cell, however it ended."""
        if self._end_capture:
            self._end_capture()
        self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", self.last_execution_result)

    def show(self, value: Any) -> None:
        """Let ``_`` and ``Out`` have a value that is displayed."""
        if value is not None and not isinstance(sys.displayhook, CapturingDisplayHook):
            self.displayhook.update_user_ns(value)

    def begin_capture(self, line: str) -> None:
        """Keep what the rest of the cell shows, as ``%%capture`` does."""
        told = parse_argstring(self.find_cell_magic("capture"), line)  # type: ignore[no-untyped-call]
        capture = capture_output(not told.no_stdout, not told.no_stderr, not told.no_display)
        captured = capture.__enter__()

        def end() -> None:
            self._end_capture = None
            capture.__exit__(None, None, None)
            if told.output:
                self.user_ns[told.output] = captured

        self._end_capture = end


def _info(source: str) -> ExecutionInfo:
    return ExecutionInfo(source, True, False, True, None)
