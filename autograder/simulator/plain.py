"""A connection between two processes of a run of which one may be a student's: it loads plain values only.

NVFlare's simulator pickles what it tells its clients and unpickles what they answer, so code in either process could
run code in the other's.
"""

import io
import pickle
from collections.abc import Callable, Collection
from multiprocessing.connection import Connection
from typing import Any

LONGEST = 1 << 16
"""Bytes of one value. What is really sent takes less than two thousand."""


class PlainConnection:
    """A connection whose ``recv`` makes objects of no classes but the allowed ones.

    Args:
        allowed: pairs of a module and a class in it.
        change: is applied to everything received.
    """

    def __init__(
        self,
        connection: Connection,
        allowed: Collection[tuple[str, str]] = (),
        change: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        self._connection = connection
        self._allowed = allowed
        self._change = change

    def send(self, value: Any) -> None:
        """Pickle and send a value."""
        self._connection.send(value)

    def recv(self) -> Any:
        """The next value.

        Raises:
            OSError: when it is too long, or holds anything else than plain values and the allowed classes.
            EOFError: when the other process has ended.
        """
        data = self._connection.recv_bytes(maxlength=LONGEST)
        return self._change(_Unpickler(io.BytesIO(data), self._allowed).load())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, allowed: Collection[tuple[str, str]]) -> None:
        super().__init__(file)
        self._allowed = allowed

    def find_class(self, module_name: str, global_name: str) -> Any:
        if (module_name, global_name) in self._allowed:
            return super().find_class(module_name, global_name)
        raise OSError(f"another process sent a pickle of {module_name}.{global_name}")
