"""Which tests of a run share a process."""

import re
from pathlib import Path

import pytest

from tests.tools.schedule import ALONE

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
CONFTEST = """
import time
import pytest
from tests.tools import schedule

def pytest_xdist_make_scheduler(config, log):
    return schedule.scheduler(config, log)

@pytest.fixture(autouse=True)
def told(request, record_property):
    worker = request.config.workerinput["workerid"]
    record_property("worker", worker)
    if "corpus" in request.node.nodeid:
        meet(request.config.rootpath, worker)

def meet(folder, worker):
    # On a busy machine, one process would have done all before the other one begins.
    (folder / f"begun-{worker}").touch()
    end = time.monotonic() + 60
    while len(list(folder.glob("begun-*"))) < 2 and time.monotonic() < end:
        time.sleep(0.01)
"""
TESTS = """
import pytest

@pytest.mark.parametrize("number", range(12))
def test_many(number):
    pass
"""


def test_submissions_go_to_whichever_process_is_free_and_all_others_of_a_file_to_one(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    for path in ("tests/corpus/test_samples.py", "tests/services/test_class.py"):
        (pytester.path / path).parent.mkdir(parents=True)
        (pytester.path / path).write_text(TESTS)

    pytester.runpytest_inprocess("-n", "2", "--dist", "loadfile", "--junit-xml=told.xml").assert_outcomes(passed=24)

    told = (pytester.path / "told.xml").read_text()
    cases = re.findall(r'classname="tests\.(\w+)\..*?name="worker" value="(\w+)"', told, re.DOTALL)
    workers = {folder: {worker for where, worker in cases if where == folder} for folder, _ in cases}
    assert (len(workers["corpus"]), len(workers["services"])) == (2, 1)


def test_what_stands_alone_is_there() -> None:
    assert all(list(ROOT.glob(f"{beginning}*")) for beginning in ALONE)


def test_what_needs_more_than_python_is_where_make_looks_for_it() -> None:
    (folders,) = re.findall(r"^SHARED := .*?(tests/.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    marked = re.compile(r"pytest\.mark\.(simulator|slow)\b")
    paths = [path for path in (ROOT / "tests").rglob("test_*.py") if marked.search(path.read_text(encoding="utf-8"))]
    places = {"/".join(path.relative_to(ROOT).parts[:2]) for path in paths if path != Path(__file__)}
    assert places == set(folders.split())
