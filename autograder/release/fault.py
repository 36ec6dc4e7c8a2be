"""A fault of a release."""

from dataclasses import dataclass

Wrong = tuple[str, str]
"""A finding, and what to do about it."""


@dataclass(frozen=True)
class Fault:
    """Something that must not be so in a release.

    Attributes:
        where: the file, and the cell in it.
        what: what was found.
        remedy: what to do about it.
    """

    where: str
    what: str
    remedy: str
