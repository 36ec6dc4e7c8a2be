"""The budget that the runs of one submission share, so that none takes the time of the whole class."""

from dataclasses import replace

from autograder.evidence.model import Evidence
from autograder.simulator.limits import Limits
from autograder.simulator.run import RunRecord


class Budget:
    """The seconds and CPU seconds that are left for the runs of a submission, those that are made once more included.

    Runs are charged as they would have been on an idle machine, and without the start of a sandbox. One ends when
    either is used up, and then there is no further one. A right answer takes some six seconds of either; what hangs in
    each exercise comes near the limit.

    Attributes:
        seconds: what was charged so far.
        cpu: what was charged so far of CPU seconds.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.seconds = 0.0
        self.cpu = 0.0

    def charge(self, record: RunRecord, evidence: Evidence) -> None:
        """Take off what a run has taken."""
        self.seconds += record.played
        self.cpu += sum(evidence.cpu.values())

    def within(self, limits: Limits) -> Limits:
        """Return the limits of the next run."""
        left = max(0.0, self._limits.budget - self.seconds), max(0.0, self._limits.cpu_budget - self.cpu)
        return replace(limits, budget=left[0], cpu_budget=left[1])

    @property
    def is_spent(self) -> bool:
        """Return whether nothing is left."""
        return self.seconds >= self._limits.budget or self.cpu >= self._limits.cpu_budget
