"""Texts that NVFlare makes up for debugging. Its names are no public API: a new version may have others."""

import contextlib
import inspect
import json
import logging
from types import FunctionType, SimpleNamespace

import pytest
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.message import Message

from autograder.simulator.nvflare_private import lazy_debug_texts
from tests.services.nothing_lost.forked import in_fork


def test_a_text_for_debugging_is_made_up_only_for_those_who_ask_for_it() -> None:
    def made_up() -> str:
        lazy_debug_texts.install()
        logger, text = logging.getLogger("cell"), _Text()
        adapter = SimpleNamespace(logger=logger, my_info=SimpleNamespace(fqcn=text))
        made = []
        for level in (logging.INFO, logging.DEBUG):
            logger.setLevel(level)
            with contextlib.suppress(AttributeError):
                CoreCell._process_received_msg(adapter, None, None, Message({}, b""))
            made.append(text.times)
        return json.dumps(made)

    assert json.loads(in_fork(made_up)) == [0, 1]


@pytest.mark.parametrize("function", lazy_debug_texts.TALKATIVE, ids=lambda function: function.__qualname__)
def test_what_says_much_for_debugging_is_the_same_otherwise(function: FunctionType) -> None:
    lazy = lazy_debug_texts._with_lazy_debug_texts(function)

    assert ".debug(" in inspect.getsource(function)
    assert (lazy.co_code, lazy.co_consts) != (function.__code__.co_code, function.__code__.co_consts)
    assert set(lazy.co_names) - {"isEnabledFor"} == set(function.__code__.co_names) - {"isEnabledFor"}
    assert (lazy.co_qualname, lazy.co_varnames, lazy.co_freevars, lazy.co_firstlineno) == (
        function.__code__.co_qualname,
        function.__code__.co_varnames,
        function.__code__.co_freevars,
        function.__code__.co_firstlineno,
    )


class _Text:
    """Stands in a text for debugging, and counts how often one is made up."""

    times = 0

    def __str__(self) -> str:
        self.times += 1
        return "text"
