"""Tests that are left out: told of at a desk, a failure in continuous integration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import needs

ROOT = Path(__file__).parents[3]
LEFT_OUT = {
    "by a mark": "@pytest.mark.skipif(True, reason='no moon: install one')\ndef test_it(): pass",
    "whatever the machine": "@pytest.mark.skip(reason='no moon: install one')\ndef test_it(): pass",
    "by itself": "def test_it(): pytest.skip('no moon: install one')",
    "by what it uses": "@pytest.fixture\ndef moon(): pytest.skip('no moon: install one')\ndef test_it(moon): pass",
    "as a module": "pytest.skip('no moon: install one', allow_module_level=True)",
    "for want of a package": "pytest.importorskip('no_moon', reason='no moon: install one')",
}


def run(folder: Path, modules: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run test modules as those of this suite are run."""
    for number, text in enumerate(modules.values()):
        folder.joinpath(f"test_{number}.py").write_text(f"import pytest\n{text}\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    options = ["-q", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, "--continue-on-collection-errors", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)


def test_in_continuous_integration_each_fails_and_says_why(tmp_path: Path) -> None:
    done = run(tmp_path, LEFT_OUT, CI="true")

    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    said = [line for line in done.stdout.splitlines() if "In continuous integration nothing may be." in line]
    assert len(said) == len(LEFT_OUT), done.stdout
    assert all("is left out" in line and "no moon: install one" in line for line in said)
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_at_a_desk_the_end_of_the_run_says_why(tmp_path: Path) -> None:
    done = run(tmp_path, LEFT_OUT)

    assert done.returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED), done.stdout
    assert done.stdout.count("SKIPPED [1]") == done.stdout.count("no moon: install one") == len(LEFT_OUT), done.stdout


def test_one_that_is_run_is_as_it_is_in_continuous_integration(tmp_path: Path) -> None:
    done = run(tmp_path, {"good": "def test_it(): pass", "bad": "def test_it(): assert False"}, CI="true")

    assert done.stdout.splitlines()[-1].startswith("1 failed, 1 passed"), done.stdout


@pytest.mark.parametrize(
    ("value", "is_set"),
    [("true", True), ("1", True), ("woodpecker", True), ("", False), ("0", False), ("false", False)],
)
def test_how_it_is_known(value: str, is_set: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    assert needs.in_continuous_integration() is is_set
    monkeypatch.delenv("CI")
    assert not needs.in_continuous_integration()
