"""``python -m tests.tools.bench``: measure, and write docs/performance.md between its marks.

Nothing else should be at work on the machine meanwhile.
"""

import argparse
import os
import platform
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import psutil

from autograder.assignments import LADDER
from autograder.grading.concurrency import usable_cores
from tests.tools.bench import measures
from tests.tools.bench.classes import Graded
from tests.tools.bench.measures import Cost
from tests.tools.bench.profile import Step, importing, profile
from tests.tools.course_folder import NAME

PAGE = Path(__file__).parents[3] / "docs" / "performance.md"
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_PARTS = ("one", "steps", "class", "growth")
_MIB = 1 << 20


def main(arguments: list[str]) -> int:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="repetitions of what is a median (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="take every so-many-th sample (default: %(default)s)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2, 4, 8], help="at once (default: %(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[25, 200], help="(default: %(default)s)")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS, help="what to measure (default: all)")
    options = parser.parse_args(arguments)
    parts: dict[str, Callable[[], list[str]]] = {
        "one": lambda: _latency(options.times),
        "steps": lambda: _profile(options.times),
        "class": lambda: _throughput(options.jobs, options.every),
        "growth": lambda: _growth(options.sizes),
    }
    before = _measured_before(PAGE.read_text())
    found = {name: parts[name]() if name in options.parts else before.get(name, []) for name in parts}
    text = "\n".join([*_machine(), *(line for lines in found.values() for line in lines)])
    PAGE.write_text(re.sub(f"(?s){_BEGIN}.*{_END}", lambda _: f"{_BEGIN}\n{text}\n{_END}", PAGE.read_text()))
    print(text)
    return 0


def _measured_before(page: str) -> dict[str, list[str]]:
    """Return the lines of each part of a page, by the part's name."""
    measured = page.partition(_BEGIN)[2].partition(_END)[0]
    sections = (f"### {section}".rstrip("\n").split("\n") for section in measured.split("### ")[1:])
    return dict(zip(_PARTS, ([*lines, ""] for lines in sections), strict=False))


def _machine() -> list[str]:
    memory = psutil.virtual_memory().total / (1 << 30)
    model = next((line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")), "unknown")
    told = f"{usable_cores()} cores of a machine with {os.cpu_count()} ({model}), {memory:.0f} GiB of memory"
    return [
        f"{date.today()}, {told}, {platform.system()} {platform.release()}, Python {platform.python_version()}.",
        "",
    ]


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def _latency(times: int) -> list[str]:
    bare, imported = measures.bare_simulator(times), importing(times)
    checks = {name: measures.students_check(name, times) for name in LADDER}
    costs = {name: measures.one_grading(name, times) for name in LADDER}
    largest = measures.largest_run(times)
    ratio = statistics.median(bare) / statistics.median(checks[NAME])
    return [
        "### One at a time",
        "",
        *_table(
            ("what", "seconds, median", "from – to", "CPU seconds", "memory, MiB"),
            (f"bare `simulator_run`, the first exercise of `{NAME}`", *_spread(bare), "", ""),
            *(
                (f"`{name}`: a student's check of the first exercise", *_spread(checks[name]), "", "")
                for name in LADDER
            ),
            *((f"`{name}`: grading all exercises, sandbox on", *_cost(costs[name])) for name in LADDER),
            ("`consensus` of an author, 8 sites and 25 rounds: grading that run, sandbox on", *_cost(largest)),
            ("NVFlare is imported, once for many gradings", f"{imported.seconds:.1f}", "", f"{imported.cpu:.1f}", ""),
        ),
        f"A check of `{NAME}` answers in 1/{ratio:.1f} of the time of a bare `simulator_run`.",
        "",
    ]


def _spread(seconds: Sequence[float]) -> tuple[str, str]:
    return f"{statistics.median(seconds):.2f}", f"{min(seconds):.2f} – {max(seconds):.2f}"


def _cost(cost: Cost) -> tuple[str, str, str, str]:
    return f"{cost.seconds:.1f}", "", f"{cost.cpu:.1f}", f"{cost.memory / _MIB:.0f}"


def _profile(times: int) -> list[str]:
    steps = profile(times)
    seconds, cpu = sum(step.seconds for step in steps.values()), sum(step.cpu for step in steps.values())
    rows = [(name, *_shares(step, seconds, cpu)) for name, step in steps.items()]
    return [
        "### Where the time of a right submission goes",
        "",
        *_table((f"step, all runs of `{NAME}` together", "seconds", "of all", "CPU seconds", "of all"), *rows),
    ]


def _shares(step: Step, seconds: float, cpu: float) -> tuple[str, str, str, str]:
    return (
        f"{step.seconds:.2f}",
        f"{step.seconds / seconds:.0%}",
        f"{step.cpu:.2f}",
        f"{step.cpu / cpu:.0%}",
    )


def _throughput(levels: Sequence[int], every: int) -> list[str]:
    obvious = measures.obvious_way(2)
    found = {(NAME, jobs): measures.throughput(NAME, jobs, every) for jobs in levels}
    found |= {(name, levels[-1]): measures.throughput(name, levels[-1], every) for name in LADDER if name != NAME}
    rows = [
        (
            f"`{name}`, {jobs} at once",
            str(graded.submissions),
            f"{graded.a_minute:.1f}",
            f"{graded.a_minute / obvious.a_minute:.0f}",
        )
        for (name, jobs), graded in found.items()
    ]
    return [
        "### A class",
        "",
        *_table(
            ("way", "submissions", "a minute", "times the obvious way"),
            (
                f"`{NAME}`, nbgrader's `Execute` with a `simulator_run` for each exercise",
                "2",
                f"{obvious.a_minute:.1f}",
                "1",
            ),
            *rows,
        ),
    ]


def _growth(sizes: Sequence[int]) -> list[str]:
    found: dict[int, tuple[Graded, Graded]] = {size: measures.growth(size) for size in sizes}
    rows = [
        (str(size), f"{first.a_minute:.1f}", f"{first.memory / _MIB:.0f}", f"{again.seconds:.1f}")
        for size, (first, again) in found.items()
    ]
    head = ("right answers, none alike", "a minute", "memory of the grader, MiB", "seconds when nothing has changed")
    return ["### Growth", "", *_table(head, *rows)]


def _table(*rows: Sequence[str]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:], ""]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
