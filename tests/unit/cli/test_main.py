"""What all commands have in common: how they begin, and how they end when something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import assignments
from autograder.cli import main, solve
from autograder.course import CourseError
from tests.tools.course_folder import PATIENCE

COMMANDS = ("grade", "report", "demo", "new", "release", "verify", "solve", "repeat")


def test_the_commands_begin_without_loading_the_simulator_or_nbgrader() -> None:
    code = "import sys, autograder.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()

    assert not {"nvflare", "nbgrader", "nbconvert", "nbformat", "IPython", "rich"} & set(loaded)


def test_a_command_compiles_no_grammars_of_addresses() -> None:
    code = "import sys; from autograder.cli import main; main(['grade', 'nothing']); import nbformat"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('lark' in sys.modules)"], capture_output=True, text=True
    )

    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_each_command_tells_what_it_does(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert "usage: autograder" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["mark"], ["solve"], ["verify", "--fast"]])
def test_arguments_that_make_no_sense(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: autograder" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["grade", "report", "release", "verify", "solve", "repeat"])
def test_an_assignment_that_there_is_not(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "p2p"]) == 2
    assert capsys.readouterr().err == (
        f"autograder {command}: there is no assignment 'p2p'; there is: {', '.join(assignments.LADDER)}\n"
    )


@pytest.mark.parametrize("command", ["grade", "report", "release", "verify", "solve", "repeat"])
def test_outside_of_a_course_folder(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main([command, "p2p_communication"]) == 2
    assert "is not in a course folder" in capsys.readouterr().err


def raises(error: BaseException) -> Callable[[object], int]:
    """A command that fails."""

    def run(_: object) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (CourseError("no source/\nGo there."), 2, "autograder solve: no source/ Go there.\n"),
        (ValueError("a bad marker"), 2, "autograder solve: a bad marker\n"),
        (KeyError("there is no assignment"), 2, "autograder solve: there is no assignment\n"),
        (
            FileNotFoundError(2, "No such file or directory", "x.py"),
            2,
            "autograder solve: No such file or directory: x.py. Mend that, then give the command again.\n",
        ),
        (
            PermissionError(13, "Permission denied", "x.py"),
            2,
            "autograder solve: Permission denied: x.py. Make it and its folder yours to read and write, or work in a "
            "copy of the course's folder, then give the command again.\n",
        ),
        (
            OSError(28, "No space left on device"),
            2,
            "autograder solve: No space left on device. Free some space on its disk, then give the command again.\n",
        ),
        (KeyboardInterrupt(), 130, "\nStopped.\n"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    error: BaseException, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(solve, "run", raises(error))

    assert main(["solve", "p2p_communication"]) == status
    assert capsys.readouterr().err == said


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    """As with ``head``: no traceback when nobody reads the output any more."""
    command = [sys.executable, "-m", "autograder", "solve", "p2p_communication"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(PATIENCE) == 1


IN_ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
"""The environment of a locale that has few characters."""


def test_what_the_locale_has_no_characters_for_ends_no_command() -> None:
    tell = f"verify.run = lambda _: print({'Зоя ✓ ' + chr(0xDCE9)!a}) or 0"
    code = f"from autograder.cli import main, verify; {tell}; main(['verify', 'p'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **IN_ASCII}, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == rb"\u0417\u043e\u044f \u2713 \udce9" + b"\n"


def test_a_notebook_is_written_as_one_in_any_locale() -> None:
    command = [sys.executable, "-m", "autograder", "solve", "p2p_communication"]
    done = subprocess.run(command, env={**os.environ, **IN_ASCII}, capture_output=True, check=True)

    assert not done.stdout.isascii()
    assert json.loads(done.stdout)["cells"]
