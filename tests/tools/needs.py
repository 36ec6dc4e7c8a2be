"""What tests need of a machine besides Python packages, and what comes of those for which it is missing.

They are left out, and the end of the run says why. In continuous integration, where the environment sets ``CI``,
leaving out is a failure: nobody reads there why a green run is green.
"""

import os
import shutil
from pathlib import Path

import pytest

from autograder.simulator.sandbox.bubblewrap import find_bubblewrap

SANDBOX = pytest.mark.skipif(
    not find_bubblewrap().path,
    reason=f"a sandbox is needed, and none can be made here: {'; '.join(find_bubblewrap().missing)}. "
    "It takes Linux with user namespaces, and bubblewrap: install the package bubblewrap",
)
"""For tests that run hostile code, or look at the sandbox."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


_POSTGRESQL = "/usr/lib/postgresql"
"""Where Debian has PostgreSQL's programs, which it does not put on the path."""


def browser_path() -> str | None:
    """Find a Chromium."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def browser() -> str:
    """Return the path of a Chromium, or leave the test out."""
    return browser_path() or pytest.skip("Chromium is needed: install the package chromium")


def database_programs() -> Path | None:
    """Find the folder of PostgreSQL's programs."""
    on_path = [Path(path).resolve().parent for name in ("initdb", "pg_ctl") if (path := shutil.which(name))]
    folders = [*on_path, *sorted(Path(_POSTGRESQL).glob("*/bin"))]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def database_server() -> Path:
    """Return the folder of PostgreSQL's programs, or leave the test out."""
    return database_programs() or pytest.skip("a PostgreSQL server is needed: install the package postgresql")


def missing_packages() -> list[str]:
    """Name the packages of the system that are still to be installed, so that no test has to be left out."""
    needed = {
        "bubblewrap": find_bubblewrap().path,
        "chromium fonts-dejavu-core": browser_path(),
        "postgresql": database_programs(),
    }
    return [name for names, found in needed.items() if not found for name in names.split()]


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


if __name__ == "__main__":
    print(*missing_packages(), sep="\n")
