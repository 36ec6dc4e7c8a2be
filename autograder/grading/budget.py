"""What the runs of one submission may take together, so that none takes the time of the whole class."""

from dataclasses import replace

from autograder.evidence.model import Evidence
from autograder.simulator.limits import Limits
from autograder.simulator.run import RunRecord


class Budget:
    """The seconds and CPU seconds that are left for the runs of a submission, those that are made once more included.

    A run is not charged for the start of a sandbox, nor for what the machine was busy with others. It ends when either
    is used up, and then there is no further one. A right answer takes some six seconds of either; what hangs in each
    exercise comes near the limit.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.budget
        self._cpu = limits.cpu_budget

    def charge(self, record: RunRecord, evidence: Evidence) -> None:
        """Take off what a run has taken."""
        self._seconds -= record.played
        self._cpu -= sum(evidence.cpu.values())

    def within(self, limits: Limits) -> Limits:
        """The limits of the next run."""
        return replace(limits, budget=max(0.0, self._seconds), cpu_budget=max(0.0, self._cpu))

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self._seconds <= 0 or self._cpu <= 0
