"""Own check and grading give the same points: here for what once differed, with ``make agreement`` for the corpus."""

import pytest

from tests.corpus import agreement
from tests.corpus.agreement import Compared


@pytest.mark.simulator
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name",
    [
        "cells_reordered",  # a class is used above the cell that defines it
        "execute_class_body_raises",  # so nothing that builds on it is there either
        "handler_class_renamed",
        "super_over_two_stubs",
        "server_answers_back",  # what a server sends is told by the clients
    ],
)
def test_own_check_and_grading_agree(name: str) -> None:
    assert agreement.main([name, "--jobs", "1"]) == 0


@pytest.mark.parametrize(("graded", "status", "shown"), [(4, 0, "| 4 |"), (3.5, 1, "| **4 / 3.5** |")])
def test_a_difference_ends_the_command_with_an_error(
    graded: float, status: int, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement, "compare", lambda name, *_: Compared(name, {"execute": (4, graded)}))

    assert agreement.main(["untouched_release"]) == status
    assert f"| mistakes/untouched_release {shown}" in capsys.readouterr().out
