"""Parties as new interpreters, where a process that has loaded libraries must not be forked, as on macOS.

`autograder.simulator.processes.supervisor` starts ``python -m autograder.simulator.processes.interpreters CONFIG`` for
each party. That costs one import of NVFlare each, so it is done only where it has to be, or when somebody asks for it.
"""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

from autograder.simulator.parties.party import run_party
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.processes import forking
from autograder.simulator.time_scale import TimeScale

START_METHOD = "AUTOGRADER_START_METHOD"
"""A variable of the environment: ``spawn`` for new interpreters, ``fork`` for forks; by default as Python itself."""
_PRINTED = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:backslashreplace"}


def are_needed() -> bool:
    """Return whether parties are to be new interpreters, as Python's own processes are here."""
    usual = multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]
    return os.environ.get(START_METHOD, usual) != "fork"


def start_party(config: PartyConfig, output: Path) -> "subprocess.Popen[bytes]":
    """Start a party. It writes a byte to its ``started_fd`` when it has imported NVFlare.

    Args:
        output: the file for what is printed.
    """
    with output.open("ab") as printed:
        return subprocess.Popen(
            [sys.executable, "-m", __name__, json.dumps(asdict(config))],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            env={**os.environ, **_PRINTED},
            pass_fds=config.descriptors,
            start_new_session=True,
        )


def main(text: str) -> None:
    """Import what a party needs, then be one."""
    forking.import_everything()
    fields = json.loads(text)
    config = PartyConfig(**{**fields, "sites": tuple(fields["sites"])})
    os.write(config.started_fd, b"!")
    forking.do_and_end(partial(run_party, config, TimeScale()))


if __name__ == "__main__":
    main(sys.argv[1])
