"""Some of the costliest submissions keep to their budget; what does not is told."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.simulator.limits import Limits
from tests.corpus.hostile.costs import Cost, candidates
from tests.corpus.hostile.worst import WORST, troubles_of
from tests.tools import needs

LIMITS = Limits()
FINE = Cost("it", seconds=LIMITS.budget, charged=LIMITS.budget, cpu=LIMITS.cpu_budget, memory=LIMITS.run_memory)


def test_twenty_are_named_and_each_is_there() -> None:
    assert len(set(WORST)) == 20
    assert set(WORST) <= {one.name for one in candidates()}


def test_what_is_within_the_limits_is_no_trouble() -> None:
    assert troubles_of([FINE, FINE], 6, LIMITS) == []
    slow = replace(FINE, seconds=4 * LIMITS.budget)
    assert troubles_of([slow, slow], 6, LIMITS) == [], "the machine has other work"


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (replace(FINE, charged=2 * LIMITS.budget), "220 of 110 seconds"),
        (replace(FINE, cpu=2 * LIMITS.cpu_budget), "120 of 60 CPU seconds"),
        (replace(FINE, memory=3 * LIMITS.run_memory), "9216 MiB"),
        (replace(FINE, wrong="it has {}"), "it: it has {}"),
    ],
)
def test_what_is_not_is_told(cost: Cost, told: str) -> None:
    (trouble,) = troubles_of([FINE, cost], 6, LIMITS)
    assert told in trouble


def test_a_class_that_takes_too_long_is_told() -> None:
    late = replace(FINE, began=LIMITS.budget + 1)
    assert troubles_of([FINE] * 5 + [late], 6, LIMITS) == ["That is longer than the budgets allow."]


@pytest.mark.sampled(0)  # every night the command grades all of them
@pytest.mark.simulator
@pytest.mark.slow
@needs.SANDBOX
def test_the_command_says_what_each_has_cost() -> None:
    names = ["memory_shared", "sleep_at_import"]
    command = [sys.executable, "-m", "tests.corpus.hostile.worst", *names]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [sum(line.startswith(name) for line in done.stdout.splitlines()) for name in names] == [2, 2]
    assert "The class took" in done.stdout
