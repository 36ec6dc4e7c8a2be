"""Loading a party's module before NVFlare does, so that it is known when and why that fails.

NVFlare would load it while it builds its components and bury the reason among lines of its own.
"""

import importlib
import inspect
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from autograder.simulator.journal import Entry, Journal
from autograder.simulator.parties.cells import Layout, Raised, run_notebook

_MOST_RAISED = 5
"""Cells that raised of which is told."""

NOT_DEFINED = "not defined"
"""Stands for the class of an exception where nothing was raised, and the class that was asked for is not there."""


@dataclass(frozen=True)
class Loading:
    """The progress of loading a party's module.

    Attributes:
        state: ``absent`` (its process did not come that far), ``begun``, ``failed``, ``done``, or ``started`` (NVFlare
            has built the components and is about to start the run).
        error: class of the exception, when it failed; or `NOT_DEFINED`.
        message: its message.
        line: the line of the module at which it was raised, or 0 when it was raised elsewhere.
        raised: what cells of a notebook have raised besides, as pairs of a line and the exception in words.
    """

    state: str = "absent"
    error: str = ""
    message: str = ""
    line: int = 0
    raised: tuple[tuple[int, str], ...] = ()


class Loader:
    """Loads a party's module, and journals how far that and the start of the run have come."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._last = Loading()

    def load(self, module: str, folder: Path) -> bool:
        """Load the module with the party's class. Return whether that succeeded.

        Args:
            folder: of the party's modules. One that is a notebook is run cell by cell.
        """
        self._tell(Loading("begun"))
        path = folder / f"{module}.py"
        layout = Layout.beside(path)
        self._tell(_ran(module, layout, run_notebook(module, path, layout)) if layout else _imported(module))
        return self._last.state == "done"

    def mark_started(self) -> None:
        """Note that NVFlare is about to start the run in this process."""
        self._tell(replace(self._last, state="started"))

    def _tell(self, loading: Loading) -> None:
        self._last = loading
        self._journal.write("loading", **asdict(loading))


def _imported(module: str) -> Loading:
    try:
        importlib.import_module(module)
    except BaseException as error:  # a module may raise SystemExit as well
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(f"{module}.py")]
        return Loading("failed", type(error).__name__, str(error)[:500], (lines[-1] or 0) if lines else 0)
    return Loading("done")


def _ran(module: str, layout: Layout, raised: Sequence[Raised]) -> Loading:
    """Return how loading a notebook went: it is loaded once the wanted class is there, whatever cells raised."""
    told = tuple((one.line, f"{one.error}: {one.message}"[:300]) for one in raised[:_MOST_RAISED])
    if inspect.isclass(getattr(sys.modules[module], layout.wanted, None)):
        return Loading("done", raised=told)
    if why := next((one for one in raised if one.is_why), None):
        return Loading("failed", why.error, why.message, why.line)
    return Loading("failed", NOT_DEFINED, f"no cell defines the class {layout.wanted}", raised=told)


def loading_took(entries: Sequence[Entry]) -> float:
    """Return the seconds that a party reports for loading its code. It can only make its own time shorter."""
    told = [entry["time"] for entry in entries if entry["kind"] == "loading" and "time" in entry]
    return max(0.0, told[1] - told[0]) if len(told) >= 2 else 0.0


def of_journal(entries: Sequence[Entry]) -> Loading:
    """Return how the loading went by a party's journal, which can hold anything: junk is ``absent``."""
    told = [entry for entry in entries if entry["kind"] == "loading"]
    try:
        last = told[-1]
        raised = tuple((int(line), str(text)[:300]) for line, text in last["raised"][:_MOST_RAISED])
        error, message = str(last["error"])[:200], str(last["message"])[:500]
        return Loading(str(last["state"]), error, message, int(last["line"]), raised)
    except (LookupError, ValueError, TypeError):
        return Loading()
