"""What tests need of a machine besides Python packages, and what comes of those for which it is missing.

They are left out, and the end of the run says why. In continuous integration, where the environment sets ``CI``,
leaving out is a failure: nobody reads there why a green run is green.
"""

import os
import shutil
from pathlib import Path

import pytest

from autograder.simulator.bubblewrap import find_bubblewrap

SANDBOX = pytest.mark.skipif(
    not find_bubblewrap().path,
    reason=f"a sandbox is needed, and none can be made here: {'; '.join(find_bubblewrap().missing)}. "
    "It takes Linux with user namespaces, and bubblewrap: install the package bubblewrap",
)
"""For tests that run hostile code, or look at the sandbox."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser_path() -> str | None:
    """Find a Chromium."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def browser() -> str:
    """Return the path of a Chromium, or leave the test out."""
    return browser_path() or pytest.skip("Chromium is needed: install the package chromium")


def database_server() -> Path:
    """Return the folder of PostgreSQL's programs, which Debian does not put on the path, or leave the test out."""
    found = [Path(path).resolve().parent for name in ("initdb", "pg_ctl") if (path := shutil.which(name))]
    folders = [*found, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    usable = next((folder for folder in folders if (folder / "initdb").exists()), None)
    return usable or pytest.skip("a PostgreSQL server is needed: install the package postgresql")


def in_continuous_integration() -> bool:
    """Tell whether ``CI`` is set, as every such service does."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def fail_if_left_out(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skipped test or module, in continuous integration."""
    if not report.skipped or hasattr(report, "wasxfail") or not in_continuous_integration():
        return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} is left out. In continuous integration nothing may be. {why}"
