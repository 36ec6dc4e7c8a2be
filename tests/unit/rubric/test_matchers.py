"""What a matcher is met by, and what it says of anything else."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nvflare.apis.dxo import DXO

from autograder.rubric import content_words, send_diagnostics
from autograder.rubric.catalogue import words_of
from autograder.rubric.matchers import AnyOf, Anything, Close, Equals, Satisfies, Text, plain
from autograder.simulator.network.content import Array, Content, ContentFault, Difference, Matcher, Value
from autograder.simulator.nvflare_private.payload import describe
from autograder.simulator.scenario import Expected
from tests.unit.rubric.contents import contents, plain_values
from tests.unit.rubric.evidence import STUDENT, message, sending

WEIGHTS = "WEIGHTS"
FINITE = st.floats(-1e6, 1e6)


def said(data: Any, kind: str = WEIGHTS, **meta: Any) -> Content:
    """What arrives of a DXO."""
    return describe(DXO(kind, data=data, meta=meta).to_shareable())


def code(matcher: Matcher, content: Content) -> Difference | None:
    mismatch = matcher.mismatch(content)
    return mismatch.code if mismatch else None


@given(plain_values())
def test_what_is_asked_for_meets_its_matcher(data: Value) -> None:
    content = Content(WEIGHTS, {"x": plain(data)})

    assert Equals(WEIGHTS, {"x": data}).mismatch(content) is None
    assert Close(WEIGHTS, {"x": data}).mismatch(content) is None
    assert Equals(WEIGHTS, {"x": json.loads(json.dumps(data))}).mismatch(content) is None
    assert code(Equals("OTHER", {"x": data}), content) is Difference.KIND


@given(contents(), plain_values())
def test_every_matcher_says_something_of_every_content(content: Content, data: Value) -> None:
    matchers: tuple[Matcher, ...] = (
        Equals(WEIGHTS, data),
        Equals(None, data),
        Equals(content.kind, {"x": data}, {"round": 1}),
        Close(content.kind, data, atol=0.1, rtol=0.1),
        Text("x", "y"),
        AnyOf((Text("x", "y"), Equals(WEIGHTS, data))),
        AnyOf(()),
        Satisfies(lambda _content: "no"),
        Anything(),
    )
    run = sending(message(STUDENT, "site-0", content=content))
    for matcher in matchers:
        mismatch = matcher.mismatch(content)
        assert isinstance(matcher.label, str)
        assert content_words.asked_for(Expected("a", "b", "c", matcher))
        if mismatch:
            assert content_words.instead(mismatch) and content_words.seen(mismatch, "the message")
            assert words_of(send_diagnostics.other_content(run, STUDENT, run.evidence.messages[0], mismatch))


@given(plain_values(), plain_values())
def test_what_is_equal_is_equal_both_ways(one: Value, other: Value) -> None:
    there = Equals("X", {"v": one}).mismatch(Content("X", {"v": plain(other)}))
    back = Equals("X", {"v": other}).mismatch(Content("X", {"v": plain(one)}))

    assert (there is None) == (back is None)


@given(st.lists(FINITE, min_size=1, max_size=5), st.data())
def test_numbers_are_close_within_the_tolerance_and_no_further(numbers: list[float], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(numbers) - 1))
    atol = data.draw(st.floats(1e-3, 10))
    for form in (list, tuple, np.array):
        near, far = list(numbers), list(numbers)
        near[place] += 0.9 * atol
        far[place] -= 1.1 * atol
        close = Close(WEIGHTS, {"value": numbers, "round": 1}, atol=atol)
        assert close.mismatch(said({"value": form(near), "round": 1})) is None
        mismatch = close.mismatch(said({"value": form(far), "round": 1}))
        assert mismatch and (mismatch.code, mismatch.at) == (Difference.VALUE, f"value[{place}]")
        assert (mismatch.wanted, mismatch.seen) == (numbers[place], far[place])


@given(st.lists(FINITE, min_size=1, max_size=5), st.floats(1e-6, 0.5))
def test_a_relative_tolerance_is_one_of_what_was_asked_for(numbers: list[float], rtol: float) -> None:
    assume(all(abs(number) > 1e-3 for number in numbers))
    close = Close(WEIGHTS, {"value": numbers}, rtol=rtol)

    assert close.mismatch(said({"value": np.array(numbers) * (1 + 0.9 * rtol)})) is None
    assert code(close, said({"value": np.array(numbers) * (1 + 1.1 * rtol)})) is Difference.VALUE


@pytest.mark.parametrize("seen", [1, 1.0, np.float32(1), np.array(1.0), np.array(1)])
def test_a_number_is_met_by_one_of_any_type(seen: Any) -> None:
    assert Equals(WEIGHTS, {"x": 1}).mismatch(said({"x": seen})) is None


@pytest.mark.parametrize(
    ("matcher", "content", "wanted"),
    [
        (Equals(WEIGHTS, {"x": 1}), said({"x": True}), Difference.TYPE),
        (Equals(WEIGHTS, {"x": True}), said({"x": 1}), Difference.TYPE),
        (Equals(WEIGHTS, {"x": "1"}), said({"x": 1}), Difference.TYPE),
        (Equals(WEIGHTS, {"x": None}), said({"x": 1}), Difference.TYPE),
        (Equals(WEIGHTS, {"x": 1}), said({"y": 1}), Difference.NO_KEY),
        (Equals(WEIGHTS, {"x": 1}), said({"x": 1, "y": 1}), Difference.OTHER_KEY),
        (Equals(WEIGHTS, {"x": {"y": [1, 2]}}), said({"x": {"y": [1, 3]}}), Difference.VALUE),
        (Equals(WEIGHTS, {"x": [1, 2]}), said({"x": [1]}), Difference.SHAPE),
        (Equals(WEIGHTS, {"x": [[1, 2]]}), said({"x": np.array([[1], [2]])}), Difference.SHAPE),
        (Equals(WEIGHTS, {"x": [[1, 2], [3, 4]]}), said({"x": np.array([[1, 2], [3, 5]])}), Difference.VALUE),
        (Equals(WEIGHTS, {"x": [[1], [2, 3]]}), said({"x": np.ones((2, 1))}), Difference.SHAPE),
        (Equals(WEIGHTS, {"x": 1}), said({"x": [1]}), Difference.TYPE),
        (Equals(WEIGHTS, {"x": [0.0] * 2000}), said({"x": np.zeros(2000)}), Difference.TOO_MANY),
        (Equals(WEIGHTS, {"x": 1}, {"round": 2}), said({"x": 1}, round=3), Difference.VALUE),
        (Equals(WEIGHTS, {"x": 1}, {"round": 2}), said({"x": 1}), Difference.NO_KEY),
        (Text("message", "Hi"), said({"text": "Hi"}, "APP_DEFINED"), Difference.NO_KEY),
        (Text("message", "Hi"), said({"message": 3}, "APP_DEFINED"), Difference.TYPE),
        (Text("message", "Hi"), said({"message": "Hi"}), Difference.KIND),
        (Text("message", "Hi"), said({"message": "Ho"}, "APP_DEFINED"), Difference.VALUE),
        (Text("message", "Hi"), Content(None, {"message": "Hi"}, fault=ContentFault.NO_DXO), Difference.NO_DXO),
        (Anything(), Content(fault=ContentFault.UNREADABLE), None),
        (Satisfies(lambda _content: ""), Content(fault=ContentFault.UNREADABLE), Difference.UNREADABLE),
        (AnyOf((Text("message", "Hi"), Anything())), said({"x": 1}), None),
    ],
)
def test_what_is_not_met_says_why(matcher: Matcher, content: Content, wanted: Difference | None) -> None:
    assert code(matcher, content) is wanted


@pytest.mark.parametrize(
    ("matcher", "content"),
    [
        (Equals(WEIGHTS, {"x": [[1, 2], [3, 4]]}), said({"x": np.array([[1, 2], [3, 4]])})),
        (Equals(WEIGHTS, {"x": float("nan")}), said({"x": float("nan")})),
        (Equals(WEIGHTS, {"x": 1}, {"round": 2}), said({"x": 1}, round=2, other="x")),
        (Equals(None, {"x": 1}), Content(None, {"x": 1}, fault=ContentFault.NO_DXO)),
        (Text("message", "Hi"), said({"message": "Hi", "time": 12.5}, "APP_DEFINED")),
        (Equals(WEIGHTS, {"x": said({"x": np.zeros(5000)}).get("x")}), said({"x": np.zeros(5000)})),
        (Close(WEIGHTS, {"x": said({"x": np.ones(3)}).get("x")}, atol=1e-6), said({"x": np.ones(3, "float32")})),
    ],
)
def test_what_is_met(matcher: Matcher, content: Content) -> None:
    assert matcher.mismatch(content) is None


def test_an_array_that_is_forwarded_changes_neither_type_nor_value() -> None:
    received = said({"x": np.ones(3)}).get("x")

    assert code(Equals(WEIGHTS, {"x": received}), said({"x": np.ones(3, "float32")})) is Difference.TYPE
    assert code(Equals(WEIGHTS, {"x": received}), said({"x": np.array([1.0, 1.0, 2.0])})) is Difference.VALUE


def test_the_authors_own_words_are_told() -> None:
    mismatch = Satisfies(lambda content: f"the sum is {content.get('x')}").mismatch(said({"x": 3}))

    assert mismatch and content_words.instead(mismatch) == "the sum is 3"


def test_an_author_who_writes_what_no_message_can_say_is_told() -> None:
    with pytest.raises(TypeError, match="write a list for an array"):
        Equals(WEIGHTS, {"x": np.ones(3)}).mismatch(said({"x": 1}))


@pytest.mark.parametrize("matcher", [Equals, Close])
def test_arrays_of_which_nothing_is_known_but_their_shape_are_not_taken_for_equal(matcher: Any) -> None:
    unknown = Content(WEIGHTS, {"a": Array("float64", (1 << 20,), None, "")}, {})

    assert matcher(WEIGHTS, {"a": unknown.get("a")}).mismatch(unknown)
