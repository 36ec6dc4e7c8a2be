"""Continuous integration ends where something that tests need cannot be installed, and is silent where all is well."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci" / "run"


def program(path: Path, *lines: str) -> None:
    """Make a program that notes that it was called, and then does as told."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", f'echo "CI=$CI {path.name} $*" >> "$CALLS"', *lines, ""]))
    path.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout in which everything can be installed: ``chromium`` is missing until ``apt-get install`` was called."""
    folder = tmp_path / "a checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(SCRIPT, folder / ".ci" / "run")
    program(folder / ".venv" / "bin" / "python", 'grep -q "apt-get install" "$CALLS" || echo chromium')
    program(folder / "programs" / "make", 'echo "make says $1"')
    program(folder / "programs" / "apt-get", 'echo "apt says $1"')
    program(folder / "programs" / "id", "echo 0")
    return folder


def run(folder: Path, **environment: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the script. Return how it ended, and what it called."""
    calls = folder / "calls"
    calls.touch()
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    # Where a locale is set that is not there, every shell says so.
    set_anew = {"LC_ALL": "C", "CALLS": str(calls), "PATH": f"{folder / 'programs'}:{os.defpath}", **environment}
    command = ["bash", str(folder / ".ci" / "run")]
    done = subprocess.run(command, env=kept | set_anew, capture_output=True, text=True, check=False)
    return done, calls.read_text().splitlines()


def test_what_is_missing_is_installed_in_silence_and_all_tests_are_run(folder: Path) -> None:
    done, calls = run(folder)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(f"make says {target}\n" for target in ("test", "pythons", "fuzz", "docs"))
    assert done.stderr == ""
    installed = "CI=true apt-get install -y --no-install-recommends chromium"
    made = ["CI=true make test", "CI=true make pythons", "CI=true make fuzz MINUTES=0.5", "CI=true make docs"]
    assert [installed, *made] == [calls[-6], *calls[-4:]]


@pytest.mark.parametrize("failing", ["update", "install"])
def test_what_cannot_be_installed_ends_it_with_what_was_said(failing: str, folder: Path) -> None:
    program(folder / "programs" / "apt-get", f'echo "apt says $1"; echo no network >&2; test "$1" != {failing}')
    done, calls = run(folder)

    assert done.returncode == 1
    assert f"apt says {failing}\nno network\nFailed: apt-get {failing}" in done.stderr
    assert not [call for call in calls if "make test" in call]


@pytest.mark.parametrize("said", ["echo 1000", "echo 0"])
def test_what_is_still_missing_ends_it_and_is_named(said: str, folder: Path) -> None:
    program(folder / ".venv" / "bin" / "python", "echo chromium; echo postgresql")
    program(folder / "programs" / "id", said)
    done, calls = run(folder)

    assert done.returncode == 1
    assert "packages are needed" in done.stderr and "chromium postgresql." in done.stderr
    assert not [call for call in calls if "make test" in call]


def test_packages_of_python_that_cannot_be_installed_end_it(folder: Path) -> None:
    program(folder / "programs" / "make", 'echo "pip says so"; test "$1" != venv')
    done, calls = run(folder)

    assert (done.returncode, done.stderr) == (1, "pip says so\nFailed: make venv\n")
    assert calls == ["CI=true make venv"]


def test_a_failed_look_at_what_is_missing_ends_it(folder: Path) -> None:
    program(folder / ".venv" / "bin" / "python", "exit 3")
    done, calls = run(folder)

    assert done.returncode == 3
    assert not [call for call in calls if "make test" in call]


def test_every_night_all_is_tried_of_what_a_test_run_takes_a_sample() -> None:
    command = ["make", "--dry-run", "--old-file", ".venv/.ready", "nightly"]
    done = subprocess.run(command, cwd=SCRIPT.parents[1], capture_output=True, text=True, check=True)
    for part in (
        "autograder repeat p2p_communication --times 100 --jobs 24 --busy",
        "-m tests.corpus.hostile --busy 0\n",
        "AUTOGRADER_CRASH_POINTS=0 ",
        "-m tests.corpus.agreement\n",
        "-m tests.corpus.one_site\n",
        "-m tests.authoring\n",
        "-m tests.tools.pythons\n",
        "-m tests.tools.hosted\n",
        "-m tests.tools.soak ",
        "-m tests.tools.fuzz ",
    ):
        assert part in done.stdout, part


def test_the_service_own_word_is_kept(folder: Path) -> None:
    _, calls = run(folder, CI="woodpecker")

    assert {call.split()[0] for call in calls} == {"CI=woodpecker"}
