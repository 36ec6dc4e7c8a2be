"""Runs fast tests under each other version of Python that the course supports, wherever an interpreter is found.

Each gets an environment of its own from the lock file, ``.venv-3.13`` for one, which is kept for the next time.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
CHECKOUT = Path(__file__).parents[2]
TESTS = ("tests/unit/simulator", "tests/unit/submission", "tests/unit/notebook")
"""Those of what depends on how Python is made: its audit, its threads, its grammar and its tracebacks."""
_VERSION = "import ensurepip, sys, venv; print('{}.{}'.format(*sys.version_info))"


def interpreters() -> dict[str, str]:
    """Return the path of an interpreter for each of the versions for which there is one that works."""
    return {version: path for version in VERSIONS for path in [_working(version)] if path}


def _working(version: str) -> str | None:
    return next((path for path in _candidates(version) if _says(path) == version), None)


def _candidates(version: str) -> Iterator[str]:
    """Yield what may be an interpreter: on the path, and pyenv's, of which those on the path may refuse to start."""
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))


def _says(path: str) -> str:
    done = subprocess.run([path, "-c", _VERSION], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def environment(name: str, path: str, *installs: Sequence[str]) -> Path:
    """Return the interpreter of an environment with what is to be installed, one after another; made if need be."""
    place = CHECKOUT / f".venv-{name}"
    uv = [sys.executable, "-m", "uv", "--quiet"]
    if not place.exists():
        subprocess.run([*uv, "venv", "--python", path, str(place)], check=True)
    python = place / "bin" / "python"
    for packages in installs:
        subprocess.run([*uv, "pip", "install", "--python", str(python), *packages], check=True)
    return python


LOCKED = ("--require-hashes", "-r", str(CHECKOUT / "requirements.lock"))
COURSE = ("--no-deps", "--no-build-isolation", "-e", str(CHECKOUT))


def main() -> int:
    """Return 0 if the tests pass under each version that was found, and say which was not."""
    found = interpreters()
    failed = []
    for version in VERSIONS:
        if version == "{}.{}".format(*sys.version_info):
            continue
        if version not in found:
            print(f"Python {version}: no interpreter was found, so nothing was run.")
            continue
        print(f"Python {version}: {found[version]}", flush=True)
        command = [str(environment(version, found[version], LOCKED, COURSE)), "-m", "pytest", "-q", "-n", "2", *TESTS]
        if subprocess.run(command, cwd=CHECKOUT, check=False).returncode:
            failed.append(version)
    print(f"Failed under Python {', '.join(failed)}." if failed else "")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
