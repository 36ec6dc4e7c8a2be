"""Outputs are left out of JSON before it is parsed, whatever is in them, in bounded time."""

import contextlib
import json
import random
from typing import Any

import pytest

from autograder.submission.skim import OUTPUTS, TooManyParts, without
from tests.tools.cpu_time import grows_like_its_input

_TEXTS = ["", "a", '"', "\\", '\\"outputs": [', "outputs", '"outputs":', "{[", "]}", "ü\ud800\n", "widgets"]


def drawn(draw: random.Random, depth: int = 0) -> Any:
    """Any value of JSON, with many keys and texts that look like what is left out."""
    kind = draw.randrange(6 if depth < 5 else 4)
    if kind == 4:
        return [drawn(draw, depth + 1) for _ in range(draw.randrange(4))]
    if kind == 5:
        return {draw.choice(_TEXTS): drawn(draw, depth + 1) for _ in range(draw.randrange(4))}
    return draw.choice([draw.choice(_TEXTS), -1.5e3, True, None])


def expected(value: Any) -> Any:
    if isinstance(value, list):
        return [expected(one) for one in value]
    if not isinstance(value, dict):
        return value
    left_out = {name for name in OUTPUTS if isinstance(value.get(name), dict | list)}
    return {name: [] if name in left_out else expected(one) for name, one in value.items()}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_all_but_outputs_is_as_it_was(indent: int | None, ascii_only: bool) -> None:
    draw = random.Random(7)
    for _ in range(2000):
        value = drawn(draw)
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        assert json.loads(without(text, OUTPUTS).decode("utf-8", "surrogatepass")) == expected(value)


def test_what_is_no_json_does_not_become_any() -> None:
    draw = random.Random(8)
    for _ in range(2000):
        text = json.dumps({"cells": [{"outputs": drawn(draw)}]}).encode()
        cut = text[: draw.randrange(len(text))]
        with pytest.raises(ValueError):
            json.loads(without(cut, OUTPUTS))


@pytest.mark.parametrize(
    "part",
    [b"[", b"[],", b"[[]],", b"{}", b'"', b'"a",', b'"\\n', b"1,", b'{"outputs":', b'{"outputs":[{', b'"outputs":[1],'],
)
@pytest.mark.parametrize("before", [b"", b'{"cells":[{"outputs":['])
def test_time_grows_like_the_text_whatever_is_in_it(part: bytes, before: bytes) -> None:
    def skim(size: int) -> None:
        with contextlib.suppress(TooManyParts):
            without(before + part * (size // len(part)), OUTPUTS)

    assert grows_like_its_input(skim, 150_000)
