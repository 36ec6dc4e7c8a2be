"""Tells of a call of a stand-in, which does nothing else. See `autograder.submission.stand_in`."""

from typing import Any

from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import Shareable, make_reply

from autograder.simulator.parties.context import this_party

_MOST_TOLD = 10
"""Calls with the same first argument that are told of. A right answer makes one or two."""


def called(method: str, arguments: list[Any], *, replies: bool) -> Shareable | None:
    """Journal that a method of a stand-in was called, with its first argument if that is a text.

    Args:
        method: such as ``Sender.execute``.
        replies: whether to return a reply that says OK.
    """
    detail = str(arguments[0])[:100] if arguments and isinstance(arguments[0], str) else ""
    party = this_party()
    party.stand_in_calls[method, detail] += 1
    if party.stand_in_calls[method, detail] <= _MOST_TOLD:
        party.journal.write("stood in", method=method, detail=detail)
    return make_reply(ReturnCode.OK) if replies else None
