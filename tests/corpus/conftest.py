"""What tests that grade submissions share: a course folder, and results of exercises, of which many are the same."""

from collections.abc import Iterator

import pytest

from autograder import assignments
from autograder.grading.store import Store
from autograder.simulator.sandbox_pool import SandboxPool
from tests.services.conftest import course_at
from tests.tools.shared import common_folder

__all__ = ["course_at"]  # a fixture


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """By assignment, results of exercises by content, for all processes of a test run.

    So the many exercises that are the model answer's are played once, as they are when a class is graded.
    """
    return {name: Store(common_folder(tmp_path_factory) / "results", name) for name in assignments.LADDER}


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[SandboxPool]:
    """The sandboxes that the submissions of a module share, as those of a class do."""
    with SandboxPool() as sandboxes:
        yield sandboxes
