"""Own check and grading give the same points: here for what once differed, with ``make agreement`` for the corpus."""

import pytest

from autograder import assignments, samples
from tests.corpus import agreement
from tests.corpus.agreement import Compared
from tests.tools.course_folder import CHECKOUT


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
    assert agreement.main([name, "--assignment", "p2p_communication", "--jobs", "1"]) == 0


@pytest.mark.parametrize(("graded", "status", "shown"), [(4, 0, "| 4 |"), (3.5, 1, "| **4 / 3.5** |")])
def test_a_difference_ends_the_command_with_an_error(
    graded: float, status: int, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement, "compare", lambda name, *_: Compared(name, {"execute": (4, graded)}))

    assert agreement.main(["untouched_release", "--assignment", "p2p_communication"]) == status
    assert f"| mistakes/untouched_release {shown}" in capsys.readouterr().out


@pytest.mark.parametrize("name", assignments.LADDER)
def test_every_sample_of_every_assignment_is_in_the_corpus(name: str) -> None:
    found = [one for one, _ in agreement.corpus(assignments.load(name), CHECKOUT)]
    names = [f"{one.kind}/{one.name}" for one in samples.load_all(CHECKOUT.samples(name))]
    assert names == found[: len(names)] and len(set(found)) == len(found)
    assert (len(found) > len(names)) == (name == "p2p_communication"), "what has failed before is of the first one"


def test_the_sections_of_other_assignments_stay_as_they_are() -> None:
    before = agreement.PAGE.read_text(encoding="utf-8")
    new = agreement.section([Compared("correct/one", {"exchange": (4, 4)})], assignments.load("average_consensus"))
    after = agreement.page(before, {"average_consensus": new})

    assert agreement.page(before, {}) == before
    assert after.endswith("| correct/one | 4 |\n") and agreement.page(after, {}) == after
    assert before.split("\n## p2p_communication\n")[1].split("\n## ")[0].rstrip() in after
