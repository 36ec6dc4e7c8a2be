"""The results that services read have their documented form, and tell a student everything."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from autograder.package import gradescope, prairielearn
from autograder.report.model import Report, Verdict
from tests.unit.package.schemas import check
from tests.unit.report import rendered

PARTLY = rendered.report(
    rendered.partly_right(), problems=("The check cell was changed.",), isolation="no sandbox but the container"
)
HOSTILE = rendered.report(rendered.hostile(), problems=(rendered.HOSTILE,))
NO_NOTEBOOK = rendered.report(verdict=Verdict.NOT_GRADABLE, problems=("It is not JSON.",))
BROKEN = rendered.report(
    replace(rendered.partly_right(), verdict=Verdict.INFRASTRUCTURE), verdict=Verdict.INFRASTRUCTURE
)


def on_gradescope(report: Report) -> dict[str, Any]:
    result = gradescope.results(report, 12.34)
    assert result is not None
    check("gradescope", result)
    return result


def on_prairielearn(report: Report) -> dict[str, Any]:
    result = prairielearn.results(report, 12.34)
    check("prairielearn", result)
    return result


def test_gradescope_shows_rubric_hints_and_picture() -> None:
    result = on_gradescope(PARTLY)
    assert (result["score"], result["execution_time"]) == (2, 12.3)
    head, *checks, run = result["tests"]
    assert head["name"] == "Send: ✗ not yet, 2 of 4 points" and "score" not in head
    assert "Which names does engine.get_clients() give?" in head["output"]
    assert [one["number"] for one in (head, *checks, run)] == ["1", "1.1", "1.2", "1.3", "1.4", "1.5"]
    assert [(one["score"], one["max_score"], one["status"]) for one in checks] == [
        (0, 1, "failed"),
        (1, 1, "passed"),
        (1, 1, "passed"),
        (0, 1, "failed"),
    ]
    assert "site-1 sent hello to site-0 only" in checks[0]["output"]
    assert "Which names does engine.get_clients() give?" in checks[0]["output"], "it may be the only one that is open"
    assert 'src="data:image/svg+xml;base64,' in run["output"]
    assert "no sandbox but the container" in result["output"] and "The check cell was changed." in result["output"]


def test_a_section_of_the_notebook_is_named_and_not_linked() -> None:
    first, *others = rendered.partly_right().checks
    exercise = replace(rendered.partly_right(), checks=(replace(first, section="Sending"), *others))
    head, check_with_it, *_ = on_gradescope(rendered.report(exercise))["tests"]
    for shown in (head["output"], check_with_it["output"]):
        assert "the section “Sending” of the notebook" in shown and "<a " not in shown


def test_what_all_checks_share_is_said_once() -> None:
    checks = tuple(replace(one, seen="untouched", hint="It waits for you.") for one in rendered.partly_right().checks)
    result = on_gradescope(rendered.report(replace(rendered.partly_right(), checks=checks)))
    head, *entries = result["tests"]
    assert "It waits for you." in head["output"]
    assert all("see 1" in one["output"] and "waits" not in one["output"] for one in entries[: len(checks)])


def test_prairielearn_shows_rubric_hints_and_picture() -> None:
    result = on_prairielearn(PARTLY)
    assert (result["gradable"], result["score"]) == (True, 0.5)
    head, *checks, run = result["tests"]
    assert "Which names does engine.get_clients() give?" in " ".join(head["message"].split())
    assert [(one["points"], one["max_points"]) for one in checks] == [(0, 1), (1, 1), (1, 1), (0, 1)]
    assert run["images"][0]["label"] and run["max_points"] == 0
    assert "no sandbox but the container" in result["message"]
    assert max(len(line) for one in result["tests"] for line in one["message"].splitlines()) <= 80


def test_what_a_student_wrote_does_nothing() -> None:
    result = on_gradescope(HOSTILE)
    for shown in (result["output"], *(one["output"] for one in result["tests"])):
        assert "<script" not in shown and "<img src=x" not in shown and "\x1b" not in shown
    assert "\x1b" not in json.dumps(on_prairielearn(HOSTILE), ensure_ascii=False)


def test_what_cannot_be_graded_is_told_at_once_and_no_work_of_the_students() -> None:
    assert (on_gradescope(NO_NOTEBOOK)["score"], "It is not JSON." in on_gradescope(NO_NOTEBOOK)["output"]) == (0, True)
    assert on_prairielearn(NO_NOTEBOOK) == {"gradable": False, "format_errors": ["It is not JSON."]}


def test_a_run_that_broke_is_no_grade() -> None:
    assert gradescope.results(BROKEN, 1) is None
    assert on_prairielearn(BROKEN)["gradable"] is False


def test_many_pictures_leave_room_for_the_rest() -> None:
    exercise = replace(rendered.partly_right(), runs=tuple([rendered.own_run()] * 300))
    result = on_prairielearn(rendered.report(exercise))
    assert len(json.dumps(result)) < 1_000_000, "PrairieLearn takes no more"
    assert len(result["tests"]) == 305 and "images" in result["tests"][5]
    assert result["tests"][-1]["message"] == "There is no room left to show this run."


@pytest.mark.parametrize("service", ["gradescope", "prairielearn"])
def test_another_form_is_refused(service: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(service, {"tests": [{"name": "a check without points"}]})
