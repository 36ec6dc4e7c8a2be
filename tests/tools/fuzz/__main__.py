"""``python -m tests.tools.fuzz``: try inputs at random for some minutes, and print those on which a property fails.

Every property is tried in a process of its own, which ends at a limit of CPU time: what takes for ever is found too.
Exit status 0 when all of them held.
"""

import argparse
import multiprocessing
import signal
import sys
import tempfile
import time
import traceback
from itertools import cycle
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.tools.fuzz.properties import PROPERTIES

_ROUND = 100
"""Inputs for a property before it is the next one's turn."""


_LONGEST = 5_000
"""Characters of an input, and of an exception, that are printed."""


def main(arguments: list[str]) -> int:
    """Try until the time is over."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=time.time_ns() % (1 << 32), help="of the inputs")
    parser.add_argument("properties", nargs="*", help=f"(default: all) {', '.join(PROPERTIES)}")
    told = parser.parse_args(arguments)
    if unknown := set(told.properties) - PROPERTIES.keys():
        parser.error(f"there is no property {', '.join(sorted(unknown))}; there are: {', '.join(PROPERTIES)}")
    print(f"seed {told.seed}", flush=True)
    until = time.monotonic() + 60 * told.minutes
    failed: set[str] = set()
    names = told.properties or list(PROPERTIES)
    for number, name in enumerate(cycle(names)):
        if time.monotonic() >= until or failed >= set(names):
            break
        if name not in failed and (why := _tried(name, told.seed + number)):
            failed.add(name)
            print(f"{name} does not hold:\n{why}\n", flush=True)
    print(f"{number} rounds of {_ROUND} inputs; {len(failed)} of {len(names)} properties do not hold.")
    return 1 if failed else 0


def _tried(name: str, number: int) -> str:
    """Try a property on some inputs in a process of its own. Return why it does not hold; empty when it does."""
    with tempfile.TemporaryDirectory(prefix="autograder-fuzz-") as folder:
        process = multiprocessing.get_context("fork").Process(target=_try, args=(name, number, Path(folder)))
        process.start()
        process.join()
        said = Path(folder, "said")
        if said.exists():
            return said.read_text(encoding="utf-8", errors="surrogateescape")
        if process.exitcode:
            last = Path(folder, "last").read_text(encoding="utf-8")[:_LONGEST]
            return (
                f"the process ended with {process.exitcode} (a limit of time is {-signal.SIGPROF}) at the input {last}"
            )
    return ""


def _try(name: str, number: int, folder: Path) -> None:
    tried = PROPERTIES[name]

    @seed(number)
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(tried.inputs)
    def holds(value: object) -> None:
        (folder / "last").write_text(ascii(value), encoding="utf-8")
        signal.setitimer(signal.ITIMER_PROF, tried.seconds)
        try:
            tried.holds(value)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)  # Hypothesis takes time of its own to make a failing input small

    try:
        holds()
    except BaseException:
        last = (folder / "last").read_text(encoding="utf-8")[:_LONGEST]
        said = f"{traceback.format_exc(limit=-20, chain=False)[-_LONGEST:]}\nat the input {last}"
        (folder / "said").write_text(said, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
