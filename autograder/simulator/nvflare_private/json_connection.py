"""A connection between the server's process and a client's, of which either may run a student's code.

NVFlare's simulator pickles what it tells its clients and unpickles what they answer, so code in either process could
run code in the other's, freeze it, or let it load what it likes. Here only truth values, names and nothing pass, as a
few bytes of JSON.
"""

import json
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

LONGEST = 256
"""Bytes of one value."""

_NOT_GIVEN = object()


class JsonConnection:
    """Stands in for a connection of the simulator's.

    Args:
        refused: is called when something else than such a value came.
        first: what the first `recv` returns, whatever was sent: what a client is to be it has to know itself.
    """

    def __init__(
        self, connection: Connection, refused: Callable[[], None] = lambda: None, first: Any = _NOT_GIVEN
    ) -> None:
        self._connection = connection
        self._refused = refused
        self._first = first

    def send(self, value: Any) -> None:
        """Send a truth value or a name; anything else as nothing, with which the other process does not begin."""
        self._connection.send_bytes(json.dumps(value if isinstance(value, bool | str) else None).encode())

    def recv(self) -> Any:
        """Return the next value.

        Raises:
            OSError: when it is too long, or no truth value, name or nothing.
            EOFError: when the other process has ended.
        """
        try:
            value = _value(self._connection.recv_bytes(maxlength=LONGEST))
        except ConnectionResetError as error:  # it had not read all that it was sent
            raise EOFError from error
        except OSError:
            self._refused()
            raise
        if self._first is not _NOT_GIVEN:
            value, self._first = self._first, _NOT_GIVEN
        return value

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _value(data: bytes) -> bool | str | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise OSError("another process sent what is no JSON") from error
    if value is None or isinstance(value, bool | str):
        return value
    raise OSError(f"another process sent a {type(value).__name__}")
