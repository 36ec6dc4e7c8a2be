"""What a test run plays of tests that have many cases."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
from tests.tools import sampling

def pytest_addoption(parser):
    sampling.add_option(parser)

def pytest_configure(config):
    config.addinivalue_line("markers", "sampled(cases): a sample")

def pytest_collection_modifyitems(items, config):
    sampling.keep_sample(items, config)
"""
TESTS = """
import pytest
from tests.tools.sampling import played

@pytest.mark.sampled(3)
@pytest.mark.parametrize("number", range(10))
def test_many(number):
    pass

@pytest.mark.sampled(3)
@pytest.mark.parametrize("number", range(2))
def test_few(number):
    pass

def test_what_is_prepared(request):
    print("prepared:", played(request.session, "test_many", "number"))
"""


@pytest.mark.parametrize(
    ("options", "passed", "left_out", "prepared"), [([], 6, 7, [0, 3, 6]), (["--all-cases"], 13, 0, [*range(10)])]
)
def test_a_sample_is_played_and_prepared_and_all_where_that_is_asked_for(
    pytester: pytest.Pytester, options: list[str], passed: int, left_out: int, prepared: list[int]
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)

    result = pytester.runpytest_inprocess("-v", "-s", *options)

    result.assert_outcomes(passed=passed, deselected=left_out)
    assert ("test_many[6]" in result.stdout.str()) and ("test_few[1]" in result.stdout.str())
    assert f"prepared: {prepared}" in result.stdout.str()
