"""The attempts at exercises: kept over kernels, bounded, and never in the way, whatever became of their file."""

import fcntl
import json
import os
import string
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import assignments
from autograder.notebook.attempts import MOST, Attempt
from autograder.notebook.attempts_file import AttemptsFile
from autograder.notebook.session import Session
from tests.tools.ordinary_user import as_ordinary_user

P2P = assignments.load("p2p_communication")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FILE = "p2p_communication-attempts.jsonl"


def attempt(points: float = 2, exercise: str = "execute", minute: int = 0) -> Attempt:
    return Attempt(exercise, NOON + timedelta(minutes=minute), points, 4, ("once_each",), "Look there.", "It is this.")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def attempts_file(folder: Path) -> AttemptsFile:
    return AttemptsFile(folder, P2P.name, [exercise.name for exercise in P2P.exercises])


def test_another_kernel_knows_what_the_first_one_has_seen(folder: Path) -> None:
    tried = [attempt(minute=n) for n in range(3)]
    for one in tried:
        Session().remember(one, P2P)
    found, where = Session().attempts(P2P)
    assert found == tried
    assert f"kept in the file {FILE} beside your notebook" in where
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_it_stays_beside_the_notebook_wherever_a_cell_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    session.remember(attempt(), P2P)
    assert (folder / FILE).exists()


def test_who_deletes_the_file_begins_anew(folder: Path) -> None:
    session = Session()
    session.remember(attempt(1), P2P)
    (folder / FILE).unlink()
    assert session.attempts(P2P)[0] == []
    session.remember(attempt(2), P2P)
    assert session.attempts(P2P)[0] == [attempt(2)]


def test_of_each_exercise_the_newest_are_kept(folder: Path) -> None:
    attempts_file(folder).add([attempt(4, "handle_event")])
    attempts_file(folder).add(attempt(minute=n) for n in range(3 * MOST))
    found = attempts_file(folder).read()
    assert len(found) == MOST + 1
    assert (found[0].exercise, found[-1].when) == ("handle_event", NOON + timedelta(minutes=3 * MOST - 1))
    assert len((folder / FILE).read_text().splitlines()) == MOST + 1


@given(st.text(), st.lists(st.text(), max_size=40))
def test_a_line_gives_back_what_was_written_and_is_never_long(text: str, failed: list[str]) -> None:
    wild = Attempt("execute", NOON, 0.1, 4, tuple(failed), text * 1000, text)
    (line,) = wild.as_line().splitlines()
    found = Attempt.of_line(line.encode())
    assert found and (found.reason, found.when, found.points) == (text[:600], NOON, 0.1)
    assert len(found.as_line()) < 200_000
    assert Attempt.of_line(found.as_line().encode()) == found


DAMAGE = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(string.ascii_lowercase), inner),
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {},
        optional={
            key: st.none() | st.integers() | st.floats() | st.text() | st.lists(st.integers() | st.text())
            for key in ("exercise", "when", "points", "max_points", "failed", "first_step", "reason")
        },
    ).map(lambda value: json.dumps({**json.loads(attempt().as_line()), **value}).encode()),
)


@given(DAMAGE)
def test_a_damaged_line_is_no_attempt_or_a_sound_one(line: bytes) -> None:
    found = Attempt.of_line(line)
    assert found is None or (0 <= found.points <= found.max_points and found.when.tzinfo)


@pytest.mark.parametrize("damage", [b"\x00\xff\n", b"[" * 100_000 + b"\n", b'{"when": "9999', b"", b"9" * 5000 + b"\n"])
def test_a_damaged_file_keeps_its_other_lines(folder: Path, damage: bytes) -> None:
    whole = attempt().as_line().encode()
    (folder / FILE).write_bytes(whole + damage + (b"" if not damage or damage.endswith(b"\n") else b"\n") + whole)
    assert attempts_file(folder).read() == [attempt()] * 2
    attempts_file(folder).add([attempt(4)])
    assert attempts_file(folder).read() == [attempt()] * 2 + [attempt(4)]


def test_of_a_huge_file_the_end_is_read(folder: Path) -> None:
    with (folder / FILE).open("wb") as file:
        file.truncate(1 << 33)
        file.seek(0, os.SEEK_END)
        file.write(b"\n" + attempt().as_line().encode())
    assert attempts_file(folder).read() == [attempt()]
    attempts_file(folder).add([attempt(4)])
    assert (folder / FILE).stat().st_size < 1000


@pytest.mark.parametrize("what", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_left_alone_and_told(folder: Path, what: Callable[[Path], None]) -> None:
    what(folder / FILE)
    session = Session()
    session.remember(attempt(), P2P)
    found, where = session.attempts(P2P)
    assert found == [attempt()] and "cannot be read" in where and FILE in where
    assert not (folder / FILE).is_file()


def test_a_link_is_not_written_through(folder: Path) -> None:
    precious = folder / "notes.txt"
    precious.write_text("mine")
    (folder / FILE).symlink_to(precious)
    Session().remember(attempt(), P2P)
    assert precious.read_text() == "mine"


def test_a_folder_that_somebody_else_has_locked_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.notebook.attempts_file._PATIENCE", 0.1)
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(OSError, match="has locked the folder"):
        attempts_file(folder).add([attempt()])
    os.close(descriptor)
    attempts_file(folder).add([attempt()])


FORBIDDEN = """
from pathlib import Path
from autograder.notebook.session import Session
from tests.unit.notebook.test_attempts import P2P, attempt
folder, session = Path.cwd(), Session()
session.remember(attempt(1), P2P)
folder.chmod(0o500)
for points in (2, 3):
    session.remember(attempt(points), P2P)
print(session.attempts(P2P)[1], [one.points for one in session.attempts(P2P)[0]])
folder.chmod(0o700)
session.remember(attempt(4), P2P)
print([one.points for one in Session().attempts(P2P)[0]])
"""


def test_in_a_folder_that_cannot_be_written_attempts_are_known_until_the_kernel_ends(folder: Path) -> None:
    done = run(as_ordinary_user(sys.executable, "-c", FORBIDDEN), folder).communicate()[0].splitlines()
    assert f"their file beside your notebook cannot be written (Permission denied: {folder / FILE})" in done[0]
    assert done[0].endswith("[1.0, 2, 3]") and done[1] == "[1.0, 2.0, 3.0, 4.0]"


def run(command: list[str], folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


ADDING = """
import sys
from pathlib import Path
from tests.unit.notebook.test_attempts import attempt, attempts_file
for minute in range(15):
    attempts_file(Path.cwd()).add([attempt(int(sys.argv[1]), minute=minute)])
"""


def test_two_kernels_at_once_lose_nothing(folder: Path) -> None:
    adding = [run([sys.executable, "-c", ADDING, points], folder) for points in ("1", "2", "3")]
    assert [one.wait() for one in adding] == [0, 0, 0]
    for points in (1, 2, 3):
        found = [one.when for one in attempts_file(folder).read() if one.points == points]
        assert found == [NOON + timedelta(minutes=n) for n in range(15)]
    assert [path.name for path in folder.iterdir()] == [FILE], "nothing half written is left"
