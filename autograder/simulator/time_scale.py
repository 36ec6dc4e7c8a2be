"""Scales limits to how fast this machine is at the moment, so that none hits a right answer on a busy one.

How long the sites of a run need to get ready, from when their processes were forked, is the measure: they all do the
same. On two idle cores that takes about a second, and half a minute when a dozen runs share them.
"""

import math
import time

USUAL_START = 2.0
"""Seconds from the forks of the parties until all sites are ready, at most, on two idle cores."""

_PEERS_AHEAD = 5.0
"""A site may take so many times as long to get ready as the slowest of those that are."""


_SLOWEST = 15.0
"""Beyond this a machine is in trouble, and no limit is made longer."""


def factor_of(seconds: float) -> float:
    """Return how many times slower than an idle machine one is whose exercise begins after so many seconds."""
    return min(max(1.0, seconds / USUAL_START), _SLOWEST)


def between_looks(waited: float, shortest: float, longest: float) -> float:
    """Return the seconds until the next look at something that has been waited for so long already: a tenth of them."""
    return min(max(shortest, waited / 10), longest)


class TimeScale:
    """The time scale of one run, in the process of one of its parties. Its clock starts when it is made."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last_ready = 0.0
        self._begun = False
        self._began = 0.0
        self.factor = 1.0

    def note_ready(self) -> None:
        """Note that one more site is ready."""
        self._last_ready = time.monotonic() - self._started

    def patience_for_others(self, patience: float) -> float:
        """Return how many seconds from now to wait for sites that are not ready yet.

        As long as none is ready there is nothing to go by, and whoever started the run decides how long that may last.

        Args:
            patience: seconds from the start for which they are waited for in any case.
        """
        if not self._last_ready:
            return math.inf
        return max(patience, _PEERS_AHEAD * self._last_ready) - (time.monotonic() - self._started)

    def begin(self) -> None:
        """Let the exercise begin: from now on `allow` goes by how long that took. Only the first call counts."""
        if not self._begun:
            self._begun = True
            self._began = time.monotonic()
            self.factor = factor_of(self._began - self._started)

    @property
    def since_begin(self) -> float:
        """Return the seconds since the exercise began, as they would have been on an idle machine; 0 before."""
        return (time.monotonic() - self._began) / self.factor if self._begun else 0.0

    def allow(self, seconds: float) -> float:
        """Return a limit for this machine, made longer by as much as this one is slower than an idle one."""
        return seconds * self.factor
