"""From the logs and the journal of a run to the messages that were sent, answered and logged."""
