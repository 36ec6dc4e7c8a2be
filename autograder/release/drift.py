"""Verifies that a committed release is what the source generates, byte for byte."""

import difflib
import filecmp
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course import Course
from autograder.release.fault import Fault, Wrong
from autograder.release.generate import generate_in

_MOST_LINES = 8


def drift(course: Course, assignment: str) -> Iterator[Fault]:
    """Yield one fault for each file of the release that is not as the source generates it."""
    committed = course.root / "release" / assignment
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as folder:
        generated = generate_in(course, assignment, Path(folder))
        names = {
            path.relative_to(root) for root in (committed, generated) for path in root.rglob("*") if path.is_file()
        }
        for name in sorted(names - _own_business(names)):
            if wrong := _difference(committed / name, generated / name):
                yield Fault(f"release/{assignment}/{name}", wrong.code, {**wrong.data, "assignment": assignment})


def _own_business(names: set[Path]) -> set[Path]:
    """Return files that editors and Python leave beside others; none of them is committed."""
    return {name for name in names if {".ipynb_checkpoints", "__pycache__"} & set(name.parts)}


def _difference(committed: Path, generated: Path) -> Wrong | None:
    if not generated.exists():
        return Wrong("drift.not_generated")
    if not committed.exists():
        return Wrong("drift.missing")
    if filecmp.cmp(committed, generated, shallow=False):
        return None
    old, new = (path.read_text(encoding="utf-8", errors="replace").splitlines() for path in (committed, generated))
    changes = [
        line for line in difflib.unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]
    shown = "".join(f"\n      {line[:120]}" for line in changes[:_MOST_LINES])
    return Wrong("drift.differs", {"count": len(changes), "lines": shown})
