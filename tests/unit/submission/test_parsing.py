"""Parsing in several threads at once."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.submission.parsing import tree_of

DEEP = "x = " + "(" * 60 + "1" + " + 1)" * 60


def test_many_threads_parse_without_disturbing_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(tree_of, [DEEP] * 400))

    assert len({ast.dump(tree) for tree in trees}) == 1


def test_an_expression_can_be_asked_for() -> None:
    assert isinstance(tree_of("a.b", mode="eval").body, ast.Attribute)
    with pytest.raises(SyntaxError):
        tree_of("a = 1", mode="eval")
