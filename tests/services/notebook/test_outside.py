"""Outside of a notebook, and in a plain IPython terminal."""

import errno
import io
import os
import subprocess
import sys

import pytest

from autograder import notebook as course
from autograder.notebook.checking import find
from autograder.notebook.session import show_errors
from autograder.notebook.show import say
from autograder.notebook.user_errors import NotReady, NotYet
from tests.tools.course_folder import PATIENCE


def test_outside_of_a_notebook_it_says_where_to_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert course.check("execute") == 0.0
    assert course.run() is None
    assert capsys.readouterr().out.count("This works in a notebook, or in IPython") == 2


def test_without_a_run_there_is_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    course.raw_log("site-1")
    assert "run your classes first" in capsys.readouterr().out


def test_unknown_exercises_are_answered_with_the_known_ones() -> None:
    with pytest.raises(NotReady, match=r'There is no exercise \'send\'.*"execute", "handle_event", "server_handler"'):
        find("send", {})


def test_an_exercise_is_found_by_its_name_and_its_check_cell() -> None:
    assert find("execute", {}) == find("test_execute", {})


def test_a_message_shows_as_its_lines_alone() -> None:
    assert NotYet("a\nb")._render_traceback_() == ["a", "b"]
    assert NotYet("  a\n" + "word " * 30)._render_traceback_()[0] == "  a"
    assert all(len(line) <= 82 for line in NotYet("word " * 30)._render_traceback_())


def test_what_the_machine_refuses_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @show_errors(otherwise=0.0)
    def checked() -> float:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/run-1")

    assert checked() == 0.0
    assert "No space left on device: '/tmp/run-1'" in capsys.readouterr().out
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(NotReady, match="No space left"):
        checked()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_console_of_any_encoding_shows_what_it_can(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding, write_through=True))
    say("✓ passed · “hello” \ud800")
    assert " passed " in written.getvalue().decode(encoding)


@pytest.mark.slow
def test_importing_it_says_nothing_and_starts_nothing() -> None:
    command = [sys.executable, "-c", "from autograder import notebook"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert (done.stdout, done.stderr) == ("", "")
