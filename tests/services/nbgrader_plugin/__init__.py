"""Tests of nbgrader's commands with the course's parts in them."""
