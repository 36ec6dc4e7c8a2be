"""The settings with which code that nobody has read is run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.simulator.limits import Limits
from autograder.simulator.sandbox.commands import Isolation, isolation_for_grading


@dataclass(frozen=True)
class RunSettings:
    """The isolation and the limits of runs."""

    isolation: Isolation
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def for_grading(cls, *, unsandboxed: bool = False, limits: Mapping[str, float] | None = None) -> "RunSettings":
        """Return the sandbox, and the default limits unless some are given.

        Args:
            unsandboxed: whether to go on where there is no sandbox.
            limits: those that are not to be the defaults: see `Limits.configured`.

        Raises:
            NoSandbox: when there is no sandbox, and nobody has said to go on without.
            CourseError: when there is no such limit, or a value is no positive number.
        """
        configured = Limits.configured(limits or {})
        return cls(isolation_for_grading(unsandboxed=unsandboxed), configured)

    @classmethod
    def for_remote_grading(
        cls, *, unsandboxed: bool = False, limits: Mapping[str, float] | None = None
    ) -> "RunSettings":
        """Return settings as `for_grading` does, for other machines, which find out whether they have a sandbox.

        Raises:
            CourseError: when there is no such limit, or a value is no positive number.
        """
        return cls(Isolation.NONE if unsandboxed else Isolation.SANDBOX, Limits.configured(limits or {}))
