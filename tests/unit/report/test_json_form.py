"""A report survives its way through JSON, and nothing else is taken for one."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import jsonschema
import pytest

from autograder.report import json_form
from autograder.report.model import (
    CheckResult,
    Delivery,
    ExerciseReport,
    Flag,
    Frame,
    LoggedLine,
    NotebookProblem,
    Report,
    RunSummary,
)
from autograder.report.places import Place
from autograder.report.reasons import Reason
from tests.unit.report import rendered

FLAG = Flag("forged", "site-1", "send", "b\ud800")
PROBLEM = NotebookProblem("class.unreadable", "a", Place("execute", 1))
REPORT = replace(rendered.report(rendered.partly_right(), rendered.hostile(), flags=(FLAG,)), problems=(PROBLEM,))
CLASSES = {
    "exercise": ExerciseReport,
    "check": CheckResult,
    "run": RunSummary,
    "delivery": Delivery,
    "place": Place,
    "logged_line": LoggedLine,
    "frame": Frame,
    "problem": NotebookProblem,
    "flag": Flag,
    "reason": Reason,
}
DERIVED = {"points", "max_points", "reason", "where"}


def test_round_trip_is_exact() -> None:
    assert json_form.loads(json_form.dumps(REPORT)) == REPORT


def test_output_is_the_same_for_equal_reports_and_plain_ascii() -> None:
    turned = replace(REPORT, versions=dict(reversed(REPORT.versions.items())))
    assert json_form.dumps(turned) == json_form.dumps(REPORT)
    assert json_form.dumps(REPORT).isascii()


def test_a_real_report_fits_the_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_form.schema())
    jsonschema.Draft202012Validator(json_form.schema()).validate(json.loads(json_form.dumps(REPORT)))


def test_the_schema_describes_each_field_of_the_data_model() -> None:
    schema = json_form.schema()
    parts = {name: schema["$defs"][name] for name in CLASSES} | {"report": schema}
    for name, kind in {**CLASSES, "report": Report}.items():
        properties = parts[name]["properties"]
        assert {field.name for field in fields(kind)} == set(properties) - (DERIVED - {f.name for f in fields(kind)})
        assert all("description" in value for value in properties.values())
        assert set(parts[name]["required"]) == set(properties)


def test_numbers_that_are_not_finite_are_refused() -> None:
    bad = replace(REPORT, exercises=(replace(rendered.partly_right(), checks=(rendered.check("a", float("nan"), 1),)),))
    with pytest.raises(ValueError, match="JSON"):
        json_form.dumps(bad)


def test_unknown_properties_are_passed_over() -> None:
    data = json.loads(json_form.dumps(REPORT)) | {"later": [1]}
    data["exercises"][0]["later"] = {}
    assert json_form.loads(json.dumps(data)) == REPORT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON"),
        ("<html>", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"schema": 3, "points": NaN}', "NaN"),
        ("[]", "no JSON object"),
        ("{}", "no JSON object"),
        ('{"schema": 99}', "schema version 99, and this autograder reads version 3"),
        ('{"schema": true}', "schema version True"),
        ('{"schema": 3}', "report.assignment is missing"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        json_form.loads(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(verdict="fine"), "report.verdict: expected one of 'passed'"),
        (lambda data: data.update(exercises={}), "report.exercises: expected an array, found an object"),
        (lambda data: data.update(versions={"a": 1}), r"report.versions.a: expected a string, found a whole number"),
        (
            lambda data: data["exercises"][0]["checks"][1].update(points="4"),
            r"report.exercises\[0\].checks\[1\].points: expected a number, found a string",
        ),
        (
            lambda data: data["exercises"][0]["runs"][0]["deliveries"][0].update(sent=1),
            r"deliveries\[0\].sent: expected true or false, found a whole number",
        ),
        (lambda data: data["exercises"][0]["checks"][0].update(points=True), "expected a number, found true or false"),
        (lambda data: data["exercises"][0]["runs"][0].update(seed=True), "expected a whole number"),
    ],
)
def test_the_message_says_where_a_report_is_wrong(change: Callable[[dict[str, Any]], None], message: str) -> None:
    data = json.loads(json_form.dumps(REPORT))
    change(data)
    with pytest.raises(ValueError, match=message):
        json_form.loads(json.dumps(data))


def test_numbers_out_of_range_are_refused() -> None:
    text = json_form.dumps(REPORT).replace('"seconds": 3.256', '"seconds": 1e999')
    with pytest.raises(ValueError, match="out of range"):
        json_form.loads(text)
