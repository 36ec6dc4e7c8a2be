"""Interpreters of other versions are found where they are, and those that refuse to start are passed over."""

from pathlib import Path

import pytest

from tests.tools import pythons
from tests.unit.tools.test_ci import program


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def test_one_on_the_path_is_taken(places: Path) -> None:
    program(places / "programs" / "python3.13", "echo 3.13")

    assert pythons.interpreters()["3.13"] == str(places / "programs" / "python3.13")


def test_where_that_one_refuses_pyenvs_own_is_taken(places: Path) -> None:
    program(places / "programs" / "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    program(places / "pyenv" / "versions" / "3.13.0" / "bin" / "python", "echo 3.13")

    assert pythons.interpreters()["3.13"].endswith("3.13.0/bin/python")


def test_none_that_cannot_make_an_environment_is_taken(places: Path) -> None:
    program(places / "programs" / "python3.13", "echo 'No module named ensurepip' >&2; exit 1")

    assert "3.13" not in pythons.interpreters()
