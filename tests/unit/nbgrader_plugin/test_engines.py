"""One engine for a gradebook that is opened again and again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader import api
from nbgrader.api import Gradebook

from autograder.nbgrader_plugin import engines
from autograder.nbgrader_plugin.config import same_search_paths


@pytest.fixture(autouse=True)
def commands() -> Iterator[None]:
    """Let nbgrader find the command with which it makes a gradebook."""
    with same_search_paths():
        yield


def opened(path: Path, student: str) -> tuple[object, set[str]]:
    """Return the engine of a gradebook, and which students it has, after one more was entered."""
    with Gradebook(f"sqlite:///{path}") as gradebook:
        gradebook.add_student(student)
        return gradebook.engine, {one.id for one in gradebook.students}


def test_a_gradebook_is_opened_with_the_same_engine_as_long_as_it_lasts(tmp_path: Path) -> None:
    create = api.create_engine
    with engines.kept():
        (first, _), (again, students) = (opened(tmp_path / "gradebook.db", name) for name in ("anna", "ben"))
        other, others = opened(tmp_path / "other.db", "carl")
    later, all_students = opened(tmp_path / "gradebook.db", "dora")

    assert first is again
    assert len({id(engine) for engine in (first, other, later)}) == 3
    assert (students, others, all_students) == ({"anna", "ben"}, {"carl"}, {"anna", "ben", "dora"})
    assert api.create_engine is create


def test_what_was_compiled_for_one_opening_serves_the_next(tmp_path: Path) -> None:
    def compiled() -> int:
        with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
            assert not gradebook.students
            return len(gradebook.engine._compiled_cache)

    with engines.kept():
        assert compiled() == compiled() > 0


def test_a_gradebook_that_was_replaced_meanwhile_is_read_as_it_is(tmp_path: Path) -> None:
    with engines.kept():
        opened(tmp_path / "gradebook.db", "anna")
        opened(tmp_path / "other.db", "ben")
        (tmp_path / "other.db").replace(tmp_path / "gradebook.db")
        _, students = opened(tmp_path / "gradebook.db", "carl")

    assert students == {"ben", "carl"}
