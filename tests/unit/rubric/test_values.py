"""Where a hint about sending points: what a call is given, what is compared, and where a method ends."""

import textwrap
from dataclasses import replace

import pytest

from autograder.rubric import code, values
from autograder.rubric.model import RunEvidence
from autograder.simulator.scenario import Part
from tests.unit.rubric.evidence import STUDENT, numbered, sending, where

SENDS = ("send_aux_request",)


def played(body: str) -> RunEvidence:
    """A run of a class whose ``execute`` has this body, which begins in line 3."""
    head = "class Talker(Executor):\n    def execute(self, task_name, shareable, fl_ctx, abort_signal):\n"
    part = Part("submission", "Talker", {"submission": head + textwrap.indent(textwrap.dedent(body).strip(), " " * 8)})
    run = sending()
    scenario = replace(run.scenario, executors={**run.scenario.executors, STUDENT: part})
    return RunEvidence(scenario, run.evidence, numbered)


def argument(body: str, name: str) -> str:
    return where(values.argument(played(body), STUDENT, name, *SENDS))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('e.send_aux_request(\n    targets=["a"],\n    topic="b",\n)', 'L4: targets=["a"],'),
        ('e.send_aux_request(["a"], "b", c)', 'L3: e.send_aux_request(["a"], "b", c)'),
        ('x = ["a"]\ne.send_aux_request(targets=x)', 'L3: x = ["a"]'),
        ('x = []\nx.append("a")\ne.send_aux_request(targets=x)', 'L3: x = []; L4: x.append("a")'),
        ("for x in y:\n    e.send_aux_request(targets=x)", "L3: for x in y:"),
        ("e.send_aux_request(targets=x)", "L3: e.send_aux_request(targets=x)"),
        ('e.send_aux_request(topic="b")', ""),
        ("e.send(targets=x)", ""),
    ],
)
def test_an_argument_is_shown_where_it_gets_its_value(body: str, place: str) -> None:
    assert argument(body, "targets") == place


def test_the_values_of_an_argument_are_known() -> None:
    body = "x = None\ne.send_aux_request(targets=x)\ne.send_aux_request(targets=SiteType.ALL)"
    assert values.values(played(body), STUDENT, "targets", *SENDS) == {"None", "SiteType.ALL"}


def test_a_return_before_the_call_is_not_meant() -> None:
    run = played("if a:\n    return None\ne.send_aux_request()\nreturn b(OK)\nreturn b(BAD)")

    assert where(values.returns_after(run, STUDENT, "execute", SENDS)) == "L6: return b(OK); L7: return b(BAD)"
    assert where(values.returns_after(run, STUDENT, "execute", SENDS, "BAD")) == "L7: return b(BAD)"
    assert where(values.returns_after(run, STUDENT, "execute", ("other",))).startswith("L4: return None")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("if a:\n    return None\ne.send_aux_request()", "L5: e.send_aux_request()"),
        ("if a:\n    e.send_aux_request(\n        b\n    )", "L4: e.send_aux_request(b)"),
        ("e.send_aux_request()\nif a:\n    return 1\nelse:\n    return None", "L7: return None"),
        ("if a:\n    return 1\nelse:\n    e.send_aux_request()", "L6: e.send_aux_request()"),
        ("e.send_aux_request()\nreturn replies", ""),
        ("with a:\n    b()", "L4: b()"),
        ("return", "L3: return"),
    ],
)
def test_where_a_method_ends_without_a_result(body: str, place: str) -> None:
    assert where(values.ends_open(played(body), STUDENT, "execute", SENDS)) == place


def test_a_comparison_with_an_argument_is_found() -> None:
    run = played('if "hello" == task_name:\n    a()\nif b == c:\n    d()')
    assert where(values.comparisons(run, STUDENT, "execute", 1)) == 'L3: if "hello" == task_name:'


def test_a_text_is_found_in_the_class() -> None:
    assert (
        where(values.texts(played('me = "site-0"\nmessage = f"Hello from {me}"'), STUDENT, "site-0"))
        == 'L3: me = "site-0"'
    )


def test_a_name_may_be_anywhere_in_the_module() -> None:
    assert values.mentions(played("helper(send_aux_request)"), STUDENT, "send_aux_request")
    assert not values.mentions(played("print(1)"), STUDENT, "send_aux_request")
    assert values.mentions(sending(), STUDENT, "send_aux_request"), "there is no module in which to look"


def test_a_call_is_shown_with_all_of_its_lines() -> None:
    run = played('e.send_aux_request(\n    targets=[\n        "a",\n    ],\n    topic="b",\n)')
    assert where(code.calls(run, STUDENT, *SENDS)) == 'L3: e.send_aux_request(targets=["a"], topic="b")'


def test_code_that_is_nested_too_deeply_names_no_place_and_raises_nothing() -> None:
    much = "+".join(["['x']"] * 700)
    run = played(f"x = {much}\ne.send_aux_request(targets=x)\nreturn {much}")
    assert values.values(run, STUDENT, "targets", *SENDS) == {""}
    assert values.returns_after(run, STUDENT, "execute", SENDS, says="ERROR")

    chain = "if a:\n    pass\n" + "elif a:\n    pass\n" * 700
    assert isinstance(
        values.ends_open(played(f"e.send_aux_request(targets=x)\n{chain}"), STUDENT, "execute", SENDS), tuple
    )
