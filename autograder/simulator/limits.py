"""How long a run may take and how much it may use. Only wrong answers, or a machine in trouble, come near these."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one run. Those of time after the start are for an idle machine: see `autograder.simulator.pace`.

    Attributes:
        start: seconds after which the run is ended if the exercise has not begun, however slow the machine is.
        ready: seconds for which the start barrier waits for sites in any case; longer only for those that are no later
            than others were.
        exercise: seconds that the exercise may take, from its beginning until the run has settled.
        settle: seconds that messages may take to be handled after the exercise's workflow has ended.
        hold: seconds for which a settled run stays open when nobody stops it.
        grace: seconds for which a run goes on after a process with the student's code has ended by itself.
        wall: seconds after which a run is ended in any case.
        memory: bytes in all processes of a student's party together.
        processes: processes and threads of a student's party together.
        disk: bytes of each of the two places where a student's party can write, its own folder and ``/tmp``.
    """

    start: float = 300.0
    ready: float = 20.0
    exercise: float = 45.0
    settle: float = 15.0
    hold: float = 10.0
    grace: float = 2.0
    wall: float = 900.0
    memory: int = 1536 * MIB
    processes: int = 200
    disk: int = 96 * MIB


PROCESS_LIMITS = {
    "RLIMIT_DATA": 1024 * MIB,
    "RLIMIT_FSIZE": 64 * MIB,
    "RLIMIT_NOFILE": 1024,
    "RLIMIT_CPU": 20,
    "RLIMIT_CORE": 0,
}
"""Limits of each process with a student's code, in bytes, files and seconds of CPU time. A right answer needs about a
fifth of the data, a twentieth of the file size and a tenth of the time."""
