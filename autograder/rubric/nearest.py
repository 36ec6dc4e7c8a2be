"""The nearest name there is to one that is not there, for attributes of what NVFlare gives to a component.

NVFlare is imported only when a student has mistyped one of its names.
"""

import builtins
import difflib
import importlib
import re
import threading
from functools import cache
from typing import NamedTuple

from autograder.simulator.nvflare_private.log_texts import CLIENT_ENGINE, ENGINES

_MISSING = re.compile(
    r"AttributeError: (?:type object )?'(?P<owner>\w{1,100})'(?: object)? has no attribute '(?P<name>\w{1,100})'"
)
_ALIKE = 0.65
_IMPORTING = threading.Lock()
_WHERE = {
    **ENGINES,
    "Client": "nvflare.apis.client",
    "Controller": "nvflare.apis.impl.controller",
    "DXO": "nvflare.apis.dxo",
    "DataKind": "nvflare.apis.dxo",
    "EventType": "nvflare.apis.event_type",
    "Executor": "nvflare.apis.executor",
    "FLContext": "nvflare.apis.fl_context",
    "ReservedKey": "nvflare.apis.fl_constant",
    "ReturnCode": "nvflare.apis.fl_constant",
    "Shareable": "nvflare.apis.shareable",
    "Signal": "nvflare.apis.signal",
    "SiteType": "nvflare.apis.fl_constant",
    "Task": "nvflare.apis.controller_spec",
}
"""The classes with which a student's component has to do, and the modules that define them."""


class Meant(NamedTuple):
    """A name that may have been meant, and whether it is one of the engine's."""

    name: str
    of_engine: bool = False


def meant(error: str) -> Meant | None:
    """Return the nearest name for an ``AttributeError``; None where there is none, or Python asks itself."""
    missing = _MISSING.search(error)
    if missing is None or "Did you mean" in error or not _is_asked_about(missing["owner"]):
        return None
    owner, name = missing["owner"], missing["name"]
    if own := nearest(name, owner if owner in _WHERE else "Executor"):
        return Meant(own)
    of_engine = nearest(name, CLIENT_ENGINE)
    return Meant(of_engine, of_engine=True) if of_engine else None


def lacks_the_engine(error: str) -> bool:
    """Return whether an ``AttributeError`` comes from asking something else for what only the engine has."""
    missing = _MISSING.search(error)
    if missing is None or missing["owner"] in ENGINES or not _is_asked_about(missing["owner"]):
        return False
    found = meant(error)
    return missing["name"] in _names(CLIENT_ENGINE) or (found is not None and found.of_engine)


def _is_asked_about(owner: str) -> bool:
    """Return whether a class can be NVFlare's or a component of the student's, and none of Python's own."""
    return owner in _WHERE or not (hasattr(builtins, owner) or owner in ("NoneType", "function", "method", "module"))


def nearest(name: str, class_name: str) -> str:
    """Return the public name of these classes that is most like a name; empty if none is, or it is one."""
    there = _names(class_name)
    found = difflib.get_close_matches(name, there, n=1, cutoff=_ALIKE) if name not in there else []
    return "".join(found)


@cache
def _names(class_name: str) -> tuple[str, ...]:
    # Modules of NVFlare import each other. Threads that begin with different ones find them half imported.
    with _IMPORTING:
        found = getattr(importlib.import_module(_WHERE[class_name]), class_name)
    return tuple(name for name in dir(found) if not name.startswith("_"))
