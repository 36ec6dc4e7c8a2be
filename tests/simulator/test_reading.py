"""Whatever the grader reads of a run, a stranger may have put something else in its place."""

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.evidence.collect import collect
from autograder.grading.progress import ProgressTeller
from autograder.simulator import folder as folder_module
from autograder.simulator.folder import RunFolder, read_end
from autograder.simulator.run import run
from autograder.simulator.sandbox.commands import Isolation
from tests.simulator.parts import SITES, scenario

OPENING = {"open", "read_text", "read_bytes", "fdopen", "copy", "copyfile", "copytree", "ZipFile", "openat"}

NOT_READING_A_RUN = {
    # in the sandbox, or in the process tree of a run, where it is the course's own
    "simulator/sandbox/inner.py done": "what bubblewrap tells, on a pipe",
    "simulator/processes/forking.py _keep_only": "the file for what a process prints, which is written",
    "simulator/processes/interpreters.py start_party": "the same",
    "simulator/processes/fork_server.py __init__": "the same",
    "simulator/processes/supervisor.py _sandboxes": "the same",
    "simulator/processes/supervisor.py __init__": "the plan, before any party has started",
    "simulator/processes/held_disks.py _open": "folders in memory, before any code of their party has begun",
    "simulator/processes/waiting_supervisor.py _go_to": "a file for output, written before any party has started",
    "simulator/processes/kernel_memory.py _by_internet_sockets": "/proc/net",
    "simulator/processes/kernel_memory.py _by_netlink_sockets": "the same",
    "simulator/processes/kernel_memory.py _on_the_machine": "the same",
    "simulator/processes/usage.py _read": "/proc",
    "simulator/parties/cells.py beside": "a student's cells, in the student's own process",
    "simulator/parties/cells.py run_notebook": "the same",
    "simulator/parties/own_time.py __init__": "the kernel's, of the student's own process",
    "simulator/in_step.py __init__": "the same",
    "simulator/parties/server.py _install_witness": "the run's plan of faults, which no party can write",
    "simulator/parties/client.py _install_witness": "the same",
    "simulator/parties/server.py hear_of_ends": "a pipe from the supervisor",
    "simulator/parties/client.py run": "a pipe from the supervisor",
    "simulator/nvflare_private/cheap_start.py write_logging_config": "a file of NVFlare's, in a party's own process",
    "simulator/nvflare_private/launcher.py run_client": "a site's own app, in its own process",
    # in the grader
    "simulator/scenario.py of_file": "a module of the assignment's package",
    "simulator/folder.py read_regular_file": "calls the one function that reads",
    "simulator/folder.py read_below": "the one function that reads",
    "simulator/folder.py _open": "the same",
    "simulator/journal.py create": "a journal's file, created by the supervisor",
    "simulator/journal.py read": "calls the one function that reads",
    "simulator/stale_run_dirs.py _lock": "folders, for their locks",
    "simulator/processes/unsandboxed.py play": "a file for output, written before anything runs",
    "simulator/processes/sandboxed.py __init__": "the same",
    "simulator/processes/sandboxed.py _pipe": "a pipe",
}
"""Each function that opens something, with what."""


