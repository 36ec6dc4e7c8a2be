"""``python -m tests.corpus.hostile.worst``: grade a class of the costliest submissions, and print what each costs.

They are graded as many at once as the cores and the memory of this machine allow, as ``grade`` does. Exit status 0 when
each got what it must get and stayed within its budget, and the class within the time that the budgets allow.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.concurrency import slots
from autograder.simulator.limits import MIB, Limits
from tests.corpus.hostile.costs import Cost, candidates, costs_of
from tests.tools.course_folder import make_course

WORST = (
    "constructor_that_stretches_limits",
    "nonces_in_files",
    "system_exit_in_handler",
    "loop_in_c_at_import",
    "regex_catastrophe",
    "thread_bomb",
    "loop_in_c",
    "stop_itself",
    "loop_in_handler",
    "memory_in_a_list",
    "deadlock_in_handler",
    "loop_in_control_flow",
    "slow_import_then_nested_pickle",
    "monitor_never_answers",
    "counts_never_agree",
    "handler_loops",
    "handler_sleeps",
    "execute_waits_for_ever",
    "memory_shared",
    "fork_bomb",
)
"""The costliest there are: of seconds, as ``python -m tests.corpus.hostile.worst --find`` names them, and of memory."""


def main(arguments: list[str]) -> int:
    """Grade the class. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.hostile.worst", description=__doc__)
    parser.add_argument("names", nargs="*", help="others than these")
    parser.add_argument("--find", action="store_true", help="grade all there are, and name the costliest")
    options = parser.parse_args(arguments)
    limits, jobs = Limits(), slots()
    with tempfile.TemporaryDirectory(prefix="worst-") as folder:
        course = make_course(Path(folder, "course"))
        every = {one.name: one for one in candidates()}
        names = list(every) if options.find else options.names or WORST
        if unknown := [name for name in names if name not in every]:
            parser.error(f"no such submission: {', '.join(unknown)}")
        print(f"{len(names)} submissions, {jobs.number} at once: {jobs.why}.", flush=True)
        costs = []
        for cost in costs_of([every[name] for name in names], course, jobs.number):
            costs.append(cost)
            print(line(cost, limits), flush=True)
    costliest = sorted(costs, key=lambda cost: cost.charged, reverse=True)[: len(WORST)]
    print(f"\n{HEADER}", *(line(cost, limits) for cost in costliest), sep="\n")
    troubles = troubles_of(costs, jobs.number, limits)
    took, most = class_time(costs), allowed(costs, jobs.number, limits)
    print(f"\nThe class took {took:.0f} of {most:.0f} seconds.", *troubles, sep="\n")
    return 1 if troubles else 0


def class_time(costs: Sequence[Cost]) -> float:
    """Return the seconds from the first beginning to the last end."""
    return max(cost.ended for cost in costs) - min(cost.began for cost in costs)


def allowed(costs: Sequence[Cost], jobs: int, limits: Limits) -> float:
    """Return the seconds that a class may take of which each submission spends all of its budget.

    Budgets are for an idle machine. How much slower this one was is seen at the submission that tells it best.
    """
    slower = min((cost.seconds / cost.charged for cost in costs if cost.charged), default=1.0)
    return (len(costs) / jobs + 1) * limits.budget * max(1.0, slower)


def troubles_of(costs: Sequence[Cost], jobs: int, limits: Limits) -> list[str]:
    """Return everything that is not as it must be, in words."""
    found = [f"{cost.name}: {cost.wrong}" for cost in costs if cost.wrong]
    found += [f"{cost.name} is past its budget: {told}" for cost in costs for told in cost.past(limits)]
    if class_time(costs) > allowed(costs, jobs, limits):
        found.append("That is longer than the budgets allow.")
    return found


HEADER = f"{'submission':<34}  {'seconds':>7}  {'charged':>7}  {'CPU':>5}  {'MiB':>5}  as it must be"


def line(cost: Cost, limits: Limits) -> str:
    """Return a line of the table."""
    numbers = f"{cost.seconds:7.1f}  {cost.charged:7.1f}  {cost.cpu:5.1f}  {cost.memory // MIB:5d}"
    told = "; ".join([*([cost.wrong] if cost.wrong else []), *cost.past(limits)])
    return f"{cost.name:<34}  {numbers}  {f'NO: {told}' if told else 'yes'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
