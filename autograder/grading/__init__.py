"""Grades a submission: makes its report."""
