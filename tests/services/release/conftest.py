"""A copy of the course folder, as for the tests of releases that need no command."""

from tests.unit.release.conftest import course

__all__ = ["course"]  # a fixture
