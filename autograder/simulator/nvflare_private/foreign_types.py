"""Messages with objects of a class that only their sender knows, such as the members of an ``Enum`` of a student's.

FOBS puts no more than the name of a member and of its class on the wire, and a receiver that has not sent such an
object itself refuses the whole message. So a right answer would be lost at the course's own parties, and at a student's
site by who comes first. Here the value goes along, and where the class is not known the member is read as what it
equals.

No class is ever imported because a message names it: one that is not an ``Enum`` in a module that is there already
stays unknown. Written against nvflare 2.9.0, whose names ``tests/simulator/test_foreign_types.py`` checks.
"""

import sys
from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any

from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.fuel.utils.fobs import decomposer, fobs

VALUE = "__course_value__"
"""Under this key a member of an ``Enum`` has its value on the wire. NVFlare leaves it unread."""

_PLAIN = (str, int, float)


def install() -> None:
    """Write and read such objects in this process from now on."""
    fobs.Packer.pack = _packing(fobs.Packer.pack)
    fobs.Packer.unpack = _unpacking(fobs.Packer.unpack)


def plain_text(text: str) -> str:
    """Return a text for comparison: the value of an ``Enum`` member, whatever ``str`` makes of it."""
    return str.__str__(text)


def _packing(pack: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(pack)
    def packed(packer: fobs.Packer, obj: Any) -> Any:
        result = pack(packer, obj)
        if isinstance(obj, Enum) and isinstance(result, dict) and isinstance(obj.value, _PLAIN):
            plain = next((base for base in _PLAIN if isinstance(obj, base)), None)
            # Whether the member equals its value or only has it is told by whether it comes alone or in a list.
            result[VALUE] = [obj.value] if plain is None else obj.value
        return result

    return packed


def _unpacking(unpack: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(unpack)
    def unpacked(packer: fobs.Packer, obj: Any) -> Any:
        name = obj.get(fobs.FOBS_TYPE) if type(obj) is dict else None
        if not isinstance(name, str) or name in fobs._decomposers or name in fobs._type_name_whitelist:
            return unpack(packer, obj)
        found = _member(name, obj) if VALUE in obj else _container(obj)
        return unpack(packer, obj) if found is None else found  # which says that it does not know the class

    return unpacked


def _member(type_name: str, packed: dict[str, Any]) -> Any:
    """Return a member of an ``Enum``, the value that it equals, or a similar member; None for anything else."""
    member, value = str(packed.get(fobs.FOBS_DATA)), packed[VALUE]
    known = _enum_here(type_name)
    try:
        if known is not None:
            return known[member]
        if type(value) in _PLAIN:
            return value
        like_it: Any = Enum(type_name.rpartition(".")[2], {member: value[0]})  # type: ignore[misc]
        return like_it[member]
    except Exception:  # whatever the message holds
        return None


def _enum_here(type_name: str) -> type[Enum] | None:
    """Return the ``Enum`` of this name in a module that this process has imported."""
    module, _, name = type_name.rpartition(".")
    found = getattr(sys.modules.get(module), "__dict__", {}).get(name)
    return found if isinstance(found, type) and issubclass(found, Enum) else None


def _container(packed: dict[str, Any]) -> Any:
    """Return the dict or list that an object of a derived class equals; None for any other object."""
    content = packed.get(fobs.FOBS_DATA)
    if not isinstance(content, dict):
        return None
    inside = content.get(decomposer.DICT_CONTENT)
    if isinstance(inside, dict):
        whole = Shareable() if ReservedHeaderKey.HEADERS in inside else {}
        whole.update(inside)
        return whole
    items = content.get(decomposer.LIST_CONTENT)
    return items if isinstance(items, list) else None
