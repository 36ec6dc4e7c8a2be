"""What the runs of one submission may take together, so that none takes the time of the whole class."""

from autograder.evidence.model import Evidence
from autograder.simulator.limits import Limits
from autograder.simulator.run import RunRecord


class Budget:
    """The seconds and CPU seconds that are left for the runs of a submission.

    Runs are charged as they would have been on an idle machine, and without the start of a sandbox. A right answer
    takes some six seconds of either; what hangs in each exercise comes near the limit.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.budget
        self._cpu = limits.cpu_budget

    def charge(self, record: RunRecord, evidence: Evidence) -> None:
        """Take off what a run has taken."""
        self._seconds -= record.played
        self._cpu -= sum(evidence.cpu.values())

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self._seconds <= 0 or self._cpu <= 0
