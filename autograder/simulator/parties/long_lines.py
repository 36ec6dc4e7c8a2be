"""Cutting lines of the log that are longer than any line that counts.

NVFlare's handlers format a line one by one, search it and write it into several files. With one of 100 MB that takes
seconds of every site, so how busy the machine is would decide whether ``execute`` returns in time.
"""

import logging

LONGEST = 1 << 20
"""Characters of a line. A whole log may have few times as many bytes."""


class CutRecord(logging.LogRecord):
    """A record of the log whose message is cut where it is too long."""

    def getMessage(self) -> str:  # noqa: N802  # the name is logging.LogRecord's
        """Return the message, or its beginning and how long it was."""
        message = super().getMessage()
        if len(message) <= LONGEST:
            return message
        return f"{message[:LONGEST]} … (cut: {len(message)} characters)"


def cut() -> None:
    """Cut long lines in this process from now on."""
    logging.setLogRecordFactory(CutRecord)
