"""The part of this package that a run has: neither rubrics, nor what they compute to judge an answer.

A sandbox shows nothing else. A student's own check has no sandbox and must come to the same, so imports are refused.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import autograder

IN_A_RUN = ("__init__.py", "course.py", "simulator")
"""Files and folders of the package."""

_MODULES = {name.removesuffix(".py") for name in IN_A_RUN}


class _Refusing(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Refuse a module of this package of which a run has nothing.

        Raises:
            ModuleNotFoundError: for such a module.
        """
        package, _, inside = name.partition(".")
        if package == autograder.__name__ and inside.partition(".")[0] not in _MODULES:
            raise ModuleNotFoundError(
                f"No module named {name!r} where your answer runs: only `{package}.notebook` is there, and NVFlare is.",
                name=name,
            )


def refuse_others() -> None:
    """Let imports of this package's other modules fail in this process, as they do in a sandbox."""
    sys.meta_path.insert(0, _Refusing())
