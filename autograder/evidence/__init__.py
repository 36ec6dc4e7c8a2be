"""Reads the logs and journals of a run: which messages were sent, answered and logged."""
