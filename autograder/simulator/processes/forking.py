"""Processes forked from one that has imported NVFlare: the supervisor of a run, and its parties."""

import gc
import importlib
import io
import os
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from autograder.simulator.parties.party import run_party
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.sandbox import join
from autograder.simulator.sandbox.inner import Confinement
from autograder.simulator.time_scale import TimeScale

_IN_PARTIES = tuple(f"autograder.simulator.parties.{name}" for name in ("client", "server", "components", "conducting"))
"""What parties import of this package: what runs in them, and what NVFlare loads by the names in a job."""
_MORE_THAN_ANY_DESCRIPTOR = 1 << 16
_OBJECTS = 10_000
"""New objects after which the youngest are searched for garbage, of which a run makes little. Python has 700."""


def import_everything() -> None:
    """Import what parties need, with all of NVFlare, so that processes forked from this one need not.

    No thread starts by that. None may have started in a process that forks.
    """
    gc.disable()  # nothing of it is garbage, and to look takes a fifth of the time
    for module in _IN_PARTIES:
        importlib.import_module(module)
    from autograder.simulator.nvflare_private import cheap_start

    cheap_start.prepare()
    gc.freeze()
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()


def fork_party(config: PartyConfig, output: Path, confinement: Confinement | None) -> int:
    """Fork a process that is a party and nothing else: see `fork`.

    Args:
        confinement: the sandbox for the party; None for one in whose process no student's code runs.
    """
    enter = partial(_go_inside, confinement, config.work_dir, filtered=True) if confinement else None
    return fork(partial(run_party, config, TimeScale()), config.descriptors, output, enter)


def fork_supervisor(supervise: Callable[[], None], channel: int, output: Path, made: Confinement, work_dir: str) -> int:
    """Fork the process that supervises a run in the sandbox made for it: see `fork`.

    Args:
        channel: the one descriptor that is its own.
        work_dir: the folder in that sandbox in which it works.
    """
    return fork(supervise, (channel,), output, partial(_go_inside, made, work_dir, filtered=False))


def fork(task: Callable[[], None], descriptors: tuple[int, ...], output: Path, enter: Callable[[], None] | None) -> int:
    """Fork a process that does a task and nothing else. Return its number; it ends with status 0 if the task returns.

    Args:
        descriptors: those that it keeps open.
        output: the file for what is printed.
        enter: takes it into its sandbox; None when it stays in that of this process.
    """
    pid = os.fork()
    if not pid:
        _become(task, descriptors, output, enter)
    return pid


def _become(
    task: Callable[[], None], descriptors: tuple[int, ...], output: Path, enter: Callable[[], None] | None
) -> None:
    """Become a party; never returns."""

    def begin() -> None:
        os.setsid()
        _keep_only(descriptors, output)
        if enter is not None:
            enter()
        task()

    do_and_end(begin)


def do_and_end(task: Callable[[], None]) -> NoReturn:
    """Do a task, and end this process then, whatever threads it has: with status 0 unless the task raises."""
    try:
        task()
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def _keep_only(descriptors: tuple[int, ...], output: Path) -> None:
    """Close what is the parent's or another child's: its files, its journals, its connections to the others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor, target in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(descriptor, target)
    for last, following in pairwise([2, *sorted(descriptors), _MORE_THAN_ANY_DESCRIPTOR]):
        os.closerange(last + 1, following)
    sys.stdout, sys.stderr = _unbuffered(1), _unbuffered(2)


def _unbuffered(descriptor: int) -> io.TextIOWrapper:
    """Return an unbuffered output: what is printed must be in its file when the process is killed at the end."""
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)  # type: ignore[arg-type]  # as with -u


def _go_inside(confinement: Confinement, work_dir: str, *, filtered: bool) -> None:
    """Return in a process inside; the parent waits and exits with the child's status, without files or rights."""
    if confinement.first is None:
        raise RuntimeError("bubblewrap could not make this sandbox; what it said is above")
    join.enter(confinement.first, filtered=filtered)
    os.chdir(work_dir)
    if inside := os.fork():  # whoever joins a process namespace is not in it; only its children are
        os.closerange(0, _MORE_THAN_ANY_DESCRIPTOR)
        code = os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
