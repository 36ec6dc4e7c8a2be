"""Comparing what came of a hostile submission with what must come of it: every difference is told. Nothing is run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.report.model import CheckResult, ExerciseReport, Flag, NotebookProblem, Report, Verdict
from autograder.samples import Sample
from tests.corpus.hostile import Hostile
from tests.corpus.hostile.runner import differences

PASSED = CheckResult("sent", "It is sent", 1, 1, Verdict.PASSED, "a message", "a message")
MISSED = replace(
    PASSED, name="logged", points=0, verdict=Verdict.NOT_PASSED, hint="Look at the handler.", code="handler.raised"
)
EXERCISE = ExerciseReport("execute", "Send", "test_execute", Verdict.NOT_PASSED, (PASSED, MISSED))
NETWORK = Flag("network", "site-1", "send", "a host")
NOT_JSON = (NotebookProblem("file.not_json", "It is not JSON."),)
FORGED = Flag("forged", "site-1", "send", "a line")
REPORT = Report("p2p", "key", Verdict.NOT_PASSED, (EXERCISE,), flags=(FORGED,))

SAMPLE = Sample(
    "it", "hostile", "It tries.", "", {"execute": 1}, {"execute": ("logged",)}, {"execute": "handler.raised"}
)
HOSTILE = Hostile(SAMPLE, Path("it"), "forgery", flags=frozenset({"forged"}), allowed_flags=frozenset({"files"}))


def with_exercise(**changed: Any) -> Report:
    return replace(REPORT, exercises=(replace(EXERCISE, **changed),))


def test_what_must_come_of_it_is_no_difference() -> None:
    assert differences(HOSTILE, REPORT) == []
    assert differences(HOSTILE, replace(REPORT, flags=(FORGED, Flag("files", "site-1", "send", "a file")))) == []


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (replace(REPORT, exercises=()), "the exercises are []"),
        (replace(REPORT, exercises=(EXERCISE, EXERCISE)), "the exercises are"),
        (with_exercise(verdict=Verdict.INFRASTRUCTURE), "execute is infrastructure"),
        (with_exercise(checks=(MISSED, MISSED)), "execute has 0 points"),
        (with_exercise(checks=(PASSED, replace(MISSED, name="replied"))), "execute fails ['replied']"),
        (with_exercise(checks=(PASSED, replace(MISSED, code="handler.no_end"))), "the hint of execute"),
        (replace(REPORT, flags=()), "not flagged as forged"),
        (
            replace(REPORT, flags=(FORGED, Flag("network", "site-1", "send", "a host"))),
            "flagged: network: site-1 in send: a host",
        ),
        (
            replace(REPORT, problems=(NotebookProblem("a.code", "A cell is missing."),)),
            "the instructor is told of ['a.code'], not of nothing",
        ),
    ],
)
def test_every_difference_is_told(report: Report, told: str) -> None:
    assert [told in difference for difference in differences(HOSTILE, report)] == [True]


def test_what_nobody_expects_of_a_hint_is_that_there_is_none() -> None:
    silent = with_exercise(checks=(PASSED, replace(MISSED, hint="", code="", seen="")))
    unhinted = replace(HOSTILE, sample=replace(SAMPLE, hints={}))
    assert len(differences(unhinted, silent)) == 1
    assert differences(unhinted, REPORT) == []


@pytest.mark.parametrize(
    ("report", "fine"),
    [
        (Report("p2p", "key", Verdict.NOT_GRADABLE, (), NOT_JSON), True),
        (Report("p2p", "key", Verdict.NOT_GRADABLE, (), (NotebookProblem("file.empty", "It is empty."),)), False),
        (Report("p2p", "key", Verdict.NOT_GRADABLE, (), ()), False),
        (Report("p2p", "key", Verdict.NOT_GRADABLE, (EXERCISE,), NOT_JSON), False),
        (Report("p2p", "key", Verdict.NOT_PASSED, (), NOT_JSON), False),
    ],
)
def test_what_cannot_be_graded_has_a_reason_and_no_points(report: Report, fine: bool) -> None:
    sample = replace(SAMPLE, points={}, failed={}, hints={})
    hostile = Hostile(sample, Path("it"), "content", verdict="cannot be graded", problems=frozenset({"file.not_json"}))
    assert (differences(hostile, report) == []) is fine
