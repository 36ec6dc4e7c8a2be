"""How long a run may take. Only runs of wrong answers, or on a machine in trouble, come near these."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one run, in seconds.

    Attributes:
        wall: after this the whole process tree is ended, whatever it does.
        ready: how long the start barrier waits for sites to come up.
        settle: how long messages may take to be handled after the exercise's workflow has ended.
        hold: how long a settled run stays open when nobody stops it.
        grace: how long a run goes on after a process with the student's code has ended by itself.
    """

    wall: float = 75.0
    ready: float = 30.0
    settle: float = 15.0
    hold: float = 10.0
    grace: float = 2.0
