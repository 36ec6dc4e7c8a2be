"""The ideas behind the hints of ``reliable_messaging``, each with the section of the notebook that teaches it."""

from autograder.rubric.concepts import Idea

_BOUNDED, _ONCE, _ALIVE = "Trying again, within bounds", "Once, whatever comes", "Slow or dead?"

ACKNOWLEDGED = Idea(
    "Only an OK says that a message was taken. Whatever else comes, or nothing: the sender does not know.",
    "What a reply tells",
)
RETRY = Idea("What was not acknowledged is sent again, to whom it was not, as long as there is a chance.", _BOUNDED)
BUDGET = Idea("Whoever tries again without bounds makes a network in trouble a network in worse trouble.", _BOUNDED)
BACKOFF = Idea("A pause that grows gives a peer time to recover, and costs little where it recovers at once.", _BOUNDED)
HONEST = Idea("Whoever gives up has to say so, or everybody goes on as if it were done.", _BOUNDED)
IDEMPOTENT = Idea("A message that may come twice has to be harmless the second time, and is acknowledged again.", _ONCE)
ATOMIC = Idea("Between a look and an act of one thread another one can act: both belong under one lock.", _ONCE)
IDENTITY = Idea("An item is known by who sent it and how the sender calls it; not by one of them, or its text.", _ONCE)
FAILURE = Idea(
    "A slow peer and a dead one look the same until the wait is over. Only a bound tells them apart.", _ALIVE
)
