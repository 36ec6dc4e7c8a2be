"""The sandboxes' commands, and what can be seen from inside of them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.evidence.collect import collect
from autograder.simulator.folder import RunFolder
from autograder.simulator.run import run
from autograder.simulator.sandbox import commands, inner, outer, privileges, seccomp
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap, why_not
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part
from tests.simulator.parts import EXECUTOR, scenario
from tests.tools import needs
from tests.tools.course_folder import CHECKOUT

LOOKING = (
    EXECUTOR
    + """
import json, socket
from pathlib import Path

def names(folder):
    try:
        return sorted(path.name for path in Path(folder).iterdir())
    except OSError as error:
        return type(error).__name__

class Looking(Quiet):
    def talk(self, fl_ctx):
        seen = {folder: names(folder) for folder in FOLDERS}
        seen["environment"] = sorted(os.environ)
        seen["processes"] = sum(name.isdigit() for name in names("/proc"))
        seen["interfaces"] = [name for _, name in socket.if_nameindex()]
        seen["user"] = os.getuid()
        seen["rights"] = dict(line.split()[:2] for line in open("/proc/self/status") if line.startswith(RIGHTS))
        seen["open"] = [os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
        seen["written"] = [folder for folder in FOLDERS if os.access(folder, os.W_OK)]
        print("SEEN " + json.dumps(seen), flush=True)
"""
)


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What a student's party sees, told by itself."""
    folders = ["/", "/grading", "/grading/run", "/grading/parts", "/home", "/root", "/etc", "/dev/shm", "/tmp"]
    folders += [str(CHECKOUT.root / name) for name in ("solutions", "source", "tests")]
    rights = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp:")
    source = f"FOLDERS, RIGHTS = {folders!r}, {rights!r}\n{LOOKING}"
    parts = scenario("Quiet")
    parts.executors["site-1"] = Part("executors", "Looking", {"executors": source})
    with run(parts, isolation=Isolation.SANDBOX) as record:
        printed = collect(record).printed["site-1"]
    line = next(line for line in printed.splitlines() if line.startswith("SEEN "))
    return dict(json.loads(line.removeprefix("SEEN ")))


HIDDEN = ("FileNotFoundError", "PermissionError")


def leads_to_packages(folder: str) -> tuple[object, ...]:
    """What may be in a folder of a sandbox: nothing, or what leads to the interpreter and its packages."""
    places = [Path(place) for place in (sys.prefix, sys.base_prefix)]
    below = {place.relative_to(folder).parts[0] for place in places if place.is_relative_to(folder)}
    return (sorted(below),) if below else ([], *HIDDEN)


@needs.SANDBOX
@pytest.mark.simulator
def test_a_students_party_sees_its_own_parts_and_place_only(seen: dict[str, Any]) -> None:
    assert seen["/grading"] == ["library", "parts", "run"]
    assert seen["/grading/parts"] == ["custom", "job"]
    assert seen["/grading/run"] == ["workspace"]
    for folder in ("/tmp", "/home", "/root"):
        assert seen[folder] in leads_to_packages(folder), "nothing but the way to the packages"
    assert {str(seen[str(CHECKOUT.root / name)]) for name in ("solutions", "source", "tests")} <= {*HIDDEN}
    assert set(seen["/etc"]) <= {"hosts", "ld.so.cache", "localtime"}


@needs.SANDBOX
@pytest.mark.simulator
def test_it_has_no_rights_no_network_and_few_neighbours(seen: dict[str, Any]) -> None:
    assert seen["rights"] == {
        **dict.fromkeys(("CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"), "0" * 16),
        "NoNewPrivs:": "1",
        "Seccomp:": "2" if seccomp.program() else "0",
    }
    assert seen["interfaces"] == ["lo"]
    assert seen["user"] not in (0, None)
    assert seen["processes"] == 2
    assert set(seen["written"]) == {"/grading/run", "/dev/shm", "/tmp"}
    assert set(seen["environment"]) <= {*inner.ENVIRONMENT, "PWD", "LC_CTYPE", "KMP_DUPLICATE_LIB_OK"}


@needs.SANDBOX
@pytest.mark.simulator
def test_nothing_of_the_supervisors_and_of_other_parties_is_open_in_it(seen: dict[str, Any]) -> None:
    files = [str(path) for path in seen["open"] if not str(path).startswith("socket:")]
    journal = "/grading/run/site-1.jsonl"

    assert journal in files
    assert all("site-1" in path or path == "/dev/null" for path in files)


def test_packages_below_tmp_are_shown_although_tmp_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/tmp/course/.venv")
    folder = RunFolder(Path("/grading/run"))
    party = inner.for_party("bwrap", folder, "site-0", 4096, in_memory=True)
    for command in (inner.for_run("bwrap", folder, 4096), party):
        shown = [command[at + 1] for at, word in enumerate(command) if word == "--ro-bind"]
        assert "/tmp/course/.venv" in shown
        assert command.index("/tmp/course/.venv") > command.index("/tmp")


@needs.SANDBOX
def test_the_sandbox_of_a_series_shows_packages_below_tmp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", "/tmp/course/.venv")
    command = commands.sandboxed("module", tmp_path, None, 3, 4)

    inside = command[command.index("--unshare-all") :]
    assert inside.index("/tmp/course/.venv") > inside.index("/tmp")


def test_only_root_needs_to_become_somebody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privileges.another_user() is None
    assert privileges.prelude("bwrap", None, ["/usr"], [tmp_path]) == []

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    first, second = privileges.another_user(), privileges.another_user()
    assert first != second and first is not None and first > 1000
    command = privileges.prelude("bwrap", first, ["/usr", "/root/x"], [tmp_path])
    assert command[-1] == str(first)
    assert command[command.index("/root") - 1] == "--dir", "what is above a folder has to be passable for a user"
    assert "/" not in command[: command.index("--")]


def test_what_is_given_away_is_given_with_all_that_is_in_it_and_no_link_is_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[tuple[Path, bool]] = []
    monkeypatch.setattr(os, "chown", lambda path, *_, follow_symlinks: given.append((path, follow_symlinks)))
    (tmp_path / "in" / "it").mkdir(parents=True)
    (tmp_path / "in" / "link").symlink_to("/etc")

    privileges.give(tmp_path, None)
    assert given == []
    privileges.give(tmp_path, 62_000)
    assert {path for path, _ in given} == {tmp_path, *tmp_path.rglob("*")}
    assert not any(follows for _, follows in given)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that no sandbox shows, and not below ``/tmp``, where each sandbox has its own."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@needs.SANDBOX
def test_of_a_bwrap_that_stands_elsewhere_nothing_but_its_own_files_is_seen(elsewhere: Path) -> None:
    found = Path(find_bubblewrap().path or "")
    needed = [found, *map(Path, outer.libraries(str(found)))]
    top = Path(os.path.commonpath([path.parent for path in needed]))
    there = [elsewhere / path.relative_to(top) for path in needed]
    for path, copy in zip(needed, there, strict=True):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        (copy.parent / "secret").write_text("a secret")
    own = str(there[0])

    assert why_not(own) == ""
    command = [
        *outer.prelude(own, privileges.another_user(), []),
        *outer.outer(own),
        "--",
        "/usr/bin/find",
        str(elsewhere),
    ]
    seen = subprocess.run([*command, "-type", "f"], check=True, capture_output=True, text=True).stdout.split()
    assert sorted(seen) == sorted(map(str, there))


@needs.SANDBOX
def test_of_this_package_nothing_is_seen_but_what_a_run_needs() -> None:
    path = find_bubblewrap().path or ""
    package = Path(autograder.__file__).parent
    command = [*outer.prelude(path, privileges.another_user(), []), *outer.outer(path), "--", "/usr/bin/find", "/"]
    arguments = ["-name", "sending.py", "-o", "-name", "graphs.py", "-o", "-name", "limits.py"]
    found = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True).stdout.split()

    seen = [one for one in found if "autograder" in one]
    assert seen == ["/grading/library/autograder/simulator/limits.py"]
    assert (package / "rubric" / "sending.py").exists() and list(package.rglob("graphs.py"))
