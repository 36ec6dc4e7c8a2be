"""Sample submissions: right answers in many styles, and mistakes, each with what it must get.

Every folder below ``samples/<assignment>/correct`` and ``samples/<assignment>/mistakes`` is one sample:

- ``submission.py`` holds the cells or methods that differ, in percent format (see `autograder.submission.percent`);
- ``expected.toml`` says what the sample is about and what its grading must give.

The keys of ``expected.toml``:

``about``
    One line: what is done differently here.
``points``
    Exercise to points, for all exercises.
``failed``
    Exercise to the names of the checks that do not pass, in the rubric's order. Exercises that are not named pass.
``hint``
    Exercise to the code of the hint that it is to mend first, such as ``targets.leave_out``.
``based_on``
    Where the cells come from that ``submission.py`` does not give: ``reference`` (the default) or ``release``.
``untouched``
    Solution cells that stay as released, although the sample is based on the reference solution.
``order``
    The solution cells from top to bottom, for a student who moved them around.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.submission.percent import Part, put_parts, read_parts
from autograder.submission.released import grade_id_of

CORRECT = "correct"
MISTAKE = "mistakes"
_KINDS = (CORRECT, MISTAKE)
_BASES = ("reference", "release")
_NEEDED = {"about", "points"}
_KEYS = _NEEDED | {"failed", "hint", "based_on", "untouched", "order"}


@dataclass(frozen=True)
class Sample:
    """A sample submission.

    Attributes:
        name: the folder's name, unique among all samples.
        kind: `CORRECT` or `MISTAKE`.
        about: what is done differently here, in one line.
        text: ``submission.py``, in percent format.
        points: exercise to the points that it must get.
        failed: exercise to the checks that must not pass.
        hints: exercise to the code of the hint that must be shown first.
        based_on: ``reference`` or ``release``: where the other solution cells come from.
        untouched: solution cells that stay as released.
        order: the solution cells from top to bottom when they were moved, else empty.
    """

    name: str
    kind: str
    about: str
    text: str
    points: dict[str, float]
    failed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    based_on: str = "reference"
    untouched: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


def load(folder: Path) -> Sample:
    """Read the sample in ``folder``.

    Raises:
        ValueError: when ``expected.toml`` has a key or a value that it cannot have; the message names the sample.
    """
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    if wrong := _wrong_in(expected):
        raise ValueError(f"{folder.name}/expected.toml {wrong}")
    return Sample(
        name=folder.name,
        kind=folder.parent.name,
        about=expected["about"],
        text=(folder / "submission.py").read_text(encoding="utf-8"),
        points=expected["points"],
        failed={exercise: tuple(checks) for exercise, checks in expected.get("failed", {}).items()},
        hints=expected.get("hint", {}),
        based_on=expected.get("based_on", _BASES[0]),
        untouched=tuple(expected.get("untouched", ())),
        order=tuple(expected.get("order", ())),
    )


def load_all(folder: Path) -> list[Sample]:
    """Return all samples of an assignment's folder, the correct ones first, each kind by name.

    Raises:
        ValueError: as `load`.
    """
    if others := [one.name for one in _folders(folder) if one.name not in _KINDS]:
        raise ValueError(f"{folder} holds {', '.join(others)}, where samples are in {' and '.join(_KINDS)}")
    return [load(one) for kind in _KINDS for one in _folders(folder / kind)]


def notebook(sample: Sample, release: NotebookNode, reference_parts: Sequence[Part]) -> NotebookNode:
    """Return the sample as the notebook that a student would hand in.

    Args:
        release: the released notebook; it is not changed.
        reference_parts: those of the reference solution.
    """
    own = read_parts(sample.text)
    given = {part.replaces for part in own} | set(sample.untouched)
    base = [] if sample.based_on == "release" else [part for part in reference_parts if part.replaces not in given]
    result = put_parts(release, [*base, *own])
    if sample.order:
        result.cells = _reordered(result.cells, sample.order)
    return result


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.glob("*") if path.is_dir() and path.name[0] not in "._")


def _wrong_in(expected: Mapping[str, Any]) -> str:
    """Say what makes no sense in a sample's ``expected.toml``, or nothing.

    Whatever nobody would read, or would be true of any grading, is refused: it looks like a promise and is none.
    """
    if names := expected.keys() - _KEYS:
        return f"has unknown keys: {', '.join(sorted(names))}"
    if names := _NEEDED - expected.keys():
        return f"has missing keys: {', '.join(sorted(names))}"
    if expected.get("based_on", _BASES[0]) not in _BASES:
        return f"says based_on = {expected['based_on']!r}; it can be {' or '.join(_BASES)}"
    failed, hints = expected.get("failed", {}), expected.get("hint", {})
    if names := failed.keys() - expected["points"].keys():
        return f"names checks of {', '.join(sorted(names))}, but no points"
    if failed.keys() != hints.keys() or not all([*failed.values(), *hints.values()]):
        return "needs for each exercise in [failed] the checks and, in [hint], the code of what to mend first"
    return ""


def _reordered(cells: Iterable[NotebookNode], order: Sequence[str]) -> list[NotebookNode]:
    """Return the cells with those of ``order`` in that order, in the places that they have together."""
    cells = list(cells)
    moved = {grade_id_of(cell): cell for cell in cells if grade_id_of(cell) in order}
    following = iter(order)
    return [moved[next(following)] if grade_id_of(cell) in moved else cell for cell in cells]
