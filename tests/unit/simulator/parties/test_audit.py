"""What an audit of a student's code notes, each in an interpreter of its own, since a hook stays for good."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.course_folder import PATIENCE

HARNESS = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from autograder.simulator.parties import audit
audit.install(Path(sys.argv[1]), lambda kind, **fields: print(json.dumps([fields["what"], fields["detail"]])))
import submission
"""


def tried(code: str, folder: Path) -> list[list[str]]:
    """What is noted of a module with this code."""
    (folder / "submission.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-c", HARNESS, str(folder)], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert "Traceback" not in done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("open('/etc/passwd').close()", "files", "open '/etc/passwd'"),
        ("import os; os.listdir('/proc')", "files", "os.listdir '/proc'"),
        ("import pathlib; list(pathlib.Path('/etc').iterdir())", "files", "dir '/etc'"),  # os.listdir, or os.scandir
        ("open('/tmp/../etc/passwd').close()", "files", "/etc/passwd"),
        ("exec(\"open('/etc/passwd').close()\")", "files", "/etc/passwd"),
        ("import socket; socket.socket().connect_ex(('127.0.0.1', 9))", "network", "127.0.0.1"),
        ("import socket\ntry: socket.getaddrinfo('localhost', 80)\nexcept OSError: pass", "network", "localhost"),
        ("import subprocess; subprocess.run(['true'])", "processes", "true"),
        ("import os; os.system('true')", "processes", "true"),
        ("import os; os.kill(os.getpid(), 0)", "processes", "os.kill"),
        ("import ctypes; ctypes.CDLL(None)", "processes", "ctypes.dlopen"),
        ("import os\nif os.fork() == 0: os._exit(0)\nos.wait()", "processes", "os.fork"),
    ],
)
def test_it_is_noted(code: str, kind: str, words: str, tmp_path: Path) -> None:
    found = tried(code, tmp_path)

    assert any(what == kind and words in detail for what, detail in found), found


@pytest.mark.parametrize(
    "code",
    [
        "import json, random, dataclasses, sqlite3, zoneinfo",
        "import os; place = f'/tmp/autograder-{os.getpid()}'; open(place, 'x').close(); os.remove(place)",
        "import os; os.path.exists('/etc/passwd'); os.getpid(); os.environ.get('HOME')",
        "import logging; logging.getLogger('x').error('hello')",
        "print('hello'); import sys; sys.stdout.flush()",
        "open(1, 'w', closefd=False).close()",
    ],
)
def test_what_anybody_does_is_not(code: str, tmp_path: Path) -> None:
    assert tried(code, tmp_path) == []


def test_no_more_than_some_of_a_kind_are_noted(tmp_path: Path) -> None:
    found = tried("for _ in range(1000): open('/etc/passwd').close()", tmp_path)

    assert len(found) == 10


def test_the_same_of_other_code_is_not_noted(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "helper.py").write_text("def look(): open('/etc/passwd').close()")
    code = f"import sys; sys.path.append({str(tmp_path / 'elsewhere')!r}); import helper; helper.look()"
    folder = tmp_path / "student"
    folder.mkdir()

    assert tried(code, folder) == []
