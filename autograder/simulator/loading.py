"""Loading a party's module before NVFlare does, so that it is known when and why that fails.

NVFlare would load it while it builds its components and bury the reason among lines of its own.
"""

import contextlib
import importlib
import json
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.simulator.folder import read_regular_file

_LONGEST_NOTE = 20_000

_note: Path | None = None


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


def load(module: str, note: Path) -> bool:
    """Import ``module`` and write to ``note`` how it went. Return whether it succeeded."""
    global _note
    _note = note
    _write(note, Loading("begun"))
    try:
        importlib.import_module(module)
    except BaseException as error:  # a module may raise SystemExit as well
        _write(note, Loading("failed", type(error).__name__, str(error)[:500], _line_in(module, error)))
        return False
    _write(note, Loading("done"))
    return True


def mark_started() -> None:
    """Note that NVFlare is about to start the run in this process."""
    if _note is not None:
        _write(_note, Loading("started"))


def _line_in(module: str, error: BaseException) -> int:
    if isinstance(error, SyntaxError) and (error.filename or "").endswith(f"{module}.py"):
        return error.lineno or 0
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(f"{module}.py")]
    return (lines[-1] or 0) if lines else 0


def _write(note: Path, loading: Loading) -> None:
    # A full disk or a vanished folder must not hide the import's own outcome.
    with contextlib.suppress(OSError):
        note.write_text(json.dumps(asdict(loading)))


def read(note: Path) -> Loading:
    """How the loading went, as far as the note tells. A party can write anything into its note: junk is ``absent``."""
    try:
        fields = json.loads(read_regular_file(note, _LONGEST_NOTE))
        return Loading(
            str(fields["state"]), str(fields["error"])[:200], str(fields["message"])[:500], int(fields["line"])
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Loading()