def openings(module: Path) -> Iterator[str]:
    """Yield the innermost function around each call that opens something; nothing for one outside of functions."""

    def below(node: ast.AST, function: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                name = child.func.attr if isinstance(child.func, ast.Attribute) else getattr(child.func, "id", "")
                yield from [function] if name in OPENING else []
            yield from below(child, child.name if isinstance(child, ast.FunctionDef) else function)

    yield from below(ast.parse(module.read_text()), "")


def knows_of_runs(module: Path) -> bool:
    text = module.read_text()
    return "simulator" in module.parts or "simulator.folder" in text or "simulator.run " in text


def test_no_other_function_that_knows_of_runs_opens_a_file() -> None:
    package = Path(autograder.__file__).parent
    modules = [module for module in package.rglob("*.py") if "new" not in module.parts and knows_of_runs(module)]
    found = {f"{module.relative_to(package)} {function}" for module in modules for function in openings(module)}

    assert found == NOT_READING_A_RUN.keys(), "what is read of a run is read by autograder.simulator.folder"


def test_one_more_opening_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def peek(folder):\n    return [x for x in folder.log.open()]\nopen('y')\ndef harmless(): pass\n")

    assert list(openings(module)) == ["peek", ""]


@pytest.fixture(scope="module")
def opened() -> list[tuple[str, int]]:
    """Paths and flags of all files that this process opens, in so far as they may be a run's."""
    seen: list[tuple[str, int]] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | os.PathLike) and isinstance(arguments[2], int):
            seen.append((os.fspath(arguments[0]), arguments[2]))

    sys.addaudithook(note)
    return seen


@pytest.mark.simulator
@pytest.mark.parametrize("isolation", list(Isolation))
def test_every_file_of_a_run_is_opened_with_care(isolation: Isolation, opened: list[tuple[str, int]]) -> None:
    played = scenario("Talking")
    watcher = ProgressTeller(played, lambda progress: None).watcher
    with run(played, isolation=isolation, watcher=watcher) as record:
        opened.clear()
        collect(record)
        read_end(record.folder.supervisor_output, 100)
        of_the_run = list(opened)

    names = {Path(path).name for path, _ in of_the_run}
    assert {"server.jsonl", "supervisor.jsonl", "log.json", "site-0.out", "supervisor.txt"} <= names
    careless = [path for path, flags in of_the_run if not flags & os.O_NOFOLLOW]
    waiting = [path for path, flags in of_the_run if not flags & (os.O_NONBLOCK | os.O_DIRECTORY)]
    assert (careless, waiting) == ([], [])


REPLACED = ["fifo", "link", "device", "folder"]


@pytest.mark.simulator
@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", REPLACED)
def test_a_run_of_which_every_file_was_replaced_has_an_evidence(what: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text('{"kind": "secret", "message": "secret"}\n')
    with run(scenario("Talking"), isolation=Isolation.NONE) as record:
        for path in [path for path in record.folder.root.rglob("*") if path.is_file()]:
            path.unlink()
            if what == "fifo":
                os.mkfifo(path)
            elif what == "folder":
                path.mkdir()
            else:
                path.symlink_to(secret if what == "link" else "/dev/zero")
        evidence = collect(record)

    assert (evidence.messages, evidence.log_lines) == ((), ())
    assert "secret" not in repr(evidence)


@pytest.mark.parametrize("level", range(4))
def test_no_folder_on_the_way_to_a_log_may_be_a_link(level: int, tmp_path: Path) -> None:
    way = ["work", SITES[0], "workspace", SITES[0]]
    root = tmp_path / "run"
    real = tmp_path / "elsewhere" / Path(*way[level + 1 :])
    real.mkdir(parents=True)
    (real / "log.json").write_text("secret")
    link = root.joinpath(*way[: level + 1])
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError):
        RunFolder(root).read_log(SITES[0], 100)


def test_the_end_of_a_file_is_its_last_lines_printable_and_no_longer_than_asked(tmp_path: Path) -> None:
    path = tmp_path / "supervisor.txt"
    assert read_end(path, 100) == ""
    path.write_bytes(b"\n".join(b"line %d" % number for number in range(1000)) + b"\n\n \x1b[2Jbr\xffoke\x00n\n")
    told = read_end(path, 100)

    assert told.splitlines()[:2] == ["line 998", "line 999"]
    assert told.endswith("[2Jbr\ufffdoke\ufffdn") and all(c.isprintable() for c in told.replace("\n", ""))
    path.write_bytes(b"x" * 5000)
    assert read_end(path, 100) == "x" * 100


def test_there_is_one_place_that_opens() -> None:
    tree = ast.parse(Path(folder_module.__file__).read_text())
    places = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "open"]
    assert len(places) == 1
