"""Grade the model answers of the five assignments again and again: ``make authoring``."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from autograder.cli import main
from autograder.cli.jobs import at_least_one
from tests.authoring import NAMES, lay_out


def proven(name: str, times: int, busy: int, jobs: int) -> bool:
    """Release and verify an assignment of the current course folder, and grade its model answer and its stub."""
    again = ["repeat", name, "--jobs", str(jobs)]
    commands = [
        ["release", name],
        ["verify", name],
        [*again, "--times", "1", "--released", "--expect", "0"],
        [*again, "--times", str(times)],
        [*again, "--times", str(busy), "--busy"],
    ]
    states = [main(command) for command in commands]  # all of them, whatever comes of those before
    return not any(states)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.authoring", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ASSIGNMENT", help=f"{', '.join(NAMES)}; by default all")
    parser.add_argument("--times", type=at_least_one, default=100, help="gradings (default: %(default)s)")
    parser.add_argument(
        "--busy", type=at_least_one, default=20, help="the same beside other work (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=at_least_one, default=8, help="gradings at once (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    names = arguments.names or NAMES
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(lay_out(Path(folder, "course")).root)
        found = {name: proven(name, arguments.times, arguments.busy, arguments.jobs) for name in names}
        os.chdir(folder)
    for name, is_proven in found.items():
        print(f"{name}: {'always as expected' if is_proven else 'NOT as expected, see above'}")
    sys.exit(not all(found.values()))
