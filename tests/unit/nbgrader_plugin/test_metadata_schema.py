"""nbgrader's check of metadata finds the same without the check of its own schema."""

from typing import Any

import pytest
from jsonschema import ValidationError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.nbgraderformat import common
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from autograder.nbgrader_plugin import metadata_schema

RIGHT = {"schema_version": 3, "grade_id": "a", "grade": True, "solution": False, "locked": True, "points": 1}
WRONG: list[dict[str, Any]] = [
    {"points": "many"},
    {"points": -1},
    {"grade": None},
    {"grade_id": "a cell"},
    {"cell_type": "text"},
    {"grade": "yes", "locked": 1, "points": []},
]


def cell(**changes: Any) -> NotebookNode:
    return new_code_cell(metadata={"nbgrader": {**RIGHT, **changes}})


def error_of(one: NotebookNode) -> str:
    with pytest.raises(ValidationError) as raised:
        MetadataValidatorV3().validate_cell(one)
    return str(raised.value)


@pytest.mark.parametrize("changes", WRONG)
def test_what_is_wrong_is_found_as_nbgrader_finds_it(changes: dict[str, Any]) -> None:
    told = error_of(cell(**changes))
    with metadata_schema.taken_as_valid():
        assert error_of(cell(**changes)) == told


def test_what_is_right_passes_and_nbgraders_own_check_comes_back() -> None:
    before = common.jsonschema
    with metadata_schema.taken_as_valid():
        MetadataValidatorV3().validate_cell(cell())
        assert common.jsonschema is not before
    assert common.jsonschema is before
