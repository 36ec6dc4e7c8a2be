"""Counts of the messages that have passed a witness."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Passed:
    """The counts at one moment. What NVFlare and the course send by themselves is left out.

    Attributes:
        sent_by: messages by their sender.
        sent_to: deliveries by the receiver.
        replies_to: replies by who waits for them.
        arrived: deliveries by sender, receiver and topic.
        owed_by: requests that have yet to be answered, by who owes it; replies on their way included.
    """

    sent_by: Counter[str] = field(default_factory=Counter)
    sent_to: Counter[str] = field(default_factory=Counter)
    replies_to: Counter[str] = field(default_factory=Counter)
    arrived: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    owed_by: Counter[str] = field(default_factory=Counter)
