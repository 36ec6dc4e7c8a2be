"""Loading a party's module before NVFlare does, so that it is known when and why that fails.

NVFlare would load it while it builds its components and bury the reason among lines of its own.
"""

import importlib
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from autograder.simulator import journal
from autograder.simulator.journal import Entry


@dataclass(frozen=True)
class Loading:
    """How far the loading of a party's module got.

    Attributes:
        state: ``absent`` (its process did not come that far), ``begun``, ``failed``, ``done``, or ``started`` (NVFlare
            has built the components and is about to start the run).
        error: class of the exception, when it failed.
        message: its message.
        line: the line of the module at which it was raised, or 0 when it was raised elsewhere.
    """

    state: str = "absent"
    error: str = ""
    message: str = ""
    line: int = 0


def load(module: str) -> bool:
    """Import ``module`` and journal how it went. Return whether it succeeded."""
    _tell(Loading("begun"))
    try:
        importlib.import_module(module)
    except BaseException as error:  # a module may raise SystemExit as well
        _tell(Loading("failed", type(error).__name__, str(error)[:500], _line_in(module, error)))
        return False
    _tell(Loading("done"))
    return True


def mark_started() -> None:
    """Note that NVFlare is about to start the run in this process."""
    _tell(Loading("started"))


def _line_in(module: str, error: BaseException) -> int:
    if isinstance(error, SyntaxError) and (error.filename or "").endswith(f"{module}.py"):
        return error.lineno or 0
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(f"{module}.py")]
    return (lines[-1] or 0) if lines else 0


def _tell(loading: Loading) -> None:
    journal.current().write("loading", **asdict(loading))


def of_journal(entries: Sequence[Entry]) -> Loading:
    """How the loading went, as far as a party's journal tells. A party can write anything there: junk is ``absent``."""
    told = [entry for entry in entries if entry["kind"] == "loading"]
    try:
        last = told[-1]
        return Loading(str(last["state"]), str(last["error"])[:200], str(last["message"])[:500], int(last["line"]))
    except (LookupError, ValueError, TypeError):
        return Loading()
