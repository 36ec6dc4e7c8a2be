"""A fault of a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.release.fault_words import TEMPLATES
from autograder.report.reasons import Datum, Reason, in_words

Wrong = Reason
"""What is wrong with something of which only the caller knows where it stands."""

_SOME_SEEDS = "[ That is so for {seeds} seeds, such as {first_seed}.]"


@dataclass(frozen=True)
class Fault:
    """Something that must not be so in a release.

    Attributes:
        where: the file, and the cell in it.
        code: which fault it is, such as ``stub.no_method``.
        data: what belongs to it, by name.
    """

    where: str
    code: str
    data: Mapping[str, Datum] = field(default_factory=dict, hash=False)

    @property
    def what(self) -> str:
        """Return what was found, in words."""
        return in_words(TEMPLATES[self.code][0] + _SOME_SEEDS, self.data)

    @property
    def remedy(self) -> str:
        """Return what to do about it."""
        return in_words(TEMPLATES[self.code][1], self.data)
