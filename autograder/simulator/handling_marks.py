"""Marks in the log of a receiver: each stands where a handler is about to get a message.

NVFlare logs nothing when a handler is called. Of a message that comes twice only the order of lines tells whether the
first one was logged.
"""


def mark(sender: str, number: int) -> str:
    """Return the line that precedes the handling of a sender's message, the first of which has the number 1."""
    return f"handles message {number} of {sender}"
