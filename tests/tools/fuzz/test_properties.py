"""Each property holds for a few inputs, which are the same in every run."""

import time

import pytest
from hypothesis import HealthCheck, given, settings

from tests.tools.fuzz.properties import PROPERTIES

FEW = settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", PROPERTIES)
def test_it_holds(name: str) -> None:
    tried = PROPERTIES[name]

    @FEW
    @given(tried.inputs)
    def holds(value: object) -> None:
        begun = time.process_time()
        tried.holds(value)
        assert time.process_time() - begun < tried.seconds

    holds()
