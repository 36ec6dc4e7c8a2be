"""Submissions and what each must get: samples, what has failed before, bad input, hostile ones."""
