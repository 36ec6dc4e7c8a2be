"""Ending the grader at any moment, in any way, loses nothing and leaves nothing."""
