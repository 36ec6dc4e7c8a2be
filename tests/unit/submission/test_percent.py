"""The percent format."""

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.submission.percent import Part, Place, put_parts, read_parts

TEXT = """For readers only.
# %% [notebook]
import os

# %% before one
first = 1
# %% [one]

class A:
    pass

# %% after one
second = 2
# %% after one
third = 3
"""


@pytest.fixture
def notebook() -> NotebookNode:
    cells = [nbformat.v4.new_code_cell(name, metadata={"nbgrader": {"grade_id": name}}) for name in ("one", "two")]
    return nbformat.v4.new_notebook(cells=cells)


def test_parts_are_read_in_order_without_the_notebooks_own() -> None:
    assert read_parts(TEXT) == [
        Part(Place.BEFORE, "one", "first = 1"),
        Part(Place.INSTEAD, "one", "class A:\n    pass"),
        Part(Place.AFTER, "one", "second = 2"),
        Part(Place.AFTER, "one", "third = 3"),
    ]


def test_a_text_without_markers_has_no_parts() -> None:
    assert read_parts("x = 1") == []


def test_parts_are_put_where_they_belong(notebook: NotebookNode) -> None:
    solved = put_parts(notebook, read_parts(TEXT))

    assert [cell.source for cell in solved.cells] == [
        "first = 1",
        "class A:\n    pass",
        "second = 2",
        "third = 3",
        "two",
    ]
    assert [cell.source for cell in notebook.cells] == ["one", "two"]
    nbformat.validate(solved)


def test_the_same_parts_give_the_same_notebook(notebook: NotebookNode) -> None:
    assert put_parts(notebook, read_parts(TEXT)) == put_parts(notebook, read_parts(TEXT))


CLASS = """class A:
    \"\"\"Text.\"\"\"

    @property
    def old(self):
        return 1

    def kept(self): return 2

class B: pass"""
METHODS = """# %% [one]
class A: ...
# %% in A
@cache
async def old(self):
    return 3

def new(self):
    return 4
"""


def test_methods_take_the_place_of_those_of_a_class(notebook: NotebookNode) -> None:
    parts = [Part(Place.INSTEAD, "one", CLASS), *read_parts(METHODS)[1:]]

    assert (
        put_parts(notebook, parts).cells[0].source
        == """class A:
    \"\"\"Text.\"\"\"

    @cache
    async def old(self):
        return 3

    def kept(self): return 2

    def new(self):
        return 4

class B: pass"""
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# %% in C\ndef a(self): ...", "defines the class C"),
        ("# %% in B\ndef b(self): ...", "in one line"),
        ("# %% in A\nx = 1", "methods only"),
        ("# %% in A\ndef a(:", "are no Python"),
    ],
)
def test_what_can_be_no_method_is_named(notebook: NotebookNode, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        put_parts(notebook, [Part(Place.INSTEAD, "one", CLASS), *read_parts(text)])


@pytest.mark.parametrize("marker", ["# %% one", "# %%", "# %% [one] two", "# %% beside one"])
def test_an_unknown_marker_is_named(marker: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        read_parts(f"{marker}\n")


def test_a_cell_that_is_not_there_is_named(notebook: NotebookNode) -> None:
    with pytest.raises(ValueError, match="'three'"):
        put_parts(notebook, [Part(Place.INSTEAD, "three", "")])
