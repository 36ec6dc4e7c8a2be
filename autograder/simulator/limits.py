"""The limits of time and resources of a run. Only wrong answers, or a machine in trouble, come near these."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from autograder.course import CourseError

MIB = 1 << 20
_SIGNALS = 1024
"""Signals that wait for a process, and timers that it makes. The kernel's own limit lets them fill 40 MB and more."""


@dataclass(frozen=True)
class Limits:
    """Limits of one run. Those of time after the start are for an idle machine: see `autograder.simulator.time_scale`.

    Attributes:
        start: seconds after which the run is ended if the exercise has not begun, however slow the machine is.
        ready: seconds for which the start barrier waits for sites in any case; longer only for those that are no later
            than others were.
        exercise: seconds that the exercise may take, from its beginning until the run has settled.
        settle: seconds that messages may take to be handled after the exercise's workflow has ended.
        threads: of these, seconds for which threads are waited for that the student's code has started.
        hold: seconds for which a settled run stays open when nobody stops it.
        grace: seconds for which a run goes on after a process with the student's code has ended by itself.
        wall: seconds after which a run is ended in any case.
        memory: bytes in all processes of a student's party together, with what the kernel may hold for each: see
            `autograder.simulator.processes.usage`.
        course_memory: bytes in the process of each of the course's own parties. Only what a student's code sends can
            fill it: a server that serves a right answer has about a tenth.
        run_memory: bytes in all processes of a run together, with what the kernel holds for their sockets and files.
        processes: processes and threads of a student's party together. Among eight sites that exchange messages,
            NVFlare has dozens of threads in each.
        disk: bytes of the folders in which the student's parties of a run work, together, and of each one's ``/tmp``.
        heap: bytes of data of each process with a student's code. A right answer needs about a fifth of it.
        file_size: bytes of a file that such a process writes. A right answer's log has about 20 kB.
        open_files: files that such a process has open.
        cpu: seconds of CPU time of such a process, of which half at most are for the exercise, once its code is loaded.
            A right answer takes about one.
        budget: seconds that all runs of a submission may take together; those of a right answer take about six.
        cpu_budget: CPU seconds of the student's parties in all runs of a submission together.
        log: bytes of a party's log that are read.
    """

    start: float = 300.0
    ready: float = 20.0
    exercise: float = 45.0
    settle: float = 15.0
    threads: float = 8.0
    hold: float = 10.0
    grace: float = 2.0
    wall: float = 900.0
    memory: int = 1536 * MIB
    course_memory: int = 512 * MIB
    run_memory: int = 3072 * MIB
    processes: int = 400
    disk: int = 96 * MIB
    heap: int = 1024 * MIB
    file_size: int = 64 * MIB
    open_files: int = 1024
    cpu: int = 10
    budget: float = 110.0
    cpu_budget: float = 60.0
    log: int = 4 * MIB

    @property
    def of_process(self) -> dict[str, int]:
        """Return the limits of each process by their names in the ``resource`` module."""
        return {
            "RLIMIT_DATA": self.heap,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_CORE": 0,
            "RLIMIT_SIGPENDING": _SIGNALS,
        }

    @property
    def of_course_process(self) -> dict[str, int]:
        """Return the limits as `of_process` does, for a party of the course's own."""
        unlimited = ("RLIMIT_CPU", "RLIMIT_NPROC")
        return {name: value for name, value in self.of_process.items() if name not in unlimited}

    @classmethod
    def configured(cls, values: Mapping[str, float]) -> "Limits":
        """Return the defaults with some of them changed: see `changed`."""
        return cls().changed(values)

    def changed(self, values: Mapping[str, float]) -> "Limits":
        """Return these limits with some of them changed.

        Raises:
            CourseError: when there is no such limit, or a value is no positive number.
        """
        now = asdict(self)
        if unknown := sorted(values.keys() - now.keys()):
            raise CourseError(f"there is no limit {', '.join(unknown)}; there are: {', '.join(sorted(now))}.")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise CourseError(f"the limit {name} is {value!r}; it has to be a number above 0.")
        return replace(self, **{name: type(now[name])(value) for name, value in values.items()})
