"""Laying out a new assignment."""
