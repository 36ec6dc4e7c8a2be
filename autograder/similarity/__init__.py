"""Finds submissions that are built alike, and sets two of them side by side."""
