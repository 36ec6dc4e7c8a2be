"""nbgrader's check of the metadata of cells, without the check of its own schema that it makes for each of them."""

import contextlib
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from nbgrader.nbgraderformat import common


@contextlib.contextmanager
def taken_as_valid() -> Iterator[None]:
    """Let nbgrader take its schema as valid, which has come with it, and not look at it anew for each cell."""
    before = common.jsonschema
    common.jsonschema = SimpleNamespace(validate=_validate)
    try:
        yield
    finally:
        common.jsonschema = before


def _validate(metadata: Any, schema: Mapping[str, Any]) -> None:
    """Do what `jsonschema.validate` does with a valid schema."""
    if error := best_match(validator_for(schema)(schema).iter_errors(metadata)):
        raise error
