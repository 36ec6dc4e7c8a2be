"""What a message says survives its way through journals and kept runs, and is never more than is allowed."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import Shareable, make_reply
from pydantic import TypeAdapter

from autograder.simulator.network.content import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_VALUES,
    Array,
    Content,
    ContentFault,
    Opaque,
    from_json,
    read,
    shown_value,
    summary,
    to_json,
)
from autograder.simulator.nvflare_private.payload import (
    LONGEST_CONTENT,
    Stream,
    describe,
    describe_reply,
    reply_content,
)
from tests.unit.rubric.contents import contents, values

_KEPT = TypeAdapter(Content)


@given(contents())
def test_it_comes_back_from_the_journal_as_it_was(content: Content) -> None:
    # repr tells NaN, -0.0, 1 and True apart, and finds NaN the same.
    assert repr(from_json(json.loads(json.dumps(to_json(content))))) == repr(content)


@given(contents())
def test_it_comes_back_from_the_kept_runs_as_it_was(content: Content) -> None:
    assert repr(_KEPT.validate_json(_KEPT.dump_json(content))) == repr(content)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["kind", "data", "meta", "fault", "dict", "array", "opaque", "float"]), inner, max_size=4
        ),
    ),
)


@given(_JSON)
def test_whatever_a_journal_says_can_be_read(told: Any) -> None:
    content = read(told)

    assert repr(read(json.loads(json.dumps(to_json(content))))) == repr(content)
    assert isinstance(summary(content), str)


def test_what_is_nested_without_end_is_unreadable() -> None:
    told: Any = 1
    for _ in range(5000):
        told = [told]

    assert read({"kind": None, "data": told}).fault is ContentFault.UNREADABLE


@given(values())
def test_every_value_can_be_shown_in_one_short_line(value: Any) -> None:
    assert isinstance(shown_value(value), str)
    assert len(summary(Content("X", {"a": value, "b": value}), 50)) <= 51


def said(data: Any, kind: str = DataKind.APP_DEFINED, **meta: Any) -> Content:
    return describe(DXO(kind, data=data, meta=meta).to_shareable())


def array_of(data: Any) -> Array:
    found = said({"a": data}).get("a")
    assert isinstance(found, Array)
    return found


def test_a_dxo_is_told_with_kind_data_and_meta() -> None:
    found = said({"x": [1, (2.5, None)], "y": {"z": b"ab"}, "w": {3}}, DataKind.WEIGHTS, round=2)

    assert (found.kind, found.meta, found.fault) == ("WEIGHTS", {"round": 2}, None)
    assert isinstance(found.data, dict) and found.data["x"] == (1, (2.5, None)) and found.data["w"] == (3,)
    alone = said({"b": b"ab"}).get("b")
    assert isinstance(alone, Opaque) and alone.type == "bytes"
    assert found.data["y"] == {"z": alone}


def test_a_bare_shareable_is_told_as_one() -> None:
    bare = Shareable()
    bare["message"] = "Hello"

    assert describe(bare) == Content(None, {"message": "Hello"}, {}, ContentFault.NO_DXO)
    assert describe(ValueError("broken")).fault is ContentFault.UNREADABLE
    assert describe(3).fault is ContentFault.NO_DXO


def test_a_reply_that_is_too_large_is_not_taken_for_an_error_code() -> None:
    stream = Stream({})
    stream.add(bytes(LONGEST_CONTENT + 1))

    told = reply_content(stream)
    assert told["unreadable"] and "content" not in told


def test_of_a_reply_its_code_and_its_content_are_told() -> None:
    reply = make_reply(ReturnCode.OK)
    told = describe_reply(reply, None)
    assert (told["return_code"], read(told["content"])) == ("OK", Content(None, {}, {}, ContentFault.NO_DXO))

    reply["value"] = 3
    assert read(describe_reply(reply, None)["content"]).data == {"value": 3}
    dxo = describe_reply(DXO(DataKind.WEIGHTS, data={"x": np.arange(2)}).to_shareable(), None)
    assert dxo["return_code"] == "OK" and read(dxo["content"]).kind == "WEIGHTS"
    assert "content" not in describe_reply(None, "OK")


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int8", "uint64", "bool", "<U3"])
def test_an_array_is_told_with_its_values(dtype: str) -> None:
    array = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
    found = array_of(array)

    assert (found.dtype, found.shape, found.values) == (str(array.dtype), (2, 3), tuple(array.ravel().tolist()))
    assert said({"a": np.asfortranarray(array)}).get("a") == found
    assert array_of(array.astype(array.dtype.newbyteorder(">"))).digest == found.digest
    assert array_of(array.reshape(3, 2)).digest != found.digest


@pytest.mark.parametrize("array", [np.zeros(MOST_VALUES + 1), np.zeros(3, complex), np.zeros(2, "datetime64[s]")])
def test_of_what_is_too_large_or_no_numbers_the_digest_is_told(array: Any) -> None:
    found, same, other = map(array_of, (array, array.copy(), array[:-1]))

    assert found.values is None and found == same and found.digest != other.digest


def test_scalars_of_numpy_are_plain() -> None:
    assert said({"a": np.float32(0.5), "b": np.int64(3), "c": np.bool_(True)}).data == {"a": 0.5, "b": 3, "c": True}
    assert array_of(np.array(1.5)).values == (1.5,)


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "data",
    [
        {"x": "a" * 1_000_000},
        {str(number): "a" * 1000 for number in range(1000)},
        {"x": list(range(1_000_000))},
        {"x": [[]] * 100_000},
        {"x": nested(500)},
        {number: number for number in range(100_000)},
        {f"{'k' * 5000}{number}": 1 for number in range(100)},
        {str(number): np.zeros(600) for number in range(50)},
        {"x": 10**400},
        {"x": {str(number) for number in range(100_000)}},
        {"x": {"a" * 1_000_000}},
    ],
    ids=["text", "texts", "list", "lists", "deep", "keys", "long keys", "arrays", "number", "set", "set of a text"],
)
def test_whatever_is_sent_little_is_told(data: Any) -> None:
    content = said(data)
    told = json.dumps(to_json(content))

    assert len(told) < 80_000
    assert from_json(json.loads(told)) == content


@pytest.mark.parametrize("data", [np.zeros(LONGEST_CONTENT), bytes(LONGEST_CONTENT + 1)], ids=["array", "bytes"])
def test_what_is_larger_than_any_message_has_not_even_a_digest(data: Any) -> None:
    content = said({"a": data})
    found = content.get("a")

    assert content.fault is ContentFault.TOO_LARGE
    assert isinstance(found, Array | Opaque) and found.digest == ""


def test_what_python_cannot_make_plain_is_told_as_unreadable() -> None:
    no_characters = np.frombuffer(b"\xff\xff\xff\x7f", dtype="<U1")

    assert said({"a": no_characters}).fault is ContentFault.UNREADABLE


def test_of_a_set_either_all_is_told_or_nothing() -> None:
    assert said({"a": {3, 1, 2}}).get("a") == (1, 2, 3)
    assert said({"a": set(range(MOST_VALUES + 1))}).get("a") == Opaque("set", "")


def test_what_was_left_out_is_said() -> None:
    assert said({"x": "a" * LONGEST_TEXT}).fault is None
    assert said({"x": "a" * (LONGEST_TEXT + 1)}).fault is ContentFault.TOO_LARGE
    assert said({"x": nested(DEEPEST - 1)}).fault is None
    assert said({"x": nested(DEEPEST)}).fault is ContentFault.TOO_LARGE
