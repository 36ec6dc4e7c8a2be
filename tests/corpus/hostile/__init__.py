"""The hostile submissions: each tries one thing that nobody should, and says what its grading must give all the same.

Every folder here is one submission, made of

- ``submission.py``: the cells that differ, in percent format (see `autograder.submission.percent`), or
- ``tamper.py``: a function ``tamper(notebook)``, which gets the notebook with these cells in it and returns the one to
  hand in, or the bytes of its file; or both; and
- ``expected.toml``.

Nothing of a ``submission.py`` may be imported or run outside of a sandbox: they mean it.

The keys of ``expected.toml``:

``about``
    One line: what it tries, and what it answers.
``group``
    One of `GROUPS`.
``fast``
    Whether it belongs to the small set that every test run grades; none of these waits for a limit.
``based_on``
    Where the other cells come from: ``reference``, or ``release`` so that no other exercise has to be run.
``points``
    Exercise to points, for all exercises.
``failed``, ``hint``
    The checks that do not pass, where some do and some do not, and the code of the hint to follow first. Exercises that
    are not named in ``failed`` get all points or none.
``verdict``
    ``cannot be graded`` for what is no notebook; it has no points then.
``problems``
    The codes of what the instructor is told about the notebook.
``flags``
    What a person must be told about it, of `FLAGS`. They change no points.
``allowed_flags``
    Those that may be raised as well, because it depends on the machine or on who is faster.
"""

import importlib.util
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from nbformat import NotebookNode

from autograder import samples
from autograder.samples import Sample
from autograder.submission.percent import Part

FOLDER = Path(__file__).parent
GROUPS = ("loop", "exit", "resource", "log", "forgery", "escape", "network", "content", "notebook")
FLAGS = ("forged", "files", "network", "processes", "left processes", "ended", "junk", "limit", "course")
NOT_GRADABLE = "cannot be graded"

_BASES = ("reference", "release")
_NEEDED = {"about", "group", "based_on", "flags"}
_KEYS = _NEEDED | {"points", "failed", "hint", "fast", "verdict", "problems", "allowed_flags"}
_CELLS = "submission.py"
_TAMPER = "tamper.py"


@dataclass(frozen=True)
class Hostile:
    """One hostile submission.

    Attributes:
        sample: its cells with the points, checks and hints that they must get; no points when it cannot be graded.
        folder: where it is.
        group: what kind of thing it tries.
        fast: whether it is in the small set.
        verdict: `NOT_GRADABLE`, or empty when it is graded like any other.
        problems: the codes of what the instructor must be told.
        flags: those that must be raised.
        allowed_flags: those that may be raised besides.
    """

    sample: Sample
    folder: Path
    group: str
    fast: bool = False
    verdict: str = ""
    problems: frozenset[str] = field(default_factory=frozenset)
    flags: frozenset[str] = field(default_factory=frozenset)
    allowed_flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.sample.name

    @property
    def about(self) -> str:
        """What it tries, in one line."""
        return self.sample.about


def load(folder: Path) -> Hostile:
    """Read the hostile submission in ``folder``.

    Raises:
        ValueError: when ``expected.toml`` has a key or a value that it cannot have; the message names the submission.
    """
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    _check(folder, expected)
    cells = folder / _CELLS
    sample = Sample(
        name=folder.name,
        kind="hostile",
        about=expected["about"],
        text=cells.read_text(encoding="utf-8") if cells.is_file() else "",
        points=expected.get("points", {}),
        failed={exercise: tuple(checks) for exercise, checks in expected.get("failed", {}).items()},
        hints=expected.get("hint", {}),
        based_on=expected["based_on"],
    )
    return Hostile(
        sample=sample,
        folder=folder,
        group=expected["group"],
        fast=expected.get("fast", False),
        verdict=expected.get("verdict", ""),
        problems=frozenset(expected.get("problems", ())),
        flags=frozenset(expected["flags"]),
        allowed_flags=frozenset(expected.get("allowed_flags", ())),
    )


def load_all() -> list[Hostile]:
    """All hostile submissions, by name.

    Raises:
        OSError: when a folder does not say what is expected of it.
        ValueError: as `load`.
    """
    return [load(folder) for folder in folders()]


def folders() -> list[Path]:
    """The folders of all hostile submissions."""
    return sorted(path for path in FOLDER.iterdir() if path.is_dir() and path.name[0] not in "._")


def handed_in(hostile: Hostile, release: NotebookNode, reference_parts: Sequence[Part]) -> bytes:
    """The file that the student would hand in.

    It is written as JSON and not with nbformat, which would repair or refuse what was tampered with.

    Args:
        release: the released notebook; it is not changed.
        reference_parts: the reference solution's cells.
    """
    notebook = samples.notebook(hostile.sample, release, reference_parts)
    if (hostile.folder / _TAMPER).is_file():
        notebook = _module(hostile.folder / _TAMPER).tamper(notebook)
    return notebook if isinstance(notebook, bytes) else json.dumps(notebook, indent=1).encode()


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_tamper", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _check(folder: Path, expected: dict[str, object]) -> None:
    for what, names in (("unknown", expected.keys() - _KEYS), ("missing", _NEEDED - expected.keys())):
        if names:
            raise ValueError(f"{folder.name}/expected.toml has {what} keys: {', '.join(sorted(names))}")
    if ("points" in expected) == ("verdict" in expected):
        raise ValueError(f"{folder.name}/expected.toml needs points, or a verdict and no points")
    for key, choices in (("based_on", _BASES), ("group", GROUPS), ("verdict", (NOT_GRADABLE,))):
        if expected.get(key, choices[0]) not in choices:
            raise ValueError(f"{folder.name}/expected.toml: {key} is {expected[key]!r}; it can be {', '.join(choices)}")
    for key in ("about", "problems", "failed", "hint", "allowed_flags"):
        if key in expected and not expected[key]:
            raise ValueError(f"{folder.name}/expected.toml: {key} is empty, which would hold for anything")
    if not isinstance(expected.get("fast", False), bool):
        raise ValueError(f"{folder.name}/expected.toml: fast is true or false")
    for key in ("flags", "allowed_flags"):
        flags = expected.get(key, [])
        if not isinstance(flags, list) or not set(flags) <= set(FLAGS):
            raise ValueError(f"{folder.name}/expected.toml: {key} can hold {', '.join(FLAGS)}")
    if not any((folder / name).is_file() for name in (_CELLS, _TAMPER)):
        raise ValueError(f"{folder.name} has neither {_CELLS} nor {_TAMPER}")
