"""Keeps a gradebook's engine, and with it the statements that SQLAlchemy has compiled, from one opening to the next.

nbgrader opens the gradebook for each of its steps, about ten times a submission, and makes an engine each time. Whoever
closes the gradebook still closes its connections.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from nbgrader import api


@contextmanager
def kept() -> Iterator[None]:
    """Open each gradebook with one engine, however often, as long as this lasts."""
    create = api.create_engine
    api.create_engine = cache(create)
    try:
        yield
    finally:
        api.create_engine = create
