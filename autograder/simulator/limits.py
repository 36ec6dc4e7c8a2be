"""How long a run may take. Only runs of wrong answers, or on a machine in trouble, come near these."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one run, in seconds. Those after the start are for an idle machine: see `autograder.simulator.pace`.

    Attributes:
        start: after this the run is ended if the exercise has not begun, however slow the machine is.
        ready: how long the start barrier waits for sites in any case; for those that others are ahead of, no longer.
        exercise: how long the exercise may take, from its beginning until the run has settled.
        settle: how long messages may take to be handled after the exercise's workflow has ended.
        hold: how long a settled run stays open when nobody stops it.
        grace: how long a run goes on after a process with the student's code has ended by itself.
    """

    start: float = 300.0
    ready: float = 20.0
    exercise: float = 45.0
    settle: float = 15.0
    hold: float = 10.0
    grace: float = 2.0
